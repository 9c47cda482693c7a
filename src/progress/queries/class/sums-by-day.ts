/** Sums by the days of any zone: of six hours ('shift') each, set right by the quarter hours about the midnights of the zone. */
import type { Instant } from '../../../core/time.ts';

const SHIFT_MS = 6 * 3_600_000;

/** The first whole six hours of a range, and the end of the last: the parameters $10 and $11 of sumsByDay. */
export function wholeShifts({ from, to }: { from: Instant | null; to: Instant | null }): [string, string] {
  const shift = (time: Instant, round: (shifts: number) => number): string =>
    new Date(round(Date.parse(time) / SHIFT_MS) * SHIFT_MS).toISOString();
  return [from === null ? '-infinity' : shift(from, Math.ceil), to === null ? 'infinity' : shift(to, Math.floor)];
}

/**
 * SQL: day, started, completed, total, n, several rows for a day; day counts from 0 along `zone.starts`, the instants at which the days
 * of the zone begin. $1 is the workspace, $3 and $4 from and to, $10 and $11 wholeShifts. Each six hours go to the day that holds their
 * middle; what a midnight cuts off them (three hours at most) moves to the day on its other side.
 */
export function sumsByDay(variant: 1 | 2, policy: string): string {
  const of = (scope: string): string =>
    `FROM figure_sums s WHERE s.workspace = $1 AND s.scope = '${scope}' AND s.variant IN (0, ${variant})`;
  const sums = `sum(s.started) AS started, sum(s.completed) AS completed, sum(s.${policy}_sum) AS total, sum(s.${policy}_n) AS n`;
  const edge = (from: string, to: string): string =>
    `SELECT s.day, ${sums} FROM zone z CROSS JOIN LATERAL (
       SELECT width_bucket(s.bucket, z.starts) - 1 AS day, s.* ${of('quarter')} AND s.bucket >= ${from} AND s.bucket < ${to}) s
     GROUP BY 1`;
  return `SELECT s.day, ${sums} FROM zone z CROSS JOIN LATERAL (
       SELECT width_bucket(s.bucket + interval '3 hours', z.starts) - 1 AS day, s.* ${of('shift')}
         AND s.bucket >= $10::timestamptz AND s.bucket < $11::timestamptz) s
     GROUP BY 1
     UNION ALL ${edge('$3::timestamptz', 'least($10::timestamptz, $4::timestamptz)')}
     UNION ALL ${edge('greatest($11::timestamptz, $10::timestamptz)', '$4::timestamptz')}
     UNION ALL
     SELECT m.day, m.sign * q.started, m.sign * q.completed, m.sign * q.total, m.sign * q.n
     FROM (
       SELECT b.n::int - 1 AS day, b.at, s.at AS shift, b.at > s.at + interval '3 hours' AS late
       FROM zone z CROSS JOIN LATERAL unnest(z.starts) WITH ORDINALITY AS b (at, n)
       CROSS JOIN LATERAL (SELECT date_bin('6 hours', b.at, 'epoch') AS at) s
       WHERE b.at > s.at AND s.at >= $10::timestamptz AND s.at < $11::timestamptz
     ) c
     CROSS JOIN LATERAL (
       SELECT ${sums} ${of('quarter')} AND s.bucket >= CASE WHEN c.late THEN c.at ELSE c.shift END
         AND s.bucket < CASE WHEN c.late THEN c.shift + interval '6 hours' ELSE c.at END
       OFFSET 0
     ) q
     CROSS JOIN LATERAL (VALUES (CASE WHEN c.late THEN c.day ELSE c.day - 1 END, 1), (CASE WHEN c.late THEN c.day - 1 ELSE c.day END, -1)) AS m (day, sign)
     WHERE q.n IS NOT NULL`;
}
