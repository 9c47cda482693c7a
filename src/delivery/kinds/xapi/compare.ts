/**
 * Whether the LRS holds what we send under the same id. Names, displays and definitions are no part of a statement's
 * meaning (xAPI 1.0.3, part 2, "Statement Immutability and Exceptions"), and an LRS may canonicalise them.
 */
import type { Json } from '../../../core/vocabulary.ts';
import { asObject } from './figures.ts';
import type { Statement } from './statement.ts';

/** null: they mean the same. Else the names of the parts that differ. */
export function differences(ours: Statement, theirs: Json): string[] | null {
  const there = asObject(theirs);
  if (there === null) return ['statement'];
  const mine = asObject(JSON.parse(JSON.stringify(ours)) as Json) ?? {};
  const parts: Record<string, (of: { [key: string]: Json }) => Json> = {
    actor: ({ actor }) => identifierOf(actor),
    verb: ({ verb }) => asObject(verb)?.id ?? null,
    object: ({ object }) => asObject(object)?.id ?? null,
    result: ({ result }) => result ?? null,
    registration: ({ context }) => asObject(context)?.registration ?? null,
    timestamp: ({ timestamp }) => (typeof timestamp === 'string' ? Date.parse(timestamp) : null),
  };
  const differing = Object.entries(parts)
    .filter(([, read]) => sorted(read(mine)) !== sorted(read(there)))
    .map(([name]) => name);
  return differing.length === 0 ? null : differing;
}

function identifierOf(actor: Json | undefined): Json {
  const agent = asObject(actor);
  return [agent?.mbox ?? null, agent?.account ?? null];
}

/** JSON with the keys of objects in one order. */
function sorted(value: Json): string {
  return JSON.stringify(value, (_, part: Json) => {
    const object = asObject(part);
    return object === null ? part : Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
