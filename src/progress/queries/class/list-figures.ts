/** Figures of a page of activities, small and large. */
import type { CohortScope } from '../../../cohorts/scope.ts';
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import { type ActivityFigures, activityFigures } from '../activity-figures.ts';
import type { FigureFilter } from '../counted-attempts.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';

/** Attempts read one by one for a page: about 40 ms. */
const MOST_LIVE_OF_PAGE = 4_000;

export interface ListedFigures extends ActivityFigures {
  /** Made from the worker's copy, which is as of then; null: from the attempts, as of now. */
  keptAsOf: Date | null;
}

/**
 * Figures of each of the activities. Those with few attempts are made from them; the others, so that a page takes the same time
 * however large its activities are, from what the worker keeps: sums over all time, or its narrow copy for a range or a class.
 */
export async function listFigures(
  db: Queryable,
  workspace: number,
  activityIds: readonly Uuid[],
  filter: FigureFilter & { excludeUnverified: boolean },
  cohorts: CohortScope,
): Promise<Map<Uuid, ListedFigures>> {
  const large = await largeOnes(db, workspace, activityIds);
  const live = await activityFigures(
    db,
    workspace,
    activityIds.filter((id) => !large.ids.has(id)),
    filter,
    cohorts,
  );
  const figures = new Map<Uuid, ListedFigures>();
  for (const [id, figure] of live) figures.set(id, { ...figure, keptAsOf: null });
  if (large.ids.size === 0) return figures;
  const open = filter.from === null && filter.to === null && cohorts === null;
  const kept = open
    ? await fromSums(db, workspace, [...large.ids], filter)
    : await fromCopy(db, workspace, [...large.ids], filter, cohorts);
  for (const figure of kept) figures.set(figure.activityId, { ...figure, keptAsOf: large.asOf });
  return figures;
}

async function largeOnes(
  db: Queryable,
  workspace: number,
  activityIds: readonly Uuid[],
): Promise<{ ids: Set<Uuid>; asOf: Date | null }> {
  const rows = await db.query<{ id: Uuid; size: number; as_of: Date | null }>(
    `SELECT s.key::uuid AS id, sum(s.attempts)::int AS size,
            (SELECT CASE WHEN EXISTS (SELECT FROM rollup_marks m WHERE m.workspace = $1) THEN r.as_of END
             FROM rollup_state r WHERE r.workspace = $1) AS as_of
     FROM figure_sums s
     WHERE s.workspace = $1 AND s.scope = 'activity' AND s.variant IN (0, 1) AND s.key = ANY ($2::text[])
     GROUP BY 1 ORDER BY 2`,
    [workspace, activityIds],
  );
  let read = 0;
  const ids = new Set<Uuid>();
  for (const { id, size } of rows) {
    read += size;
    if (read > MOST_LIVE_OF_PAGE) ids.add(id);
  }
  return { ids, asOf: rows[0]?.as_of ?? null };
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
