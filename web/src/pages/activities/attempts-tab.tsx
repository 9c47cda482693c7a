/** The attempts at an activity, narrowed to a state, and as a file. */
import { Group, NativeSelect, Table } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import type { Activity, Attempt } from '../../api/types.ts';
import { Duration, Moment, Percent, TestMark, Unverified } from '../../parts/figures.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { ExportMenu } from '../learners/export-menu.tsx';
import classes from './activities.module.css';
import { STATES } from './activity-search.ts';
import { AttemptState } from './attempt-state.tsx';
import { useNarrowed } from './use-narrowed.ts';

const route = getRouteApi('/signed-in/activities/$id');

export function AttemptsTab({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.attempts');
  const states = useTranslations('common.attempt');
  const { figure } = useNarrowed();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = { activity: activity.id, ...figure, ...defined({ state }) };
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/attempts',
    { params: { query: asked } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (previous) => previous,
    },
  );
  return (
    <Section
      title={t('title')}
      note={t('note')}
      actions={
        <Group gap="sm" className="gw-screen-only">
          <NativeSelect
            aria-label={t('filter')}
            value={state ?? ''}
            onChange={(event) => {
              const chosen = STATES.find((name) => name === event.currentTarget.value);
              void navigate({ search: (previous) => ({ ...previous, state: chosen }), replace: true });
            }}
            data={[{ value: '', label: t('all') }, ...STATES.map((name) => ({ value: name, label: states(name) }))]}
          />
          <ExportMenu query={{ activity: activity.id, cohort: figure.cohort, state }} />
        </Group>
      }
    >
      <Shown query={query} lines={10}>
        {({ pages }) => {
          const attempts = pages.flatMap(({ data }) => data);
          if (attempts.length === 0) return <Empty title={t('empty')}>{t('emptyText')}</Empty>;
          return (
            <>
              <AttemptsTable attempts={attempts} />
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

function AttemptsTable({ attempts }: { attempts: readonly Attempt[] }) {
  const t = useTranslations('activities.attempts');
  const none = useTranslations('common.figure')('none');
  const nameOf = useLearnerName();
  // Not every platform counts right answers.
  const counted = attempts.some(({ correctCount, totalQuestions }) => correctCount !== null && totalQuestions !== null);
  return (
    <TableRegion label={t('title')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('learner')}</Table.Th>
            <Table.Th scope="col">{t('stateHead')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('result')}
            </Table.Th>
            {counted && (
              <Table.Th scope="col" ta="right">
                {t('correct')}
              </Table.Th>
            )}
            <Table.Th scope="col" ta="right">
              {t('time')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t('started')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t('completed')}
            </Table.Th>
            <Table.Th scope="col">{t('open')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.map((attempt) => (
            <Table.Tr key={attempt.id}>
              <Table.Th scope="row" fw={400} className={classes.nowrap}>
                <Link to="/learners/$id" params={{ id: attempt.learner.id }}>
                  {nameOf(attempt.learner)}
                </Link>
              </Table.Th>
              <Table.Td>
                <Group gap="sm" wrap="nowrap">
                  <AttemptState attempt={attempt} />
                  <Unverified verification={attempt.verification} confirmed={attempt.confirmed !== null} />
                  <TestMark test={attempt.test} />
                </Group>
              </Table.Td>
              <Table.Td ta="right">
                <Percent value={attempt.percentage} />
              </Table.Td>
              {counted && (
                <Table.Td ta="right">
                  {attempt.correctCount === null || attempt.totalQuestions === null
                    ? none
                    : t('correctOf', { correct: attempt.correctCount, total: attempt.totalQuestions })}
                </Table.Td>
              )}
              <Table.Td ta="right" className={classes.nowrap}>
                <Duration seconds={attempt.timeSpentSeconds} />
              </Table.Td>
              <Table.Td ta="right" className={classes.nowrap}>
                <Moment at={attempt.startedAt} />
              </Table.Td>
              <Table.Td ta="right" className={classes.nowrap}>
                <Moment at={attempt.completedAt} />
              </Table.Td>
              <Table.Td>
                <Link
                  to="/attempts/$id"
                  params={{ id: attempt.id }}
                  aria-label={t('openOf', { name: nameOf(attempt.learner) })}
                >
                  {t('open')}
                </Link>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
