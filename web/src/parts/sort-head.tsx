/** Head of a column by which a table can be sorted. */
import { Table, UnstyledButton } from '@mantine/core';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';

export type Order = 'asc' | 'desc';

/** `order`: how the table is sorted by this column now; null when it is sorted by another. */
export function SortHead(props: { order: Order | null; onSort(): void; right?: boolean; children: ReactNode }) {
  const Icon = props.order === null ? ChevronsUpDown : props.order === 'asc' ? ArrowUp : ArrowDown;
  return (
    <Table.Th
      scope="col"
      ta={props.right === true ? 'right' : 'left'}
      aria-sort={props.order === null ? 'none' : props.order === 'asc' ? 'ascending' : 'descending'}
    >
      <UnstyledButton
        onClick={props.onSort}
        style={{
          fontWeight: 'inherit',
          fontSize: 'inherit',
          display: 'inline-flex',
          alignItems: 'center',
          gap: 4,
          minHeight: 24,
        }}
      >
        {props.children}
        <Icon size={14} aria-hidden opacity={props.order === null ? 0.45 : 1} />
      </UnstyledButton>
    </Table.Th>
  );
}
