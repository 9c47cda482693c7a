/** A page: its title, one sentence of state, what can be done on it, and the rest. */
import { Box, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslations } from 'use-intl';

export function Page(props: {
  title: string;
  /** One sentence: "23 learners active, 2 stuck". */
  state?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations('common');
  useEffect(() => {
    document.title = `${props.title} · ${t('app')}`;
  }, [props.title, t]);
  return (
    <>
      <Group justify="space-between" align="flex-start" mb="lg" gap="md">
        <Box miw={0}>
          <Title order={1}>{props.title}</Title>
          {props.state !== undefined && (
            <Text c="dimmed" component="div">
              {props.state}
            </Text>
          )}
        </Box>
        {props.actions !== undefined && (
          <Group gap="sm" className="gw-screen-only">
            {props.actions}
          </Group>
        )}
      </Group>
      {props.children}
    </>
  );
}

/** A part of a page under a heading of its own. */
export function Section(props: { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <Box component="section" mb="xl" aria-label={props.title}>
      <Group justify="space-between" mb="sm" gap="sm" mih={32}>
        <Group gap="sm" align="baseline">
          <Title order={2}>{props.title}</Title>
          {props.note !== undefined && (
            <Text size="sm" c="dimmed" component="span">
              {props.note}
            </Text>
          )}
        </Group>
        {props.actions}
      </Group>
      {props.children}
    </Box>
  );
}
