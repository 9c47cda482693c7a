/** The sums by platform of a range: whole UTC days, and the quarter hours beside them. */
import type { Instant } from '../../../core/time.ts';

/**
 * SQL: from the nearest attempt that a policy prefers before a retaken one to the nearest after it, as the index figure_attempts_retaken has
 * it. Where it holds no end of a range, the policy chooses within the range what it chooses over all time.
 */
export const SPAN = `tstzrange(least(f.first_before, f.last_before, f.best_before, f.done_at),
  greatest(f.first_after, f.last_after, f.best_after, f.done_at), '[]')`;

const DAY_MS = 86_400_000;

/** The first whole UTC day of a range, and the end of the last: the parameters $6 and $7 of sumsOfRange. */
export function wholeDays({ from, to }: { from: Instant | null; to: Instant | null }): [string, string] {
  const day = (time: Instant, round: (days: number) => number): string =>
    new Date(round(Date.parse(time) / DAY_MS) * DAY_MS).toISOString();
  return [from === null ? '-infinity' : day(from, Math.ceil), to === null ? 'infinity' : day(to, Math.floor)];
}

/** SQL: rows of figure_sums by platform and verification; $1 is the workspace, $3 and $4 from and to, $6 and $7 wholeDays. */
export function sumsOfRange(variant: 1 | 2): string {
  const of = (scope: string): string =>
    `SELECT * FROM figure_sums WHERE workspace = $1 AND scope = '${scope}' AND variant IN (0, ${variant})`;
  return `(
    ${of('day')} AND bucket >= $6::timestamptz AND bucket < $7::timestamptz
    UNION ALL
    ${of('provider')} AND (bucket >= $3::timestamptz AND bucket < least($6::timestamptz, $4::timestamptz)
      OR bucket >= greatest($7::timestamptz, $6::timestamptz) AND bucket < $4::timestamptz))`;
}
