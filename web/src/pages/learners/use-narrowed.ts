/** The range of the page as figures take it. */
import { useMemo } from 'react';
import { defined } from '../../api/defined.ts';
import { rangeStart, useFilters, viewerTimeZone } from '../../shell/filters.ts';

export interface Narrowed {
  from?: string;
  tz: string;
}

export function useNarrowed(): Narrowed {
  const { range } = useFilters();
  return useMemo(() => ({ tz: viewerTimeZone, ...defined({ from: rangeStart(range) }) }), [range]);
}
