/** The types of events, and where their words stand. */
import type { Item } from '../../api/types.ts';

export type EventType = Item<'/api/v1/event-types'>['type'];

type Underscored<Name extends string> = Name extends `${infer Thing}.${infer What}` ? `${Thing}_${What}` : Name;

/** A dot in a key of messages would mean a level. */
export function eventKey<Name extends EventType>(type: Name): Underscored<Name> {
  return type.replace('.', '_') as Underscored<Name>;
}
