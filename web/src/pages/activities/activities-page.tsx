/** Every quiz, exam, track and course: found, narrowed to a kind, sorted. */
import { Group, NativeSelect } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useMe } from '../../shell/session.ts';
import { ActivitiesTable } from './activities-table.tsx';
import { ActivitySearchBox } from './activity-search-box.tsx';
import { type ActivityListSearch, KINDS, SORTS } from './list-search.ts';
import { useNarrowed } from './use-narrowed.ts';

const route = getRouteApi('/signed-in/activities');

export function ActivitiesPage() {
  const t = useTranslations('activities');
  const kinds = useTranslations('common.activityKind');
  const { role } = useMe();
  const { figure } = useNarrowed();
  const { search, kind, sort = 'created' } = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (change: ActivityListSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/activities',
    { params: { query: { sort, ...defined({ search, kind }), ...figure } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      // While the next search is on its way the last one stays, so that nothing jumps under the pointer.
      placeholderData: (previous) => previous,
    },
  );
  return (
    <Page title={t('title')} state={t('list.state')}>
      <Group mb="md" align="flex-end">
        <ActivitySearchBox initial={search ?? ''} onSearch={(text) => narrow({ search: text })} />
        <NativeSelect
          aria-label={t('list.kind')}
          value={kind ?? ''}
          onChange={(event) => narrow({ kind: KINDS.find((name) => name === event.currentTarget.value) })}
          data={[
            { value: '', label: t('list.allKinds') },
            ...KINDS.map((name) => ({ value: name, label: kinds(name) })),
          ]}
        />
        <NativeSelect
          aria-label={t('list.sort')}
          value={sort}
          onChange={(event) => narrow({ sort: SORTS.find((name) => name === event.currentTarget.value) })}
          data={SORTS.map((name) => ({ value: name, label: t(`list.sorts.${name}`) }))}
        />
      </Group>
      <Shown query={query} lines={10}>
        {({ pages }) => {
          const activities = pages.flatMap(({ data }) => data);
          if (activities.length === 0 && (search !== undefined || kind !== undefined)) {
            return <Empty title={t('list.nothingFound')}>{t('list.nothingFoundText')}</Empty>;
          }
          if (activities.length === 0) {
            return (
              <Empty
                title={t('list.empty')}
                action={role === 'admin' && <ButtonLink to="/sources/new">{t('list.addSource')}</ButtonLink>}
              >
                {t('list.emptyText')}
              </Empty>
            );
          }
          return (
            <>
              <ActivitiesTable
                activities={activities}
                figure={figure}
                sort={sort}
                // Chosen again, a column gives way to the usual order.
                onSort={(next) => narrow({ sort: next === sort ? undefined : next })}
              />
              <LoadMore
                query={query}
                shown={t(query.hasNextPage ? 'list.shownSome' : 'list.shownAll', { count: activities.length })}
              />
            </>
          );
        }}
      </Shown>
    </Page>
  );
}
