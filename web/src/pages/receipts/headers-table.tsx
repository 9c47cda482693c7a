/** Headers of a request as they came; credentials were taken out before they were kept. */
import { Table } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { TableRegion } from '../../parts/table-region.tsx';

/** `label`: where a page has several of them. */
export function HeadersTable({ headers, label }: { headers: Record<string, string>; label?: string }) {
  const t = useTranslations('sources.receipt');
  return (
    <TableRegion label={label ?? t('headers')}>
      <Table withRowBorders={false} verticalSpacing={2} className="gw-mono">
        <Table.Tbody>
          {Object.entries(headers).map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} w={1} style={{ whiteSpace: 'nowrap', color: 'var(--gw-muted)' }}>
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
