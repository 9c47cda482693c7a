/**
 * Whose data a request may be about: the one place that says what "limited to cohorts" and `cohort=` mean in SQL. Whatever
 * reads learners, attempts or figures for a person narrows its statement by `inCohorts`.
 */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** Learners of any of these cohorts; null: every learner of the workspace. An empty list is nobody. */
export type CohortScope = readonly Uuid[] | null;

/**
 * SQL: whether the learner in `column` is in one of the cohorts of the parameter `cohorts` (`'$8'`, uuid[]; null: everybody is
 * in). `workspace` is the statement's parameter with the workspace.
 */
export function inCohorts(column: string, cohorts: string, workspace = '$1'): string {
  return `(${cohorts}::uuid[] IS NULL OR ${memberOf(column, cohorts, workspace)})`;
}

/**
 * The same where the parameter is never null: for statements that write the condition only when it is asked for. Without the
 * OR the planner can begin with the members, and a small class of a large school need not be looked for in all of it.
 */
export function memberOf(column: string, cohorts: string, workspace = '$1'): string {
  return `${column} IN (
    SELECT scope.learner_id FROM cohort_members scope
    WHERE scope.workspace = ${workspace} AND scope.cohort_id = ANY (${cohorts}::uuid[]))`;
}

/** Those of the learners who are in one of the cohorts (all of them when `cohorts` is null). */
export async function learnersInCohorts(
  db: Queryable,
  workspace: number,
  cohorts: CohortScope,
  learnerIds: readonly Uuid[],
): Promise<Set<Uuid>> {
  if (cohorts === null) return new Set(learnerIds);
  if (cohorts.length === 0 || learnerIds.length === 0) return new Set();
  const rows = await db.query<{ id: Uuid }>(
    `SELECT DISTINCT learner_id AS id FROM cohort_members
     WHERE workspace = $1 AND learner_id = ANY ($2::uuid[]) AND cohort_id = ANY ($3::uuid[])`,
    [workspace, learnerIds, cohorts],
  );
  return new Set(rows.map((row) => row.id));
}
