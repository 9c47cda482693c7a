/** A part of the explanation under its heading. */
import { Box, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function Part(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <Box component="section" mb="lg">
      <Title order={3} mb={4}>
        {props.title}
      </Title>
      {props.actions}
      <div>{props.children}</div>
    </Box>
  );
}
