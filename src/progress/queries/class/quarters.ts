/** Quarter hours: what the kept sums are cut by, because days of every zone of today begin on one. */
import type { Instant } from '../../../core/time.ts';

const QUARTER_MS = 15 * 60_000;

/** `from` down and `to` up to a quarter hour. */
export function toQuarters<Range extends { from: Instant | null; to: Instant | null }>(range: Range): Range {
  return { ...range, from: rounded(range.from, Math.floor), to: rounded(range.to, Math.ceil) };
}

function rounded(time: Instant | null, round: (quarters: number) => number): Instant | null {
  if (time === null) return null;
  const quarter = round(Date.parse(time) / QUARTER_MS) * QUARTER_MS;
  return new Date(quarter).toISOString() as Instant;
}
