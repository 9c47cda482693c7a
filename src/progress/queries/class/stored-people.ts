/** How many people a range has, from the bits that the worker keeps by day and month (src/progress/rollups/people.ts). */
import type { Queryable } from '../../../db/database.ts';
import { BLOCK, bitOf, NO_BITS } from '../../rollups/people.ts';
import type { ClassFigures } from './class-attempts.ts';
import { wholeSpans } from './sums-of-range.ts';

/** Distinct learners: active in the range; who completed something with a percentage in it. */
export interface People {
  active: number;
  scored: number;
}

/** Of the whole workspace, whatever the retake policy: whole months, the days beside them, and what the range cuts one by one. */
export async function peopleOf(db: Queryable, { scope, filter }: ClassFigures): Promise<People> {
  const proved = filter.excludeUnverified ? '_proved' : '';
  const of = (span: string, from: string, to: string): string =>
    `SELECT block, active${proved} AS active, scored${proved} AS scored FROM figure_people
     WHERE workspace = $1 AND span = '${span}' AND starts >= ${from} AND starts < ${to}`;
  const edge = (from: string, to: string): string =>
    `SELECT f.learner_id, f.state = 'completed' AND f.percentage IS NOT NULL AS scored FROM figure_attempts f
     WHERE f.workspace = $1 AND f.variant IN (0, ${filter.excludeUnverified ? 2 : 1}) AND f.left_out IS NULL
       AND f.active_at >= ${from} AND f.active_at < ${to}`;
  const rows = await db.query<People>(
    `SELECT coalesce(sum(bit_count(b.active)), 0)::int AS active, coalesce(sum(bit_count(b.scored)), 0)::int AS scored FROM (
       SELECT bit_or(x.active) AS active, bit_or(x.scored) AS scored FROM (
         ${of('month', '$6::date', '$7::date')}
         UNION ALL ${of('day', '$4::date', 'least($6::date, $5::date)')}
         UNION ALL ${of('day', '$7::date', '$5::date')}
         UNION ALL
         SELECT l.place / ${BLOCK}, ${bitOf('l.place')}, CASE WHEN e.scored THEN ${bitOf('l.place')} ELSE ${NO_BITS} END
         FROM (
           SELECT c.learner_id, bool_or(c.scored) AS scored FROM (
             ${edge('$2::timestamptz', 'least($4::timestamptz, $3::timestamptz)')}
             UNION ALL ${edge('greatest($5::timestamptz, $4::timestamptz)', '$3::timestamptz')}
           ) c GROUP BY 1
         ) e CROSS JOIN LATERAL (SELECT y.place FROM figure_learners y
           WHERE y.workspace = $1 AND y.learner_id = e.learner_id OFFSET 0) l
       ) x GROUP BY x.block
     ) b`,
    [scope.workspace, filter.from, filter.to, ...wholeSpans(filter)],
  );
  return rows[0] ?? { active: 0, scored: 0 };
}
