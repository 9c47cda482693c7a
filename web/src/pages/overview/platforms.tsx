/** From where the attempts came. */
import { Table } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { Count, Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import classes from './overview.module.css';

export function Platforms(props: { platforms: Answer<'/api/v1/overview'>['platforms'] }) {
  const t = useTranslations('overview.platforms');
  const tp = useTranslations('common.provider');
  const all = props.platforms.reduce((sum, { attemptsCompleted }) => sum + attemptsCompleted, 0);
  if (props.platforms.length === 0) return null;
  return (
    <Section title={t('title')}>
      <TableRegion label={t('title')}>
        <Table maw={760}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('platform')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('started')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('completed')}
              </Table.Th>
              <Table.Th scope="col">{t('share')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('average')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.platforms.map((platform) => {
              const share = all === 0 ? 0 : platform.attemptsCompleted / all;
              return (
                <Table.Tr key={platform.provider}>
                  <Table.Th scope="row" fw={500}>
                    {tp(platform.provider)}
                  </Table.Th>
                  <Table.Td ta="right">
                    <Count value={platform.attemptsStarted} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Count value={platform.attemptsCompleted} />
                  </Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    <span className={classes.whole} aria-hidden>
                      <span style={{ width: `${100 * share}%` }} />
                    </span>
                    <Percent value={100 * share} digits={0} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Percent value={platform.averagePercentage} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Section>
  );
}
