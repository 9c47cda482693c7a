/** A learner's attempts, the newest first; each opens its answers, steps and webhooks. */
import { Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Duration, Moment, Percent, TestMark, Unverified } from '../../parts/figures.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { OutcomeMark, StateMark } from '../attempts/attempt-marks.tsx';
import classes from './learners.module.css';

export function LearnerAttempts(props: { learner: string; from: string | undefined }) {
  const t = useTranslations('learners.attempts');
  const activityName = useActivityName();
  const provider = useTranslations('common.provider');
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/attempts',
    { params: { query: { learner: props.learner, ...defined({ from: props.from }) } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (previous) => previous,
    },
  );
  return (
    <Section title={t('title')}>
      <Shown query={query}>
        {({ pages }) => {
          const attempts = pages.flatMap(({ data }) => data);
          if (attempts.length === 0) return <Text c="dimmed">{t('none')}</Text>;
          return (
            <>
              <TableRegion label={t('title')}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">{t('activity')}</Table.Th>
                      <Table.Th scope="col">{t('state')}</Table.Th>
                      <Table.Th scope="col">{t('outcome')}</Table.Th>
                      <Table.Th scope="col" ta="right">
                        {t('result')}
                      </Table.Th>
                      <Table.Th scope="col" ta="right">
                        {t('time')}
                      </Table.Th>
                      <Table.Th scope="col" ta="right">
                        {t('when')}
                      </Table.Th>
                      <Table.Th scope="col">{t('platform')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {attempts.map((attempt) => (
                      <Table.Tr key={attempt.id}>
                        <Table.Th scope="row" fw={400}>
                          <Group gap="sm" wrap="nowrap">
                            <Link to="/attempts/$id" params={{ id: attempt.id }} className={classes.name}>
                              {activityName(attempt.activity)}
                            </Link>
                            <TestMark test={attempt.test} />
                          </Group>
                        </Table.Th>
                        <Table.Td>
                          <StateMark state={attempt.state} />
                        </Table.Td>
                        <Table.Td>
                          <OutcomeMark outcome={attempt.outcome} />
                        </Table.Td>
                        <Table.Td ta="right">
                          <Group gap="sm" justify="flex-end" wrap="nowrap">
                            <Unverified verification={attempt.verification} confirmed={attempt.confirmed !== null} />
                            <Percent value={attempt.percentage} />
                          </Group>
                        </Table.Td>
                        <Table.Td ta="right" className={classes.nowrap}>
                          <Duration seconds={attempt.timeSpentSeconds} />
                        </Table.Td>
                        <Table.Td ta="right" className={classes.nowrap}>
                          <Moment at={attempt.completedAt ?? attempt.startedAt} />
                        </Table.Td>
                        <Table.Td className={classes.nowrap}>{provider(attempt.provider)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </TableRegion>
              <LoadMore
                query={query}
                shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: attempts.length })}
              />
            </>
          );
        }}
      </Shown>
    </Section>
  );
}
