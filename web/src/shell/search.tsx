/** Search over everything (Ctrl/Cmd+K): learners, activities, receipts by id, pages. */

import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../api/hooks.ts';
import { useFilters } from './filters.ts';
import { useLearnerName } from './presenter.tsx';
import '@mantine/spotlight/styles.css';

/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 200;
const FOUND = 6;

export default function Search() {
  const t = useTranslations('common');
  const navigate = useNavigate();
  const nameOf = useLearnerName();
  const { cohort } = useFilters();
  const [query, setQuery] = useState('');
  const [search] = useDebouncedValue(query.trim(), PAUSE_MS);
  const enabled = search.length > 0;
  const learners = $api.useQuery(
    'get',
    '/api/v1/learners',
    { params: { query: { search, limit: FOUND, ...(cohort === undefined ? {} : { cohort }) } } },
    { enabled },
  );
  const activities = $api.useQuery(
    'get',
    '/api/v1/activities',
    { params: { query: { search, limit: FOUND } } },
    { enabled },
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
          label: activity.title ?? activity.externalId,
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
  return (
    <Spotlight
      query={query}
      onQueryChange={setQuery}
      actions={[...found, ...pages]}
      filter={(_query, actions) => actions}
      shortcut={null}
      nothingFound={t('top.searchNothing')}
      searchProps={{ placeholder: t('top.searchHint'), 'aria-label': t('top.search') }}
    />
  );
}
