/** The sums by platform of a range: whole UTC months, the days beside them, and the quarter hours beside those. */
import type { Instant } from '../../../core/time.ts';

const DAY_MS = 86_400_000;

/** The first whole UTC day of a range, and the end of the last: `-infinity` and `infinity` where it has none. */
function wholeDays({ from, to }: { from: Instant | null; to: Instant | null }): [string, string] {
  const day = (time: Instant, round: (days: number) => number): string =>
    new Date(round(Date.parse(time) / DAY_MS) * DAY_MS).toISOString();
  return [from === null ? '-infinity' : day(from, Math.ceil), to === null ? 'infinity' : day(to, Math.floor)];
}

/** The first whole UTC month between two days (wholeDays), and the end of the last; twice the second day when there is none. */
function wholeMonths(days: readonly [string, string]): [string, string] {
  return wholeOf(1, days);
}

/** The same of quarters of a year, which whole months (wholeMonths) make up. */
export function wholeQuarters(months: readonly [string, string]): [string, string] {
  return wholeOf(3, months);
}

function wholeOf(months: number, [first, last]: readonly [string, string]): [string, string] {
  const start = first === '-infinity' ? first : beginOf(months, first, true);
  const end = last === 'infinity' ? last : beginOf(months, last, false);
  const any = start === '-infinity' || end === 'infinity' || start < end;
  return any ? [start, end] : [last, last];
}

/** The nearest beginning of so many months (of those into which a year falls), at or after the day (`up`), or at or before it. */
function beginOf(months: number, day: string, up: boolean): string {
  const date = new Date(day);
  const begin = (over: number): Date =>
    new Date(Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / months) * months + over, 1));
  return (up && begin(0) < date ? begin(months) : begin(0)).toISOString();
}

/** The parameters $6 to $9 of sumsOfSpans: whole days, whole months. */
export function wholeSpans(range: { from: Instant | null; to: Instant | null }): [string, string, string, string] {
  const days = wholeDays(range);
  return [...days, ...wholeMonths(days)];
}

/**
 * SQL: rows of figure_sums by platform and verification of a range: whole months, days at their ends, quarter hours at theirs. One query
 * for all of them: five are planned five times. $1 is the workspace, $3 and $4 from and to, $6 to $9 wholeSpans.
 */
export function sumsOfSpans(variant: 1 | 2): string {
  return `(
    SELECT s.*
    FROM (VALUES ('month', $8::timestamptz, $9::timestamptz),
                 ('day', $6::timestamptz, least($8::timestamptz, $7::timestamptz)),
                 ('day', $9::timestamptz, $7::timestamptz),
                 ('provider', $3::timestamptz, least($6::timestamptz, $4::timestamptz)),
                 ('provider', greatest($7::timestamptz, $6::timestamptz), $4::timestamptz)) AS p (scope, starts, ends)
    CROSS JOIN LATERAL (
      SELECT * FROM figure_sums WHERE workspace = $1 AND scope = p.scope AND variant IN (0, ${variant})
        AND bucket >= p.starts AND bucket < p.ends OFFSET 0) s)`;
}

/**
 * SQL: the attempts that the policy chooses within a range but not over all time, because `from` or `to` (parameters; either may be null)
 * leaves out those it prefers: rows of figure_attempts, found by the spans up to the nearest preferred one on either side. `columns` that
 * the indexes figure_attempts_<policy>_… hold are read from there alone. `own`: only at activities of this policy. Of a range that both
 * ends cut, `&<` and `&>` keep the index from what lies beyond the other end.
 */
export function chosenByRange(
  policy: 'first' | 'last' | 'best',
  columns: string,
  { from, to, variant, own = false }: { from: string; to: string; variant: 1 | 2; own?: boolean },
): string {
  const [before, after] = [`f.${policy}_before`, `f.${policy}_after`];
  const of = `SELECT ${columns} FROM figure_attempts f
    WHERE f.workspace = $1 AND f.variant IN (0, ${variant}) AND f.state = 'completed' AND f.left_out IS NULL
      AND f.done_at >= coalesce(${from}::timestamptz, '-infinity') AND f.done_at < coalesce(${to}::timestamptz, 'infinity')
      ${own ? `AND f.own = '${policy}'` : ''}`;
  return `(${of} AND ${before} IS NOT NULL AND tstzrange(${before}, f.done_at, '[]') @> ${from}::timestamptz
      AND tstzrange(${before}, f.done_at, '[]') &< tstzrange(NULL, ${to}::timestamptz)
      AND ${before} < ${from}::timestamptz AND coalesce(${after} >= ${to}::timestamptz, ${after} IS NULL)
    UNION ALL
    ${of} AND ${after} IS NOT NULL AND tstzrange(f.done_at, ${after}, '[]') @> ${to}::timestamptz
      AND tstzrange(f.done_at, ${after}, '[]') &> tstzrange(${from}::timestamptz, NULL)
      AND ${after} >= ${to}::timestamptz AND ${before} IS NULL)`;
}
