/** The platform's own fields, kept beside ours: as JSON that PostgreSQL can store, bounded in depth and size. */
import type { Json, JsonObject } from '../core/vocabulary.ts';
import { clean, type Fields } from './read.ts';

/** Platform fields kept beside an attempt: what is longer stays in the receipt only. */
const LONGEST_EXTRA = 4000;
const LONGEST_EXTRA_KEY = 200;
/** Deeper nesting is cut: JSON.stringify and PostgreSQL's parser use a stack. */
const DEEPEST_EXTRA = 16;
/** Values in one fact's platform fields: keeps rows small whatever a body brings. */
const MOST_EXTRAS = 2000;

/** A platform's own value as JSON that PostgreSQL can store: strings cleaned, depth and size bounded, `__proto__` left out. */
export function extra(value: unknown): Json {
  return bounded(value, 0, { left: MOST_EXTRAS });
}

/** Fields of `fields` that are not named in `known`, bounded likewise: the platform's own words beside ours. */
export function extras(fields: Fields, known: readonly string[]): JsonObject {
  const budget = { left: MOST_EXTRAS };
  return boundedEntries(
    Object.entries(fields).filter(([name]) => !known.includes(name)),
    0,
    budget,
  );
}

function bounded(value: unknown, depth: number, budget: { left: number }): Json {
  budget.left -= 1;
  if (typeof value === 'string') return clean(value, LONGEST_EXTRA);
  if (typeof value === 'number') return Number.isFinite(value) ? (value === 0 ? 0 : value) : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= DEEPEST_EXTRA) return null;
  if (!Array.isArray(value)) return boundedEntries(Object.entries(value), depth + 1, budget);
  const list: Json[] = [];
  for (const entry of value) {
    if (budget.left <= 0) break;
    list.push(bounded(entry, depth + 1, budget));
  }
  return list;
}

function boundedEntries(
  entries: readonly (readonly [string, unknown])[],
  depth: number,
  budget: { left: number },
): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of entries) {
    if (budget.left <= 0) break;
    // Assigning it would set a prototype, here or in whoever copies the object later.
    const key = clean(name, LONGEST_EXTRA_KEY);
    if (key !== '__proto__' && value !== undefined) kept[key] = bounded(value, depth, budget);
  }
  return kept;
}
