/**
 * Who was active by UTC day and month, one bit for each learner (figure_people). Distinct people of a range are then counted by
 * putting rows together, however much they did.
 */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

/** Learners of one row of figure_people; the place of a learner (figure_learners) says which row and which bit. */
export const BLOCK = 2_048;

/** SQL: a row's bits, none set. */
export const NO_BITS = `0::bit(${BLOCK})`;

/** SQL: the bits of one learner's place alone. */
export function bitOf(place: string): string {
  return `set_bit(${NO_BITS}, ${place} % ${BLOCK}, 1)`;
}

/** A learner, and a UTC day (YYYY-MM-DD) on which something of theirs came or went. */
export interface ActiveDay {
  learner_id: Uuid;
  day: string;
}

/** SQL: the days of the CTE `rows` (columns of figure_attempts), as ActiveDay. */
export function activeDays(rows: string): string {
  return `SELECT DISTINCT f.learner_id, to_char(f.active_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM ${rows} f WHERE f.left_out IS NULL`;
}

const BITS = ['active', 'scored', 'active_proved', 'scored_proved'] as const;

/** Makes the bits of these learners on these days, and of their months, anew from figure_attempts. Only one process at a time may run it. */
export async function markPeople(tx: Queryable, workspace: number, days: readonly ActiveDay[]): Promise<void> {
  if (days.length === 0) return;
  const learnerIds = [...new Set(days.map((one) => one.learner_id))];
  await tx.query(
    `INSERT INTO figure_learners (workspace, learner_id, place)
     SELECT $1, n.id, (SELECT coalesce(max(place) + 1, 0) FROM figure_learners WHERE workspace = $1) + row_number() OVER () - 1
     FROM unnest($2::uuid[]) AS n (id)
     LEFT JOIN LATERAL (SELECT x.place FROM figure_learners x WHERE x.workspace = $1 AND x.learner_id = n.id OFFSET 0) l ON true
     WHERE l.place IS NULL`,
    [workspace, learnerIds],
  );
  // Row by row along the indexes, as in ./roll-up.ts.
  const placed = `WITH spans AS (
      SELECT DISTINCT d.learner_id, e.span, e.starts, e.ends
      FROM unnest($2::uuid[], $3::date[]) AS d (learner_id, day)
      CROSS JOIN LATERAL (VALUES ('day', d.day, d.day + 1),
        ('month', date_trunc('month', d.day)::date, (date_trunc('month', d.day) + interval '1 month')::date)) AS e (span, starts, ends)
    ), seen AS (
      SELECT s.span, s.starts, l.place / ${BLOCK} AS block, ${bitOf('l.place')} AS own, h.*
      FROM spans s
      CROSS JOIN LATERAL (SELECT x.place FROM figure_learners x WHERE x.workspace = $1 AND x.learner_id = s.learner_id OFFSET 0) l
      CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(f.variant < 2), false) AS active, coalesce(bool_or(f.variant < 2 AND f.scored), false) AS scored,
               coalesce(bool_or(f.variant <> 1), false) AS active_proved,
               coalesce(bool_or(f.variant <> 1 AND f.scored), false) AS scored_proved
        FROM (
          SELECT x.variant, x.state = 'completed' AND x.percentage IS NOT NULL AS scored FROM figure_attempts x
          WHERE x.workspace = $1 AND x.learner_id = s.learner_id AND x.left_out IS NULL
            AND greatest(x.opened_at, x.active_at) >= s.starts::timestamp AT TIME ZONE 'UTC'
            AND least(x.opened_at, x.active_at) < s.ends::timestamp AT TIME ZONE 'UTC'
            AND x.active_at >= s.starts::timestamp AT TIME ZONE 'UTC' AND x.active_at < s.ends::timestamp AT TIME ZONE 'UTC'
          OFFSET 0
        ) f
      ) h
    ), changed AS (
      SELECT s.span, s.starts, s.block, bit_or(s.own) AS looked_at,
             ${BITS.map((name) => `bit_or(CASE WHEN s.${name} THEN s.own ELSE ${NO_BITS} END) AS ${name}`).join(', ')}
      FROM seen s GROUP BY 1, 2, 3
    ), placed AS MATERIALIZED (
      SELECT c.*, p.ctid AS old FROM changed c
      LEFT JOIN LATERAL (SELECT x.ctid FROM figure_people x
        WHERE x.workspace = $1 AND x.span = c.span AND x.starts = c.starts AND x.block = c.block OFFSET 0) p ON true
    )`;
  await tx.query(
    `${placed}, updated AS (
       UPDATE figure_people p SET ${BITS.map((name) => `${name} = p.${name} & ~c.looked_at | c.${name}`).join(', ')}
       FROM placed c
       WHERE p.ctid = c.old AND (${BITS.map((name) => `p.${name} & c.looked_at`).join(', ')}) <> (${BITS.map((name) => `c.${name}`).join(', ')})
     )
     INSERT INTO figure_people (workspace, span, starts, block, ${BITS.join(', ')})
     SELECT $1, c.span, c.starts, c.block, ${BITS.map((name) => `c.${name}`).join(', ')} FROM placed c WHERE c.old IS NULL`,
    [workspace, days.map((one) => one.learner_id), days.map((one) => one.day)],
  );
  // Of whom nothing counts any more no bit is set either.
  await tx.query(
    `DELETE FROM figure_learners WHERE workspace = $1 AND learner_id = ANY (ARRAY(
       SELECT n.id FROM unnest($2::uuid[]) AS n (id)
       LEFT JOIN LATERAL (SELECT true AS yes FROM figure_attempts x
         WHERE x.workspace = $1 AND x.learner_id = n.id AND x.left_out IS NULL LIMIT 1) f ON true
       WHERE f.yes IS NULL))`,
    [workspace, learnerIds],
  );
}
