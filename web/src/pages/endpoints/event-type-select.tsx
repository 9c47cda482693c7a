/** One type of event out of the catalogue. */
import { NativeSelect } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { useEventName } from './event-names.tsx';
import type { EventType } from './event-types.ts';

export function useEventTypes() {
  return $api.useQuery('get', '/api/v1/event-types', {}, { staleTime: Number.POSITIVE_INFINITY });
}

export function EventTypeSelect(props: { label: string; value: EventType; onChange(type: EventType): void }) {
  const t = useTranslations('endpoints.preview');
  const nameOf = useEventName();
  const types = useEventTypes().data?.data.map(({ type }) => type) ?? [props.value];
  return (
    <NativeSelect
      label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(types.find((type) => type === event.currentTarget.value) ?? props.value)}
      data={types.map((type) => ({ value: type, label: t('option', { name: nameOf(type), type }) }))}
    />
  );
}
