/** One learner out of many, found by name, e-mail address or id. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { useLearnerName } from '../../shell/presenter.tsx';

/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 250;
/** As many as the list shows without scrolling. */
const FOUND = 8;

export interface PickedLearner {
  id: string;
  name: string | null;
}

export function LearnerPicker(props: {
  label: string;
  description: string;
  value: PickedLearner | null;
  onChange(learner: PickedLearner | null): void;
  error: string | undefined;
}) {
  const t = useTranslations('settings.limits');
  const nameOf = useLearnerName();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const chosen = props.value;
  // While the chosen name stands in the field it is no search.
  const asked = chosen !== null && search === nameOf(chosen) ? '' : search;
  const found = $api.useQuery('get', '/api/v1/learners', {
    params: { query: { limit: FOUND, ...(asked === '' ? {} : { search: asked }) } },
  });
  const learners: PickedLearner[] = [
    ...(chosen === null ? [] : [chosen]),
    ...(found.data?.data ?? []).filter(({ id }) => id !== chosen?.id),
  ];
  return (
    <Select
      label={props.label}
      description={props.description}
      placeholder={t('learnerSearch')}
      searchable
      clearable
      maxDropdownHeight={420}
      value={chosen?.id ?? null}
      onChange={(id) => props.onChange(learners.find((learner) => learner.id === id) ?? null)}
      onSearchChange={setTyped}
      // The server searches; what it found is shown as it is.
      filter={({ options }) => options}
      data={learners.map((learner) => ({ value: learner.id, label: nameOf(learner) }))}
      nothingFoundMessage={t('learnerNone')}
      error={props.error}
    />
  );
}
