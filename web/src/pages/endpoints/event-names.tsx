/** Types of events in words. */
import { useFormatter, useTranslations } from 'use-intl';
import { type EventType, eventKey } from './event-types.ts';

/** "attempt finished". */
export function useEventName(): (type: EventType) => string {
  const t = useTranslations('endpoints.event');
  return (type) => t(eventKey(type));
}

/** Some of them as a list: "attempt finished, certificate issued". */
export function useEventNames(): (types: readonly EventType[]) => string {
  const nameOf = useEventName();
  const format = useFormatter();
  return (types) => format.list(types.map(nameOf), { type: 'unit' });
}
