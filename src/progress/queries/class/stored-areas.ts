/** The areas of a whole workspace from the worker's sums: whole months, the days beside them, and the edges one by one. */
import type { Queryable } from '../../../db/database.ts';
import type { ClassArea } from './class-area.ts';
import type { ClassFigures } from './class-attempts.ts';
import { SPAN, wholeDays } from './sums-of-range.ts';

/**
 * As overviewAreas. Sums hold each learner's last attempt of all time; attempts that are the last only within the range, and those
 * of the days that the range cuts, are read from figure_attempts.
 */
export async function storedAreas(db: Queryable, { scope, filter }: ClassFigures): Promise<ClassArea[]> {
  const whole = filter.from === null && filter.to === null;
  const variant = filter.excludeUnverified ? 2 : 1;
  const [first, last] = wholeDays(filter);
  const of = (span: string): string =>
    `SELECT * FROM figure_areas WHERE workspace = $1 AND variant IN (0, ${variant}) AND span = '${span}'`;
  const edge = `SELECT f.activity_id, f.areas FROM figure_attempts f
         WHERE f.workspace = $1 AND f.variant IN (0, ${variant}) AND f.state = 'completed' AND f.left_out IS NULL
           AND f.last_before IS NULL AND f.last_after IS NULL`;
  return await db.query<ClassArea>(
    `WITH sums AS (
       SELECT s.activity_id, s.kind, s.name, s.parent, s.wrong, s.total, s.unanswered, s.learners
       FROM (
         ${of(whole ? 'all' : 'month')} AND starts >= $6::date AND starts < $7::date
         UNION ALL ${of('day')} AND starts >= $4::date AND starts < least($6::date, $5::date)
         UNION ALL ${of('day')} AND starts >= $7::date AND starts < $5::date
       ) s
       UNION ALL
       SELECT CASE WHEN a.value -> 1 = 'null' THEN f.activity_id ELSE '00000000-0000-0000-0000-000000000000' END,
              a.value ->> 0, coalesce(a.value ->> 1, ''), coalesce(a.value ->> 2, ''), (a.value ->> 3)::float8,
              (a.value ->> 4)::float8, (a.value ->> 5)::float8, 1
       FROM (
         ${edge} AND f.active_at >= $2::timestamptz AND f.active_at < least($4::timestamptz, $3::timestamptz)
         UNION ALL
         ${edge} AND f.active_at >= greatest($5::timestamptz, $4::timestamptz) AND f.active_at < $3::timestamptz
         UNION ALL
         SELECT f.activity_id, f.areas FROM figure_attempts f
         WHERE (${SPAN} @> $2::timestamptz OR ${SPAN} @> $3::timestamptz)
           AND f.workspace = $1 AND f.variant IN (0, ${variant}) AND f.state = 'completed' AND f.left_out IS NULL
           AND f.done_at >= coalesce($2::timestamptz, '-infinity') AND f.done_at < coalesce($3::timestamptz, 'infinity')
           AND coalesce(f.first_before, f.first_after, f.last_before, f.last_after, f.best_before, f.best_after) IS NOT NULL
           AND (f.last_before IS NOT NULL OR f.last_after IS NOT NULL)
           AND coalesce(f.last_before < $2::timestamptz, f.last_before IS NULL)
           AND coalesce(f.last_after >= $3::timestamptz, f.last_after IS NULL)
       ) f CROSS JOIN LATERAL jsonb_array_elements(f.areas) a
     )
     SELECT x.kind, CASE WHEN t.id IS NULL THEN x.name ELSE coalesce(t.title, t.external_id) END AS name,
            nullif(x.parent, '') AS parent, x.wrong, x.total, x.unanswered, x.learners, t.id AS "activityId",
            t.title AS "activityTitle", t.kind AS "activityKind"
     FROM (
       SELECT s.activity_id, s.kind, s.name, s.parent, sum(s.wrong) AS wrong, sum(s.total) AS total,
              sum(s.unanswered) AS unanswered, sum(s.learners)::int AS learners
       FROM sums s GROUP BY 1, 2, 3, 4
     ) x
     LEFT JOIN activities t ON t.workspace = $1 AND t.id = x.activity_id
     WHERE x.total > 0 AND (t.id IS NOT NULL OR x.name <> '')`,
    [scope.workspace, filter.from, filter.to, first, last, ...wholeMonths(first, last)],
  );
}

/** The first whole month between two days, and the end of the last; twice the second day when there is none. */
function wholeMonths(first: string, last: string): [string, string] {
  const start = first === '-infinity' ? first : monthOf(first, true);
  const end = last === 'infinity' ? last : monthOf(last, false);
  const any = start === '-infinity' || end === 'infinity' || start < end;
  return any ? [start, end] : [last, last];
}

function monthOf(day: string, up: boolean): string {
  const date = new Date(day);
  const begins = date.getUTCDate() === 1 || !up;
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + (begins ? 0 : 1), 1)).toISOString();
}
