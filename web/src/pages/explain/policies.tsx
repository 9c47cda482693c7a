/** The retake policy, what it means, and what the figure would be under the others. */
import { Table, Text } from '@mantine/core';
import { Check } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Count } from '../../parts/figures.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import classes from './explain.module.css';
import { type Explained, figureByPolicy } from './explained.ts';
import { FigureValue } from './figure-value.tsx';
import { Part } from './part.tsx';

export function Policies({ explained }: { explained: Explained }) {
  const t = useTranslations('explain.policy');
  const names = useTranslations('common.policy');
  const rows = figureByPolicy(explained);
  if (rows.length === 0) return <Part title={t('title')}>{t('noMatter')}</Part>;
  return (
    <Part title={t('title')}>
      <Text mb="sm">
        {t('now', { policy: names(explained.policy) })} {t(explained.policy)}
      </Text>
      <TableRegion label={t('othersTable')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('head')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('value')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('n')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr
                key={row.policy}
                aria-current={row.current || undefined}
                className={row.current ? classes.current : ''}
              >
                <Table.Th scope="row" fw={row.current ? 600 : 400}>
                  {names(row.policy)}
                  {row.current && (
                    <span className={classes.mark}>
                      <Check size={14} aria-hidden /> {t('current')}
                    </span>
                  )}
                </Table.Th>
                <Table.Td ta="right">
                  <FigureValue value={row.value} unit={explained.unit} />
                </Table.Td>
                <Table.Td ta="right">
                  <Count value={row.n} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Part>
  );
}
