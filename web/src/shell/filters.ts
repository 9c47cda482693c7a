/** What every page is narrowed to, kept in the address so that a link shows what its sender saw: class and date range. */
import { getRouteApi } from '@tanstack/react-router';

export const RANGES = ['today', '7d', '30d', '90d', '365d', 'all'] as const;
export type RangeName = (typeof RANGES)[number];

/** Search parameters of every page. */
export interface Filters {
  cohort?: string | undefined;
  range?: RangeName | undefined;
}

/** Reads them from an address; what is no filter is dropped. */
export function parseFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {};
  if (typeof search.cohort === 'string' && search.cohort !== '') filters.cohort = search.cohort;
  const range = RANGES.find((name) => name === search.range);
  if (range !== undefined) filters.range = range;
  return filters;
}

const root = getRouteApi('__root__');

/** The filters of the page, with the range's default: 30 days. */
export function useFilters(): { cohort: string | undefined; range: RangeName } {
  const { cohort, range } = root.useSearch();
  return { cohort, range: range ?? '30d' };
}

const DAY_MS = 86_400_000;
const DAYS = { today: 0, '7d': 6, '30d': 29, '90d': 89, '365d': 364 } as const;

/**
 * `from` of a range as RFC 3339 (undefined: all time): midnight in the viewer's zone, so that it stays the same all day and
 * days of charts are whole.
 */
export function rangeStart(range: RangeName, now: Date = new Date()): string | undefined {
  if (range === 'all') return undefined;
  const start = new Date(now.getTime() - DAYS[range] * DAY_MS);
  start.setHours(0, 0, 0, 0);
  return start.toISOString();
}

/** Names that browsers still give to places that are called otherwise today. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Truk': 'Pacific/Chuuk',
  'Pacific/Ponape': 'Pacific/Pohnpei',
};

const told = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** The viewer's zone, for `tz=`. */
export const viewerTimeZone: string = RENAMED[told] ?? told;
