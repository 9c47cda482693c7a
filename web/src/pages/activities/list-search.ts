/** What the list of activities is searched for, narrowed to and sorted by, kept in the address. */
import type { Activity } from '../../api/types.ts';
import type { Order } from '../../parts/sort-head.tsx';

export const KINDS = [
  'quiz',
  'exam',
  'test',
  'track',
  'course',
  'video',
  'document',
  'live_session',
] as const satisfies readonly Activity['kind'][];

export const SORTS = ['created', 'title', 'attempts', 'average'] as const;
export type ActivitySort = (typeof SORTS)[number];

export interface ActivityListSearch {
  search?: string | undefined;
  kind?: Activity['kind'] | undefined;
  sort?: ActivitySort | undefined;
}

/** Reads them from an address; what is no choice is dropped. */
export function parseActivityListSearch(search: Record<string, unknown>): ActivityListSearch {
  const found: ActivityListSearch = {};
  // A search for digits stands in the address as a number.
  const text = typeof search.search === 'number' ? String(search.search) : search.search;
  if (typeof text === 'string' && text !== '') found.search = text.slice(0, 200);
  const kind = KINDS.find((name) => name === search.kind);
  if (kind !== undefined) found.kind = kind;
  const sort = SORTS.find((name) => name === search.sort);
  if (sort !== undefined) found.sort = sort;
  return found;
}

/** Which way round the API sorts by each. */
export const SORT_ORDER: Record<ActivitySort, Order> = {
  created: 'desc',
  title: 'asc',
  attempts: 'desc',
  average: 'desc',
};
