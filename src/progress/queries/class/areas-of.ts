/** Areas over attempts one by one. */

/**
 * SQL: ClassArea rows of `entries c` (./class-attempts.ts, with areas) for which `chosen` holds: one attempt of each learner at each
 * activity. Twice grouped: counting the distinct learners of an area would sort all answers by its names.
 */
export function areasOf(chosen: string): string {
  return `SELECT x.kind, coalesce(x.name, t.title, t.external_id) AS name, x.parent, x.wrong, x.total, x.unanswered, x.learners,
      t.id AS "activityId", t.title AS "activityTitle", t.kind AS "activityKind"
    FROM (
      SELECT y.kind, y.name, y.parent, y.activity_id, sum(y.wrong) AS wrong, sum(y.total) AS total, sum(y.unanswered) AS unanswered,
             count(*)::int AS learners
      FROM (
        SELECT a.id, a.value ->> 0 AS kind, a.value ->> 1 AS name, a.value ->> 2 AS parent,
               CASE WHEN a.value -> 1 = 'null' THEN a.activity_id END AS activity_id, sum((a.value ->> 3)::float8) AS wrong,
               sum((a.value ->> 4)::float8) AS total, sum((a.value ->> 5)::float8) AS unanswered
        FROM (SELECT c.id, c.activity_id, jsonb_array_elements(c.areas) AS value FROM entries c WHERE ${chosen}) a
        GROUP BY 1, 2, 3, 4, 5
      ) y GROUP BY 1, 2, 3, 4
    ) x
    LEFT JOIN activities t ON t.workspace = $1 AND t.id = x.activity_id
    WHERE x.total > 0`;
}
