/** Totals alone, for those who show no days: of one large activity they stand in one line. */
import type { Queryable } from '../../../db/database.ts';
import type { ClassFigures } from './class-attempts.ts';
import type { ClassTotals } from './overview-figures.ts';
import { readOverview } from './read-overview.ts';

export async function readTotals(db: Queryable, figures: ClassFigures, tz: string): Promise<ClassTotals> {
  const { scope, filter, source } = figures;
  if (
    source === 'live' ||
    scope.activityId === null ||
    scope.cohorts !== null ||
    filter.from !== null ||
    filter.to !== null
  )
    return (await readOverview(db, figures, tz)).totals;
  const policy = filter.policy ?? filter.fallback;
  const rows = await db.query<Omit<ClassTotals, 'basis'> & ClassTotals['basis']>(
    `SELECT coalesce(sum(s.learners), 0)::int AS learners, coalesce(sum(s.started), 0)::int AS "attemptsStarted",
            coalesce(sum(s.completed), 0)::int AS "attemptsCompleted", coalesce(sum(s.abandoned), 0)::int AS "attemptsAbandoned",
            (sum(s.${policy}_sum) / nullif(sum(s.${policy}_n), 0))::float8 AS "averagePercentage",
            coalesce(sum(s.${policy}_passed), 0)::int AS passed, coalesce(sum(s.${policy}_failed), 0)::int AS failed,
            coalesce(sum(s.seconds), 0)::float8 AS "timeSeconds", coalesce(sum(s.unended), 0)::int AS "startedWithoutEnd",
            coalesce(sum(s.step_gaps), 0)::int AS "stepGaps", coalesce(sum(s.${policy}_n), 0)::int AS n,
            coalesce(sum(s.${policy}_token), 0)::int AS unverified, coalesce(sum(s.no_score), 0)::int AS "noScore",
            coalesce(sum(s.first_n), 0)::int AS scored, coalesce(sum(s.test), 0)::int AS "excludedTest",
            coalesce(sum(s.revoked), 0)::int AS "excludedRevoked", CASE WHEN $3::int = 2 THEN coalesce(sum(s.unverified), 0)::int ELSE 0 END AS "excludedUnverified"
     FROM figure_sums s WHERE s.workspace = $1 AND s.scope = 'activity' AND s.key = $2::text AND s.variant IN (0, $3)`,
    [scope.workspace, scope.activityId, filter.excludeUnverified ? 2 : 1],
  );
  const row = rows[0] as (Omit<ClassTotals, 'basis'> & ClassTotals['basis'] & { scored: number }) | undefined;
  if (row === undefined) throw new Error('An aggregate without GROUP BY gave no row.');
  const { n, unverified, noScore, scored, excludedTest, excludedRevoked, excludedUnverified, ...totals } = row;
  return {
    ...totals,
    basis: { n, learners: scored, unverified, noScore, excludedTest, excludedRevoked, excludedUnverified },
  };
}
