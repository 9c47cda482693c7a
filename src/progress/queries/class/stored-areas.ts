/** The areas of a whole workspace from the worker's sums: whole quarters of a year, the months and days beside them, and the edges one by one. */
import type { Queryable } from '../../../db/database.ts';
import type { ClassArea } from './class-area.ts';
import type { ClassFigures } from './class-attempts.ts';
import { chosenByRange, wholeQuarters, wholeSpans } from './sums-of-range.ts';
import { type WeakestAreas, type WeakestRow, weakestOf, weakestSql } from './weakest-areas.ts';

/**
 * As overviewAreas. Sums hold each learner's last attempt of all time; attempts that are the last only within the range, and those
 * of the days that the range cuts, are read from figure_attempts.
 */
export async function storedAreas(db: Queryable, figures: ClassFigures): Promise<ClassArea[]> {
  const { sums, areas, values } = statement(figures);
  return await db.query<ClassArea>(`${sums} ${areas}`, values);
}

/** Of storedAreas those that can be among the `most` weakest. */
export async function storedWeakest(db: Queryable, figures: ClassFigures, most: number): Promise<WeakestAreas> {
  const { sums, areas, values } = statement(figures);
  return weakestOf(await db.query<WeakestRow>(`${sums} SELECT * FROM (${weakestSql(areas, most)}) x`, values));
}

/** `WITH sums AS (…)`, and the query of ClassArea rows that follows it. */
function statement({ scope, filter }: ClassFigures): { sums: string; areas: string; values: unknown[] } {
  const whole = filter.from === null && filter.to === null;
  const spans = wholeSpans(filter);
  const variant = filter.excludeUnverified ? 2 : 1;
  const edge = `SELECT f.activity_id, f.areas FROM figure_attempts f
         WHERE f.workspace = $1 AND f.variant IN (0, ${variant}) AND f.state = 'completed' AND f.left_out IS NULL
           AND f.last_before IS NULL AND f.last_after IS NULL`;
  return {
    sums: `WITH sums AS (
       SELECT s.activity_id, s.kind, s.name, s.parent, s.wrong, s.total, s.unanswered, s.learners
       FROM (VALUES ('${whole ? 'all' : 'quarter'}', $8::date, $9::date),
                    ('month', $6::date, least($8::date, $7::date)), ('month', $9::date, $7::date),
                    ('day', $4::date, least($6::date, $5::date)), ('day', $7::date, $5::date)) AS p (span, starts, ends)
       CROSS JOIN LATERAL (
         SELECT * FROM figure_areas WHERE workspace = $1 AND variant IN (0, ${variant}) AND span = p.span
           AND starts >= p.starts AND starts < p.ends OFFSET 0) s
       UNION ALL
       SELECT CASE WHEN a.value -> 1 = 'null' THEN f.activity_id ELSE '00000000-0000-0000-0000-000000000000' END,
              a.value ->> 0, coalesce(a.value ->> 1, ''), coalesce(a.value ->> 2, ''), (a.value ->> 3)::float8,
              (a.value ->> 4)::float8, (a.value ->> 5)::float8, 1
       FROM (
         ${edge} AND f.active_at >= $2::timestamptz AND f.active_at < least($4::timestamptz, $3::timestamptz)
         UNION ALL
         ${edge} AND f.active_at >= greatest($5::timestamptz, $4::timestamptz) AND f.active_at < $3::timestamptz
         UNION ALL
         SELECT f.activity_id, f.areas FROM ${chosenByRange('last', 'f.activity_id, f.areas', { from: '$2', to: '$3', variant })} f
       ) f CROSS JOIN LATERAL jsonb_array_elements(f.areas) a
     )`,
    areas: `SELECT x.kind, CASE WHEN t.id IS NULL THEN x.name ELSE coalesce(t.title, t.external_id) END AS name,
            nullif(x.parent, '') AS parent, x.wrong, x.total, x.unanswered, x.learners, t.id AS "activityId",
            t.title AS "activityTitle", t.kind AS "activityKind"
     FROM (
       SELECT s.activity_id, s.kind, s.name, s.parent, sum(s.wrong) AS wrong, sum(s.total) AS total,
              sum(s.unanswered) AS unanswered, sum(s.learners)::int AS learners
       FROM sums s GROUP BY 1, 2, 3, 4
     ) x
     LEFT JOIN activities t ON t.workspace = $1 AND t.id = x.activity_id
     WHERE x.total > 0 AND (t.id IS NOT NULL OR x.name <> '')`,
    values: [scope.workspace, filter.from, filter.to, ...spans, ...wholeQuarters([spans[2], spans[3]])],
  };
}
