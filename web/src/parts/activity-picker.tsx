/** One activity out of many, found by its title. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../api/hooks.ts';

/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 250;
const FOUND = 8;

/** `value`: an activity id, or empty. `clear`: what emptying it means; without it the choice can only be changed. */
export function ActivityPicker(props: {
  value: string;
  onChange(id: string): void;
  placeholder: string;
  clear?: string;
  error?: string | undefined;
}) {
  const t = useTranslations('common.activityPicker');
  const kind = useTranslations('common.activityKind');
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const chosen = $api.useQuery(
    'get',
    '/api/v1/activities/{id}',
    { params: { path: { id: props.value } } },
    { enabled: props.value !== '' },
  );
  const chosenTitle = chosen.data?.title ?? '';
  // While the chosen title stands in the field it is no search.
  const asked = props.value !== '' && search === chosenTitle ? '' : search;
  const found = $api.useQuery('get', '/api/v1/activities', {
    params: { query: { limit: FOUND, ...(asked === '' ? {} : { search: asked }) } },
  });
  const activities = [
    ...(chosen.data === undefined ? [] : [chosen.data]),
    ...(found.data?.data ?? []).filter(({ id }) => id !== props.value),
  ];
  return (
    <Select
      label={t('label')}
      placeholder={props.placeholder}
      searchable
      {...(props.clear === undefined ? {} : { clearable: true, clearButtonProps: { 'aria-label': props.clear } })}
      value={props.value === '' ? null : props.value}
      onChange={(id) => props.onChange(id ?? '')}
      onSearchChange={setTyped}
      // The server searches; what it found is shown as it is.
      filter={({ options }) => options}
      data={activities.map((activity) => ({ value: activity.id, label: activity.title ?? kind(activity.kind) }))}
      nothingFoundMessage={t('nothing')}
      error={props.error}
    />
  );
}
