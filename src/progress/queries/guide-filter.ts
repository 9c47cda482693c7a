/** What the guide's figures are made of: every completed attempt at any time, for it knows neither retakes nor ranges. */
import type { FigureFilter } from './counted-attempts.ts';

export const GUIDE_FILTER: FigureFilter = Object.freeze({
  from: null,
  to: null,
  excludeUnverified: null,
  policy: 'all',
  fallback: 'all',
});
