/** How many people a range has, from the bits that the worker keeps by day and month (src/progress/rollups/people.ts). */
import type { Queryable } from '../../../db/database.ts';
import { BLOCK } from '../../rollups/people.ts';
import type { ClassFigures } from './class-attempts.ts';
import { wholeSpans } from './sums-of-range.ts';

/** Distinct learners: active in the range; who completed something with a percentage in it. */
export interface People {
  active: number;
  scored: number;
}

/** SQL: whether the learner's bit is in none of the whole days and months. */
function notYet(bits: 'active' | 'scored'): string {
  return `coalesce(get_bit(w.${bits}, c.place % ${BLOCK}) = 0, true)`;
}

/** Of the whole workspace, whatever the retake policy: whole months, the days beside them, and what the range cuts one by one. */
export async function peopleOf(db: Queryable, { scope, filter }: ClassFigures): Promise<People> {
  const proved = filter.excludeUnverified ? '_proved' : '';
  const rows = await db.query<People>(
    `WITH whole AS MATERIALIZED (
       SELECT p.block, bit_or(p.active) AS active, bit_or(p.scored) AS scored
       FROM (VALUES ('month', $6::date, $7::date), ('day', $4::date, least($6::date, $5::date)), ('day', $7::date, $5::date)) AS s (span, starts, ends)
       CROSS JOIN LATERAL (SELECT y.block, y.active${proved} AS active, y.scored${proved} AS scored FROM figure_people y
         WHERE y.workspace = $1 AND y.span = s.span AND y.starts >= s.starts AND y.starts < s.ends OFFSET 0) p
       GROUP BY 1
     ), cut AS MATERIALIZED (
       SELECT l.place, e.scored
       FROM (
         SELECT c.learner_id, bool_or(c.scored) AS scored
         FROM (VALUES ($2::timestamptz, least($4::timestamptz, $3::timestamptz)),
                      (greatest($5::timestamptz, $4::timestamptz), $3::timestamptz)) AS s (starts, ends)
         CROSS JOIN LATERAL (SELECT f.learner_id, f.state = 'completed' AND f.percentage IS NOT NULL AS scored FROM figure_attempts f
           WHERE f.workspace = $1 AND f.variant IN (0, ${filter.excludeUnverified ? 2 : 1}) AND f.left_out IS NULL
             AND f.active_at >= s.starts AND f.active_at < s.ends OFFSET 0) c
         GROUP BY 1
       ) e CROSS JOIN LATERAL (SELECT y.place FROM figure_learners y
         WHERE y.workspace = $1 AND y.learner_id = e.learner_id OFFSET 0) l
     )
     SELECT (a.active + b.active)::int AS active, (a.scored + b.scored)::int AS scored
     FROM (SELECT coalesce(sum(bit_count(w.active)), 0) AS active, coalesce(sum(bit_count(w.scored)), 0) AS scored FROM whole w) a,
       (SELECT count(*) FILTER (WHERE ${notYet('active')}) AS active, count(*) FILTER (WHERE c.scored AND ${notYet('scored')}) AS scored
        FROM cut c LEFT JOIN whole w ON w.block = c.place / ${BLOCK}) b`,
    [scope.workspace, filter.from, filter.to, ...wholeSpans(filter)],
  );
  return rows[0] ?? { active: 0, scored: 0 };
}
