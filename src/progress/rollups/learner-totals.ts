/** Totals of each learner, from their rows of figure_attempts. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { FigureSettings } from '../queries/figure-settings.ts';

/** Makes the rows of these learners of learner_totals anew, by the policy of learners' pages. */
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
}
