/** Figures of a page of activities, small and large. */
import type { CohortScope } from '../../../cohorts/scope.ts';
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import { type ActivityFigures, activityFigures } from '../activity-figures.ts';
import type { FigureFilter } from '../counted-attempts.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';

/** Attempts read one by one for a page: about 20 ms. */
const MOST_LIVE_OF_PAGE = 2_000;

/** Marks that are looked at one by one; behind more of them every activity counts as behind. */
const MOST_MARKS = 2_000;

export interface ListedFigures extends ActivityFigures {
  /** Made from the worker's copy, which is as of then; null: as of now. */
  keptAsOf: Date | null;
}

/**
 * Figures of each of the activities from what the worker keeps (sums over all time, or its narrow copy for a range or a class), so
 * that a page takes the same time however large its activities are. Where nothing is marked, that is what the attempts say, as
 * of now. Those that are behind are made from their attempts as long as these are few.
 */
export async function listFigures(
  db: Queryable,
  workspace: number,
  activityIds: readonly Uuid[],
  filter: FigureFilter & { excludeUnverified: boolean },
  cohorts: CohortScope,
): Promise<Map<Uuid, ListedFigures>> {
  const { kept, asOf } = await keptOnes(db, workspace, activityIds);
  const [stored, made] = [[...kept.keys()], activityIds.filter((id) => !kept.has(id))];
  const figures = new Map<Uuid, ListedFigures>();
  if (made.length > 0) {
    const live = await activityFigures(db, workspace, made, filter, cohorts);
    for (const [id, figure] of live) figures.set(id, { ...figure, keptAsOf: null });
  }
  if (stored.length === 0) return figures;
  const open = filter.from === null && filter.to === null && cohorts === null;
  const rows = open
    ? await fromSums(db, workspace, stored, filter)
    : await fromCopy(db, workspace, stored, filter, cohorts);
  for (const figure of rows) {
    figures.set(figure.activityId, { ...figure, keptAsOf: kept.get(figure.activityId) === true ? asOf : null });
  }
  return figures;
}

/**
 * The activities that are read from what the worker keeps, and whether they are behind; `asOf`: up to when those are told. Of those
 * that are behind the smallest are made from their attempts.
 */
async function keptOnes(
  db: Queryable,
  workspace: number,
  activityIds: readonly Uuid[],
): Promise<{ kept: Map<Uuid, boolean>; asOf: Date | null }> {
  const rows = await db.query<{ id: Uuid; size: number; behind: boolean; as_of: Date | null }>(
    `WITH marks AS MATERIALIZED (
       SELECT m.learner_id, m.activity_id FROM rollup_marks m WHERE m.workspace = $1 LIMIT $3
     ), marked AS MATERIALIZED (
       SELECT count(*) = $3 OR coalesce(bool_or(activity_id IS NULL), false) AS every, array_agg(activity_id) AS ids FROM marks
     )
     SELECT a.id, coalesce(s.size, 0) AS size, marked.every OR coalesce(a.id = ANY (marked.ids), false) AS behind,
            (SELECT r.as_of FROM rollup_state r WHERE r.workspace = $1) AS as_of
     FROM unnest($2::uuid[]) AS a (id) CROSS JOIN marked
     CROSS JOIN LATERAL (SELECT sum(y.attempts)::int AS size FROM figure_sums y
       WHERE y.workspace = $1 AND y.scope = 'activity' AND y.variant IN (0, 1) AND y.key = a.id::text) s
     ORDER BY size, a.id`,
    [workspace, activityIds, MOST_MARKS],
  );
  const kept = new Map<Uuid, boolean>();
  const asOf = rows[0]?.as_of ?? null;
  // The worker has not begun: there is nothing to read.
  if (asOf === null) return { kept, asOf };
  let read = 0;
  for (const { id, size, behind } of rows) {
    if (behind) read += size;
    if (!behind || read > MOST_LIVE_OF_PAGE) kept.set(id, behind);
  }
  return { kept, asOf };
}

async function fromSums(
  db: Queryable,
  workspace: number,
  activityIds: readonly Uuid[],
  filter: FigureFilter & { excludeUnverified: boolean },
): Promise<ActivityFigures[]> {
  const by = (column: string): string =>
    `CASE coalesce($3::text, t.attempts_policy, $4::text) ${['first', 'last', 'best', 'all'].map((policy) => `WHEN '${policy}' THEN sum(s.${policy}_${column})`).join(' ')} END`;
  return await db.query<ActivityFigures>(
    `SELECT t.id AS "activityId", coalesce($3::text, t.attempts_policy, $4::text) AS policy,
            sum(s.completed)::int AS "attemptsCompleted", sum(s.learners)::int AS "learnersCompleted",
            (${by('sum')} / nullif(${by('n')}, 0))::float8 AS "averagePercentage", (${by('n')})::int AS n,
            sum(s.first_n)::int AS learners, (${by('token')})::int AS unverified, sum(s.no_score)::int AS "noScore",
            sum(s.test)::int AS "excludedTest", sum(s.revoked)::int AS "excludedRevoked",
            CASE WHEN $5::int = 2 THEN sum(s.unverified)::int ELSE 0 END AS "excludedUnverified"
     FROM activities t JOIN figure_sums s ON s.workspace = $1 AND s.scope = 'activity' AND s.variant IN (0, $5) AND s.key = t.id::text
     WHERE t.workspace = $1 AND t.id = ANY ($2::uuid[])
     GROUP BY t.id, t.attempts_policy`,
    [workspace, activityIds, filter.policy, filter.fallback, filter.excludeUnverified ? 2 : 1],
  );
}

async function fromCopy(
  db: Queryable,
  workspace: number,
  activityIds: readonly Uuid[],
  filter: FigureFilter & { excludeUnverified: boolean },
  cohorts: CohortScope,
): Promise<ActivityFigures[]> {
  const figures: ClassFigures = {
    scope: { workspace, activityId: null, activityIds, cohorts },
    filter,
    source: 'stored',
  };
  const leftOut = (reason: string): string =>
    `(SELECT coalesce(sum(o.${reason}), 0)::int FROM left_out o WHERE o.activity_id = t.id)`;
  return await db.query<ActivityFigures>(
    `${classAttempts(figures, { lean: true })}
     SELECT t.id AS "activityId", coalesce($6::text, t.attempts_policy, $7::text) AS policy,
            count(*) FILTER (WHERE c.finished)::int AS "attemptsCompleted", count(*) FILTER (WHERE c.leads)::int AS "learnersCompleted",
            avg(c.percentage::numeric) FILTER (WHERE c.scored)::float8 AS "averagePercentage",
            count(*) FILTER (WHERE c.scored)::int AS n,
            count(*) FILTER (WHERE c.leads AND c.percentage IS NOT NULL)::int AS learners,
            count(*) FILTER (WHERE c.chosen AND c.token)::int AS unverified,
            count(*) FILTER (WHERE c.finished AND c.percentage IS NULL)::int AS "noScore",
            ${leftOut('test')} AS "excludedTest", ${leftOut('revoked')} AS "excludedRevoked", ${leftOut('unverified')} AS "excludedUnverified"
     FROM activities t LEFT JOIN entries c ON c.activity_id = t.id
     WHERE t.workspace = $1 AND t.id = ANY ($2::uuid[])
     GROUP BY t.id, t.attempts_policy`,
    await classValues(db, figures),
  );
}
