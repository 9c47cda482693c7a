/** What the list of learners is searched for and sorted by, kept in the address. */
import type { Order } from '../../parts/sort-head.tsx';

const SORTS = ['created', 'name', 'lastActivity', 'average'] as const;
export type LearnerSort = (typeof SORTS)[number];

export interface LearnerListSearch {
  search?: string | undefined;
  sort?: LearnerSort | undefined;
  order?: Order | undefined;
}

/** Reads them from an address; what is no choice is dropped. */
export function parseLearnerListSearch(search: Record<string, unknown>): LearnerListSearch {
  const found: LearnerListSearch = {};
  // A search for digits stands in the address as a number.
  const text = typeof search.search === 'number' ? String(search.search) : search.search;
  if (typeof text === 'string' && text !== '') found.search = text.slice(0, 200);
  const sort = SORTS.find((name) => name === search.sort);
  if (sort !== undefined) found.sort = sort;
  if (search.order === 'asc' || search.order === 'desc') found.order = search.order;
  return found;
}

/** How a column is sorted when it is chosen anew: names from A on, everything else the greatest first. */
export function firstOrder(sort: LearnerSort): Order {
  return sort === 'name' ? 'asc' : 'desc';
}
