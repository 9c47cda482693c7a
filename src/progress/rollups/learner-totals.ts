/** Totals of each learner, from their rows of figure_attempts. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { FigureSettings } from '../queries/figure-settings.ts';

/** Makes the rows of these learners anew: learner_totals by the policy of learners' pages, figure_learners. */
export async function learnerTotals(
  tx: Queryable,
  workspace: number,
  learnerIds: readonly Uuid[],
  settings: FigureSettings,
): Promise<void> {
  const { learnerPolicy: policy, excludeUnverified } = settings;
  const chosen = policy === 'all' ? 'true' : `f.${policy}_before IS NULL AND f.${policy}_after IS NULL`;
  await tx.query(
    `WITH made AS (
       SELECT f.learner_id, count(*) FILTER (WHERE f.state = 'completed')::int AS completed,
              count(*) FILTER (WHERE f.told_start)::int AS started,
              avg(f.percentage::numeric) FILTER (WHERE f.state = 'completed' AND ${chosen})::float8 AS average,
              greatest(max(f.opened_at), max(f.active_at)) AS last_at
       FROM figure_attempts f
       WHERE f.workspace = $1 AND f.learner_id = ANY ($2::uuid[]) AND f.variant IN (0, $3) AND f.left_out IS NULL
       GROUP BY 1
     ), gone AS (
       DELETE FROM learner_totals WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])
         AND learner_id NOT IN (SELECT learner_id FROM made)
     )
     INSERT INTO learner_totals (workspace, learner_id, attempts_completed, attempts_started, average_percentage, last_activity_at)
     SELECT $1, learner_id, completed, started, average, last_at FROM made
     ON CONFLICT (workspace, learner_id) DO UPDATE SET attempts_completed = excluded.attempts_completed,
       attempts_started = excluded.attempts_started, average_percentage = excluded.average_percentage,
       last_activity_at = excluded.last_activity_at`,
    [workspace, learnerIds, excludeUnverified ? 2 : 1],
  );
  await tx.query(
    `WITH made AS (
       SELECT f.learner_id, max(f.active_at) FILTER (WHERE f.variant < 2) AS active_at,
              max(f.done_at) FILTER (WHERE f.variant < 2 AND f.state = 'completed' AND f.percentage IS NOT NULL) AS scored_at,
              max(f.active_at) FILTER (WHERE f.variant <> 1) AS active_proved_at,
              max(f.done_at) FILTER (WHERE f.variant <> 1 AND f.state = 'completed' AND f.percentage IS NOT NULL) AS scored_proved_at
       FROM figure_attempts f
       WHERE f.workspace = $1 AND f.learner_id = ANY ($2::uuid[]) AND f.left_out IS NULL
       GROUP BY 1
     ), gone AS (
       DELETE FROM figure_learners WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])
         AND learner_id NOT IN (SELECT learner_id FROM made)
     )
     INSERT INTO figure_learners (workspace, learner_id, active_at, scored_at, active_proved_at, scored_proved_at)
     SELECT $1, learner_id, active_at, scored_at, active_proved_at, scored_proved_at FROM made
     ON CONFLICT (workspace, learner_id) DO UPDATE SET active_at = excluded.active_at, scored_at = excluded.scored_at,
       active_proved_at = excluded.active_proved_at, scored_proved_at = excluded.scored_proved_at`,
    [workspace, learnerIds],
  );
}
