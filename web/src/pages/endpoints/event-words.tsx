/** A type of event: what it is called, and its name for programs. */
import { Text } from '@mantine/core';
import { useEventName } from './event-names.tsx';
import type { EventType } from './event-types.ts';

export function EventWords({ type }: { type: EventType }) {
  const nameOf = useEventName();
  return (
    <>
      {nameOf(type)}{' '}
      <Text component="span" className="gw-mono" c="dimmed">
        {type}
      </Text>
    </>
  );
}
