/** What the page is narrowed to, as the API's figures take it. */
import { defined } from '../../api/defined.ts';
import { type RangeName, rangeStart, useFilters, viewerTimeZone } from '../../shell/filters.ts';

/** `figure`: class and range, of every figure; `zoned`: also the zone, of those that cut days. */
export function useNarrowed(): {
  figure: { cohort?: string; from?: string };
  zoned: { cohort?: string; from?: string; tz: string };
  range: RangeName;
} {
  const { cohort, range } = useFilters();
  const figure = defined({ cohort, from: rangeStart(range) });
  return { figure, zoned: { ...figure, tz: viewerTimeZone }, range };
}
