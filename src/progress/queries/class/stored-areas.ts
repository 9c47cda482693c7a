/** The areas of a whole workspace from the worker's sums: whole months, the days beside them, and the edges one by one. */
import type { Queryable } from '../../../db/database.ts';
import type { ClassArea } from './class-area.ts';
import type { ClassFigures } from './class-attempts.ts';

/**
 * As overviewAreas. Sums hold each learner's last attempt of all time; attempts that are the last only within the range, and those
 * of the days that the range cuts, are read from figure_attempts.
 */
export async function storedAreas(db: Queryable, { scope, filter }: ClassFigures): Promise<ClassArea[]> {
  return await db.query<ClassArea>(
    `WITH bounds AS (
       SELECT days.first, days.last, CASE WHEN months.first < months.last THEN months.first ELSE days.last END AS month_first,
              CASE WHEN months.first < months.last THEN months.last ELSE days.last END AS month_last
       FROM (SELECT coalesce((($2::timestamptz AT TIME ZONE 'UTC') + interval '1 day' - interval '1 microsecond')::date, '-infinity') AS first,
                    coalesce(($3::timestamptz AT TIME ZONE 'UTC')::date, 'infinity') AS last) days
       CROSS JOIN LATERAL (
         SELECT CASE WHEN isfinite(days.first) THEN date_trunc('month', days.first + interval '1 month' - interval '1 day')::date
                  ELSE days.first END AS first,
                CASE WHEN isfinite(days.last) THEN date_trunc('month', days.last)::date ELSE days.last END AS last) months
     ), sums AS (
       SELECT s.activity_id, s.kind, s.name, s.parent, s.wrong, s.total, s.unanswered, s.learners
       FROM bounds b JOIN figure_areas s ON s.workspace = $1 AND s.variant IN (0, $4) AND s.span = 'month'
         AND s.starts >= b.month_first AND s.starts < b.month_last
       UNION ALL
       SELECT s.activity_id, s.kind, s.name, s.parent, s.wrong, s.total, s.unanswered, s.learners
       FROM bounds b JOIN figure_areas s ON s.workspace = $1 AND s.variant IN (0, $4) AND s.span = 'day'
         AND (s.starts >= b.first AND s.starts < least(b.month_first, b.last) OR s.starts >= b.month_last AND s.starts < b.last)
       UNION ALL
       SELECT CASE WHEN a.value -> 1 = 'null' THEN f.activity_id ELSE '00000000-0000-0000-0000-000000000000' END,
              a.value ->> 0, coalesce(a.value ->> 1, ''), coalesce(a.value ->> 2, ''), (a.value ->> 3)::float8,
              (a.value ->> 4)::float8, (a.value ->> 5)::float8, 1
       FROM (
         SELECT f.activity_id, f.areas FROM bounds b, figure_attempts f
         WHERE f.workspace = $1 AND f.variant IN (0, $4) AND f.state = 'completed' AND f.left_out IS NULL
           AND f.last_before IS NULL AND f.last_after IS NULL
           AND (f.active_at >= $2::timestamptz AND f.active_at < least(b.first::timestamptz, $3::timestamptz)
             OR f.active_at >= greatest(b.last::timestamptz, $2::timestamptz, b.first::timestamptz) AND f.active_at < $3::timestamptz)
         UNION ALL
         SELECT f.activity_id, f.areas FROM figure_attempts f
         WHERE ($2::timestamptz IS NOT NULL OR $3::timestamptz IS NOT NULL)
           AND f.workspace = $1 AND f.variant IN (0, $4) AND f.state = 'completed' AND f.left_out IS NULL
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
    [scope.workspace, filter.from, filter.to, filter.excludeUnverified ? 2 : 1],
  );
}
