/** The figures of activities: over all learners, by each activity's own retake policy unless another is asked for. */
import type { CohortScope } from '../../cohorts/scope.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { BasisCounts } from '../figures/basis.ts';
import type { RetakePolicy } from '../figures/retake-policy.ts';
import { basisColumns, countedAttempts, type FigureFilter, figureValues } from './counted-attempts.ts';

export interface ActivityFigures extends BasisCounts {
  activityId: Uuid;
  policy: RetakePolicy;
  /** All completed ones, whatever the policy. */
  attemptsCompleted: number;
  /** How many people completed it. */
  learnersCompleted: number;
  averagePercentage: number | null;
}

/** Figures of each of the activities, by its id, over the learners of `cohorts`. */
export async function activityFigures(
  db: Queryable,
  workspace: number,
  activityIds: readonly Uuid[],
  filter: FigureFilter,
  cohorts: CohortScope,
): Promise<Map<Uuid, ActivityFigures>> {
  const rows = await db.query<ActivityFigures>(
    `${countedAttempts({ activityIds }, '$8')}
     SELECT t.id AS "activityId", coalesce($6::text, t.attempts_policy, $7::text) AS policy,
            count(*) FILTER (WHERE c.finished)::int AS "attemptsCompleted",
            count(*) FILTER (WHERE c.leads)::int AS "learnersCompleted",
            avg(c.percentage::numeric) FILTER (WHERE c.scored)::float8 AS "averagePercentage",
            ${basisColumns({ activityIds })}
     FROM activities t LEFT JOIN counted c ON c.activity_id = t.id
     WHERE t.workspace = $1 AND t.id = ANY ($2::uuid[])
     GROUP BY t.id, t.attempts_policy`,
    [...figureValues(workspace, { activityIds }, filter), cohorts],
  );
  return new Map(rows.map((row) => [row.activityId, row]));
}
