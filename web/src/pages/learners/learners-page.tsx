/** Everybody the platforms or a roster told of: found, sorted, and who needs a look. */
import { CloseButton, Group, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { Search, Upload, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useFilters } from '../../shell/filters.ts';
import { useMe } from '../../shell/session.ts';
import { ExportMenu } from './export-menu.tsx';
import { LearnersTable } from './learners-table.tsx';
import { firstOrder, type LearnerListSearch } from './list-search.ts';

/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 250;

const route = getRouteApi('/signed-in/learners');

export function LearnersPage() {
  const t = useTranslations('learners.list');
  const { cohort } = useFilters();
  const { role } = useMe();
  const { search, sort = 'created', order = firstOrder(sort) } = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (change: LearnerListSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/learners',
    { params: { query: { sort, order, ...defined({ search, cohort }) } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      // While the next search is on its way the last one stays, so that nothing jumps under the pointer.
      placeholderData: (previous) => previous,
    },
  );
  const attention = $api.useQuery('get', '/api/v1/attention', {
    params: { query: { state: 'open', ...defined({ cohort }) } },
  });
  return (
    <Page
      title={t('title')}
      state={t('state')}
      actions={
        <>
          {role === 'admin' && (
            <>
              <ButtonLink
                to="/learners/suggestions"
                variant="default"
                leftSection={<UsersRound size={16} aria-hidden />}
              >
                {t('suggestions')}
              </ButtonLink>
              <ButtonLink to="/learners/import" variant="default" leftSection={<Upload size={16} aria-hidden />}>
                {t('import')}
              </ButtonLink>
            </>
          )}
          <ExportMenu query={{ cohort }} />
        </>
      }
    >
      <Group mb="md">
        <SearchBox initial={search ?? ''} onSearch={(text) => narrow({ search: text })} />
      </Group>
      <Shown query={query} lines={10}>
        {({ pages }) => {
          const learners = pages.flatMap(({ data }) => data);
          if (learners.length === 0 && search !== undefined) {
            return <Empty title={t('nobodyFound', { search })}>{t('nobodyFoundText')}</Empty>;
          }
          if (learners.length === 0) {
            return (
              <Empty
                title={t('empty')}
                action={
                  role === 'admin' && (
                    <>
                      <ButtonLink to="/learners/import">{t('import')}</ButtonLink>
                      <ButtonLink to="/sources/new" variant="default">
                        {t('addSource')}
                      </ButtonLink>
                    </>
                  )
                }
              >
                {cohort === undefined ? t('emptyText') : t('emptyClassText')}
              </Empty>
            );
          }
          return (
            <>
              <LearnersTable
                learners={learners}
                flags={attention.data?.data ?? []}
                sort={sort}
                order={order}
                onSort={(next) =>
                  narrow({ sort: next, order: next === sort ? (order === 'asc' ? 'desc' : 'asc') : firstOrder(next) })
                }
              />
              <LoadMore
                query={query}
                shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: learners.length })}
              />
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

/** Keeps what is typed for itself, so that typing is never behind; tells after a pause. */
function SearchBox(props: { initial: string; onSearch(text: string | undefined): void }) {
  const t = useTranslations('learners.list');
  const [text, setText] = useState(props.initial);
  const tell = useDebouncedCallback((next: string) => {
    const trimmed = next.trim();
    props.onSearch(trimmed === '' ? undefined : trimmed);
  }, PAUSE_MS);
  return (
    <TextInput
      type="search"
      w={{ base: '100%', xs: 340 }}
      aria-label={t('search')}
      placeholder={t('searchHint')}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        text !== '' && (
          <CloseButton
            size="sm"
            aria-label={t('clear')}
            onClick={() => {
              setText('');
              tell('');
            }}
          />
        )
      }
    />
  );
}
