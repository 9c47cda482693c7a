/** Webhooks as they arrived, a row each. */
import { Table, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { Count, TestMark } from '../../parts/figures.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { type Receipt, StatusMark } from './receipt-marks.tsx';

export function ReceiptsTable(props: { label: string; receipts: Receipt[]; withoutSource?: boolean }) {
  const t = useTranslations('sources');
  const format = useFormatter();
  const withSource = props.withoutSource !== true;
  return (
    <TableRegion label={props.label}>
      <Table miw={withSource ? 760 : 640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('receipts.received')}</Table.Th>
            {withSource && <Table.Th scope="col">{t('list.source')}</Table.Th>}
            <Table.Th scope="col">{t('receipts.status')}</Table.Th>
            <Table.Th scope="col">{t('list.proof')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('receipts.bytes')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t('receipts.again')}
            </Table.Th>
            <Table.Th scope="col">{t('receipts.note')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.receipts.map((receipt) => (
            <Table.Tr key={receipt.id}>
              <Table.Th scope="row" fw={400} style={{ whiteSpace: 'nowrap' }}>
                <TextLink to="/receipts/$id" params={{ id: receipt.id }}>
                  <time dateTime={receipt.receivedAt}>
                    {format.dateTime(new Date(receipt.receivedAt), { dateStyle: 'medium', timeStyle: 'medium' })}
                  </time>
                </TextLink>{' '}
                <TestMark test={receipt.test} />
              </Table.Th>
              {withSource && (
                <Table.Td>
                  {receipt.source.slug ?? (
                    <Text component="span" size="sm" c="dimmed">
                      {t('receipts.removedSource')}
                    </Text>
                  )}
                </Table.Td>
              )}
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <StatusMark status={receipt.status} />
              </Table.Td>
              <Table.Td>{t(`proof.${receipt.verification}`)}</Table.Td>
              <Table.Td ta="right">{format.number(receipt.bytes)}</Table.Td>
              <Table.Td ta="right">
                <Count value={receipt.duplicates} />
              </Table.Td>
              <Table.Td maw={420}>
                <Text size="sm" lineClamp={1} title={receipt.error ?? ''} lang="en">
                  {receipt.error ?? ''}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
