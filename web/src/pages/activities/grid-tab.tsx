/** Learners × questions: who got what right. */
import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Activity } from '../../api/types.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { AnswerGrid } from './answer-grid.tsx';
import { BasisNote } from './basis-note.tsx';
import { useNarrowed } from './use-narrowed.ts';

const PAGE = 50;

export function GridTab({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.grid');
  const { figure } = useNarrowed();
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/activities/{id}/grid',
    { params: { path: { id: activity.id }, query: { limit: PAGE, ...figure } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    },
  );
  return (
    <Shown query={query} lines={12}>
      {({ pages }) => {
        const [first] = pages;
        const rows = pages.flatMap((page) => page.rows);
        if (first === undefined || rows.length === 0 || first.columns.length === 0) {
          return <Empty title={t('empty')}>{t('emptyText')}</Empty>;
        }
        return (
          <Section title={t('title')} note={<BasisNote basis={first.basis} />}>
            <Text size="sm" c="dimmed" mb="sm">
              {t('note')}
            </Text>
            <AnswerGrid activity={activity.id} columns={first.columns} rows={rows} />
            <LoadMore query={query} shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: rows.length })} />
          </Section>
        );
      }}
    </Shown>
  );
}
