/** A chart under its title and unit, with the same figures as a table on demand. */
import { Box, Button, Group, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { ChartColumn, Table2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { TableRegion } from './table-region.tsx';

export interface ChartTable {
  /** Heads of the columns, units included; the first column names the row. */
  head: readonly string[];
  /** Cells as they are read; missing values as the dash. */
  rows: readonly (readonly ReactNode[])[];
}

/** `unit` says what the axes measure ("attempts completed a day"); screen readers hear `summary`, and have the table. */
export function ChartFrame(props: {
  title: string;
  unit: string;
  /** What the chart shows, in a sentence. */
  summary?: string;
  table: ChartTable;
  children: ReactNode;
}) {
  const t = useTranslations('common.figure');
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const { title, unit, table } = props;
  return (
    <Box component="figure" m={0} mb="lg" aria-labelledby={id}>
      <Group justify="space-between" align="baseline" mb="xs" gap="sm">
        <Group gap="sm" align="baseline">
          <Title order={3} id={id}>
            {title}
          </Title>
          <Text size="sm" c="dimmed" component="span">
            {unit}
          </Text>
        </Group>
        <Button
          className="gw-screen-only"
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={asTable ? <ChartColumn size={14} aria-hidden /> : <Table2 size={14} aria-hidden />}
          aria-label={`${asTable ? t('asChart') : t('asTable')}: ${title}`}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? t('asChart') : t('asTable')}
        </Button>
      </Group>
      {asTable ? (
        <TableRegion label={title} maxHeight={360}>
          <Table stickyHeader>
            <Table.Thead>
              <Table.Tr>
                {table.head.map((name, column) => (
                  <Table.Th key={name} scope="col" ta={column === 0 ? 'left' : 'right'}>
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {table.rows.map((cells, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a chart have no other name, and do not move.
                <Table.Tr key={row}>
                  {cells.map((cell, column) =>
                    column === 0 ? (
                      <Table.Th key={table.head[column]} scope="row" fw={400}>
                        {cell}
                      </Table.Th>
                    ) : (
                      <Table.Td key={table.head[column]} ta="right">
                        {cell}
                      </Table.Td>
                    ),
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      ) : (
        <>
          {props.summary !== undefined && <VisuallyHidden>{props.summary}</VisuallyHidden>}
          {props.children}
        </>
      )}
    </Box>
  );
}
