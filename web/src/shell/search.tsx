/** Search over everything (Ctrl/Cmd+K): learners, activities, receipts by id, pages. */

import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../api/hooks.ts';
import { useActivityName } from '../parts/activity-name.ts';
import { useFilters } from './filters.ts';
import { useLearnerName } from './presenter.tsx';
import '@mantine/spotlight/styles.css';

/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 200;
const FOUND = 6;
const [store, spotlight] = createSpotlight();

export default function Search() {
  const t = useTranslations('common');
  const navigate = useNavigate();
  const nameOf = useLearnerName();
  const activityName = useActivityName();
  const { cohort } = useFilters();
  const [query, setQuery] = useState('');
  const [search] = useDebouncedValue(query.trim(), PAUSE_MS);
  const enabled = search.length > 0;
  // What is shown stays until the next answer: emptied in between, an Enter just then would go nowhere.
  const learners = $api.useQuery(
    'get',
    '/api/v1/learners',
    { params: { query: { search, limit: FOUND, ...(cohort === undefined ? {} : { cohort }) } } },
    { enabled, placeholderData: keepPreviousData },
  );
  const activities = $api.useQuery(
    'get',
    '/api/v1/activities',
    { params: { query: { search, limit: FOUND } } },
    { enabled, placeholderData: keepPreviousData },
  );
  useEffect(() => spotlight.open(), []);

  const pages: SpotlightActionData[] = (
    [
      ['/', 'live'],
      ['/learners', 'learners'],
      ['/activities', 'activities'],
      ['/overview', 'overview'],
      ['/classes', 'classes'],
      ['/sources', 'sources'],
      ['/settings', 'settings'],
    ] as const
  )
    .map(([to, name]) => ({ id: to, label: t(`nav.${name}`), onClick: () => void navigate({ to }) }))
    .filter(({ label }) => label.toLowerCase().includes(search.toLowerCase()));
  const found: SpotlightActionData[] = enabled
    ? [
        ...(learners.data?.data ?? []).map((learner) => ({
          id: learner.id,
          label: nameOf(learner),
          description: t('nav.learners'),
          onClick: () => void navigate({ to: '/learners/$id', params: { id: learner.id } }),
        })),
        ...(activities.data?.data ?? []).map((activity) => ({
          id: activity.id,
          label: activityName(activity),
          description: t('nav.activities'),
          onClick: () => void navigate({ to: '/activities/$id', params: { id: activity.id } }),
        })),
        ...(search.startsWith('rcp_')
          ? [
              {
                id: search,
                label: search,
                onClick: () => void navigate({ to: '/receipts/$id', params: { id: search } }),
              },
            ]
          : []),
      ]
    : [];
  const actions = [...found, ...pages];
  const listed = actions.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is listed is what it waits for.
  useEffect(chooseFirst, [listed]);
  return (
    <Spotlight
      store={store}
      query={query}
      onQueryChange={setQuery}
      actions={actions}
      filter={(_query, all) => all}
      shortcut={null}
      nothingFound={t('top.searchNothing')}
      searchProps={{ placeholder: t('top.searchHint'), 'aria-label': t('top.search') }}
    />
  );
}

/** Mantine chooses the first entry as one types; what the server finds comes later, and Enter means the first of that. */
function chooseFirst(): void {
  const { listId } = store.getState();
  const entries = document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [];
  for (const entry of entries) entry.removeAttribute('data-selected');
  entries[0]?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: entries.length === 0 ? -1 : 0 }));
}
