/**
 * Totals, days and platforms of a whole workspace from the sums that the worker keeps: the work grows with the days of the range and
 * not with the attempts in it. The sums hold what a policy chooses over all time; what it chooses only because
 * from and to leave a better, earlier or later attempt out (retakes) is added from figure_attempts.
 */
import type { Queryable } from '../../../db/database.ts';
import type { RetakePolicy } from '../../figures/retake-policy.ts';
import type { ClassFigures } from './class-attempts.ts';
import type { DayFigures, OverviewFigures, PeriodTotals, PlatformFigures } from './overview-figures.ts';
import { sumsByDay, wholeShifts } from './sums-by-day.ts';
import { chosenByRange, sumsOfSpans, wholeSpans } from './sums-of-range.ts';

/** What is asked of a retaken attempt. */
const RETAKEN = 'f.provider, f.done_at, f.percentage, f.passed, f.token';

/** As overviewFigures, but for the people (./stored-people.ts). `from` and `to` of the filter must lie on quarter hours (./quarters.ts). */
export async function storedOverview(db: Queryable, figures: ClassFigures, tz: string): Promise<OverviewFigures> {
  const { filter } = figures;
  const zone = '$2::text';
  const policy = await policyOf(db, figures);
  const variant = filter.excludeUnverified ? 2 : 1;
  const counts = `sum(s.started)::int AS "attemptsStarted", sum(s.completed)::int AS "attemptsCompleted",
    (sum(s.total) / nullif(sum(s.n), 0))::float8 AS "averagePercentage"`;
  const rows = await db.query<{
    totals: PeriodTotals;
    basis: OverviewFigures['totals']['basis'];
    trend: DayFigures[];
    platforms: PlatformFigures[];
  }>(
    `${sumsOfPeriod(figures, policy)}, reach AS MATERIALIZED (
       -- To a month: a day on which nothing happened is left out below.
       SELECT greatest($3::timestamptz, min(m.bucket)) AS first, least($4::timestamptz, max(m.bucket) + interval '1 month') AS last
       FROM figure_sums m WHERE m.workspace = $1 AND m.scope = 'month' AND m.variant IN (0, ${variant})
     ), zone AS MATERIALIZED (
       -- Where the days of the zone begin: finding one among them is far cheaper than asking the zone for each quarter hour.
       SELECT (r.first AT TIME ZONE ${zone})::date AS first_day, ARRAY(
         SELECT d AT TIME ZONE ${zone} FROM generate_series(date_trunc('day', r.first AT TIME ZONE ${zone}), r.last AT TIME ZONE ${zone}, '1 day') d
         ORDER BY 1) AS starts
       FROM reach r
     ), by_day AS (
       ${sumsByDay(variant, policy)}
     )
     SELECT (SELECT to_json(x) FROM (${TOTALS}) x) AS totals,
       (SELECT to_json(x) FROM (
         SELECT coalesce(sum(s.n), 0)::int AS n, 0 AS learners, coalesce(sum(s.token), 0)::int AS unverified,
                coalesce(sum(s.no_score), 0)::int AS "noScore", coalesce(sum(s.test), 0)::int AS "excludedTest",
                coalesce(sum(s.revoked), 0)::int AS "excludedRevoked",
                CASE WHEN $5::boolean THEN coalesce(sum(s.unverified), 0)::int ELSE 0 END AS "excludedUnverified"
         FROM sums s) x) AS basis,
       (SELECT coalesce(json_agg(x ORDER BY x.date), '[]') FROM (
         SELECT to_char(z.first_day + s.day, 'YYYY-MM-DD') AS date, ${counts}
         FROM zone z CROSS JOIN LATERAL (
           SELECT d.day, d.started, d.completed, d.total, d.n FROM by_day d
           UNION ALL
           SELECT width_bucket(r.bucket, z.starts) - 1, 0, 0, sum(r.percentage), count(*)
           FROM retaken r WHERE r.percentage IS NOT NULL GROUP BY 1
         ) s
         GROUP BY z.first_day, s.day HAVING sum(s.started) + sum(s.completed) > 0) x) AS trend,
       (SELECT coalesce(json_agg(x ORDER BY x."attemptsCompleted" DESC, x.provider), '[]') FROM (
         SELECT s.key AS provider, ${counts} FROM sums s GROUP BY 1
         HAVING sum(s.started) + sum(s.completed) + sum(s.unended) > 0) x) AS platforms`,
    [
      figures.scope.workspace,
      tz,
      filter.from,
      filter.to,
      filter.excludeUnverified,
      ...wholeSpans(filter),
      ...wholeShifts(filter),
    ],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  return { totals: { ...row.totals, basis: row.basis }, trend: row.trend, platforms: row.platforms };
}

/** The totals of storedOverview without the rest. */
export async function storedTotals(db: Queryable, figures: ClassFigures): Promise<PeriodTotals> {
  const { scope, filter } = figures;
  const rows = await db.query<PeriodTotals>(
    `${sumsOfPeriod(figures, await policyOf(db, figures))} ${TOTALS} WHERE $2::int IS NOT NULL AND $5::int IS NOT NULL`,
    [scope.workspace, 0, filter.from, filter.to, 0, ...wholeSpans(filter)],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('An aggregate without GROUP BY gave no row.');
  return row;
}

/** SQL: PeriodTotals but for the people, from `sums s`. */
const TOTALS = `SELECT 0 AS learners, coalesce(sum(s.started), 0)::int AS "attemptsStarted",
    coalesce(sum(s.completed), 0)::int AS "attemptsCompleted",
    (sum(s.total) / nullif(sum(s.n), 0))::float8 AS "averagePercentage",
    coalesce(sum(s.abandoned), 0)::int AS "attemptsAbandoned", coalesce(sum(s.passed), 0)::int AS passed,
    coalesce(sum(s.failed), 0)::int AS failed, coalesce(sum(s.seconds), 0)::float8 AS "timeSeconds",
    coalesce(sum(s.unended), 0)::int AS "startedWithoutEnd", coalesce(sum(s.step_gaps), 0)::int AS "stepGaps"
  FROM sums s`;

/**
 * `WITH … retaken AS (…), sums AS (…)`: what the policy chooses only within the range (key, bucket, percentage, passed, token), and the
 * sums of the range by platform, those included. Parameters as of sumsOfSpans.
 */
function sumsOfPeriod({ filter }: ClassFigures, policy: RetakePolicy | 'own'): string {
  const variant = filter.excludeUnverified ? 2 : 1;
  const by = (of: 'first' | 'last' | 'best'): string =>
    chosenByRange(of, RETAKEN, { from: '$3', to: '$4', variant, own: policy === 'own' });
  const retaken =
    policy === 'own'
      ? [by('first'), by('last'), by('best')].join(' UNION ALL ')
      : policy === 'all'
        ? `SELECT ${RETAKEN} FROM figure_attempts f WHERE false`
        : by(policy);
  return `WITH retaken AS MATERIALIZED (
      -- Exact decimals are dear to make: once.
      SELECT f.provider AS key, date_bin('15 minutes', f.done_at, 'epoch') AS bucket, f.percentage::numeric AS percentage, f.passed, f.token
      FROM (${retaken}) f
    ), sums AS MATERIALIZED (
      SELECT split_part(s.key, ' ', 1) AS key, s.started, s.unended, s.step_gaps, s.completed, s.abandoned, s.no_score, s.seconds, s.test,
             s.revoked, s.unverified, s.${policy}_n AS n, s.${policy}_sum AS total, s.${policy}_passed AS passed,
             s.${policy}_failed AS failed, s.${policy}_token AS token
      FROM ${sumsOfSpans(variant)} s
      UNION ALL
      SELECT r.key, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(r.percentage), coalesce(sum(r.percentage), 0),
             count(*) FILTER (WHERE r.passed), count(*) FILTER (WHERE NOT r.passed), count(*) FILTER (WHERE r.token)
      FROM retaken r GROUP BY 1
    )`;
}

/** The columns of figure_sums that hold for what was asked. */
async function policyOf(db: Queryable, figures: ClassFigures): Promise<RetakePolicy | 'own'> {
  const { policy, fallback } = figures.filter;
  return policy ?? ((await anyOwnPolicy(db, figures)) ? 'own' : fallback);
}

/** Sums by each activity's own policy are behind for a while after the workspace's changed; mostly no activity has one. */
export async function anyOwnPolicy(db: Queryable, { scope }: ClassFigures): Promise<boolean> {
  const rows = await db.query<{ any: boolean }>(
    'SELECT EXISTS (SELECT FROM activities WHERE workspace = $1 AND attempts_policy IS NOT NULL) AS any',
    [scope.workspace],
  );
  return rows[0]?.any === true;
}
