/**
 * Totals, days and platforms of a whole workspace from the 15-minute sums that the worker keeps: the work grows with the length
 * of the range and not with the attempts in it. The sums hold what a policy chooses over all time; what it chooses only because
 * from and to leave a better, earlier or later attempt out (retakes) is added from figure_attempts.
 */
import type { Queryable } from '../../../db/database.ts';
import { inRange } from '../counted-attempts.ts';
import type { ClassFigures } from './class-attempts.ts';
import type { DayFigures, OverviewFigures, PlatformFigures } from './overview-figures.ts';
import { SPAN, sumsOfRange, wholeDays } from './sums-of-range.ts';

/** As overviewFigures. `from` and `to` of the filter must lie on quarter hours (./quarters.ts). `asOf`: nothing is later. */
export async function storedOverview(
  db: Queryable,
  figures: ClassFigures,
  tz: string,
  asOf: Date,
): Promise<OverviewFigures> {
  const { filter } = figures;
  const zone = '$2::text';
  const policy = filter.policy ?? ((await anyOwnPolicy(db, figures)) ? 'own' : filter.fallback);
  const variant = filter.excludeUnverified ? 2 : 1;
  const open = filter.to === null || new Date(filter.to) > asOf;
  const retaken = (name: string): string =>
    policy === 'own'
      ? `CASE f.own WHEN 'all' THEN NULL WHEN 'first' THEN f.first_${name} WHEN 'best' THEN f.best_${name} ELSE f.last_${name} END`
      : policy === 'all'
        ? 'NULL::timestamptz'
        : `f.${policy}_${name}`;
  const counts = `sum(s.started)::int AS "attemptsStarted", sum(s.completed)::int AS "attemptsCompleted",
    (sum(s.total) / nullif(sum(s.n), 0))::float8 AS "averagePercentage"`;
  const quarters = (v: number): string =>
    `FROM figure_sums WHERE workspace = $1 AND scope = 'quarter' AND variant = ${v}`;
  const rows = await db.query<{
    totals: Omit<OverviewFigures['totals'], 'basis'>;
    basis: OverviewFigures['totals']['basis'];
    trend: DayFigures[];
    platforms: PlatformFigures[];
  }>(
    `WITH kept AS MATERIALIZED (
       SELECT split_part(s.key, ' ', 1) AS key, s.started, s.unended, s.step_gaps, s.completed, s.abandoned, s.no_score, s.seconds, s.test,
              s.revoked, s.unverified, s.${policy}_n AS n, s.${policy}_sum AS total, s.${policy}_passed AS passed,
              s.${policy}_failed AS failed, s.${policy}_token AS token
       FROM ${sumsOfRange(variant)} s
     ), retaken AS MATERIALIZED (
       SELECT f.provider AS key, date_bin('15 minutes', f.done_at, 'epoch') AS bucket, f.percentage, f.passed, f.token
       FROM figure_attempts f
       CROSS JOIN LATERAL (SELECT ${retaken('before')} AS before, ${retaken('after')} AS after) p
       WHERE (${SPAN} @> $3::timestamptz OR ${SPAN} @> $4::timestamptz)
         AND f.workspace = $1 AND f.variant IN (0, ${variant}) AND ${inRange('f.done_at')}
         AND coalesce(f.first_before, f.first_after, f.last_before, f.last_after, f.best_before, f.best_after) IS NOT NULL
         AND f.state = 'completed' AND f.left_out IS NULL AND (p.before IS NOT NULL OR p.after IS NOT NULL)
         AND coalesce(p.before < $3::timestamptz, p.before IS NULL)
         AND coalesce(p.after >= $4::timestamptz, p.after IS NULL)
     ), reach AS (
       SELECT greatest($3::timestamptz, (SELECT min(v.at) FROM (${[0, variant].map((v) => `SELECT min(bucket) AS at ${quarters(v)}`).join(' UNION ALL ')}) v)) AS first,
              least($4::timestamptz, (SELECT max(v.at) FROM (${[0, variant].map((v) => `SELECT max(bucket) AS at ${quarters(v)}`).join(' UNION ALL ')}) v)) AS last
     ), zone AS MATERIALIZED (
       -- Where the days of the zone begin: finding one among them is far cheaper than asking the zone for each quarter hour.
       SELECT (r.first AT TIME ZONE ${zone})::date AS first_day, ARRAY(
         SELECT d AT TIME ZONE ${zone} FROM generate_series(date_trunc('day', r.first AT TIME ZONE ${zone}), r.last AT TIME ZONE ${zone}, '1 day') d
         ORDER BY 1) AS starts
       FROM reach r
     ), sums AS MATERIALIZED (
       SELECT * FROM kept
       UNION ALL
       SELECT r.key, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(r.percentage), coalesce(sum(r.percentage::numeric), 0),
              count(*) FILTER (WHERE r.passed), count(*) FILTER (WHERE NOT r.passed), count(*) FILTER (WHERE r.token)
       FROM retaken r GROUP BY 1
     )
     SELECT (SELECT to_json(x) FROM (
         SELECT 0 AS learners, coalesce(sum(s.started), 0)::int AS "attemptsStarted",
                coalesce(sum(s.completed), 0)::int AS "attemptsCompleted",
                (sum(s.total) / nullif(sum(s.n), 0))::float8 AS "averagePercentage",
                coalesce(sum(s.abandoned), 0)::int AS "attemptsAbandoned", coalesce(sum(s.passed), 0)::int AS passed,
                coalesce(sum(s.failed), 0)::int AS failed, coalesce(sum(s.seconds), 0)::float8 AS "timeSeconds",
                coalesce(sum(s.unended), 0)::int AS "startedWithoutEnd", coalesce(sum(s.step_gaps), 0)::int AS "stepGaps"
         FROM sums s) x) AS totals,
       (SELECT to_json(x) FROM (
         SELECT coalesce(sum(s.n), 0)::int AS n, 0 AS learners, coalesce(sum(s.token), 0)::int AS unverified,
                coalesce(sum(s.no_score), 0)::int AS "noScore", coalesce(sum(s.test), 0)::int AS "excludedTest",
                coalesce(sum(s.revoked), 0)::int AS "excludedRevoked",
                CASE WHEN $5::boolean THEN coalesce(sum(s.unverified), 0)::int ELSE 0 END AS "excludedUnverified"
         FROM sums s) x) AS basis,
       (SELECT coalesce(json_agg(x ORDER BY x.date), '[]') FROM (
         SELECT to_char(z.first_day + s.day, 'YYYY-MM-DD') AS date, ${counts}
         FROM zone z CROSS JOIN LATERAL (
           SELECT width_bucket(s.bucket, z.starts) - 1 AS day, sum(s.started) AS started, sum(s.completed) AS completed,
                  sum(s.${policy}_sum) AS total, sum(s.${policy}_n) AS n
           FROM figure_sums s
           WHERE s.workspace = $1 AND s.scope = 'quarter' AND s.variant IN (0, ${variant}) AND ${inRange('s.bucket')}
           GROUP BY 1
           UNION ALL
           SELECT width_bucket(r.bucket, z.starts) - 1, 0, 0, sum(r.percentage::numeric), count(*)
           FROM retaken r WHERE r.percentage IS NOT NULL GROUP BY 1
         ) s
         GROUP BY 1 HAVING sum(s.started) + sum(s.completed) > 0) x) AS trend,
       (SELECT coalesce(json_agg(x ORDER BY x."attemptsCompleted" DESC, x.provider), '[]') FROM (
         SELECT s.key AS provider, ${counts} FROM sums s GROUP BY 1
         HAVING sum(s.started) + sum(s.completed) + sum(s.unended) > 0) x) AS platforms`,
    [figures.scope.workspace, tz, filter.from, filter.to, filter.excludeUnverified, ...wholeDays(filter)],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  const people = open ? await openLearners(db, figures) : await rangeLearners(db, figures);
  return {
    totals: {
      ...row.totals,
      learners: people.active,
      basis: { ...row.basis, learners: people.scored },
    },
    trend: row.trend,
    platforms: row.platforms,
  };
}

interface People {
  active: number;
  scored: number;
}

/** Nothing is later than the range: who was active in it is who was last active in it. */
async function openLearners(db: Queryable, { scope, filter }: ClassFigures): Promise<People> {
  const proved = filter.excludeUnverified ? '_proved' : '';
  const rows = await db.query<People>(
    `SELECT count(*) FILTER (WHERE active${proved}_at >= coalesce($2::timestamptz, '-infinity'))::int AS active,
            count(*) FILTER (WHERE scored${proved}_at >= coalesce($2::timestamptz, '-infinity'))::int AS scored
     FROM figure_learners WHERE workspace = $1`,
    [scope.workspace, filter.from],
  );
  return rows[0] ?? { active: 0, scored: 0 };
}

async function rangeLearners(db: Queryable, { scope, filter }: ClassFigures): Promise<People> {
  const rows = await db.query<People>(
    `SELECT count(*)::int AS active, count(*) FILTER (WHERE scored)::int AS scored FROM (
       SELECT bool_or(f.state = 'completed' AND f.percentage IS NOT NULL) AS scored
       FROM figure_attempts f
       WHERE f.workspace = $1 AND f.variant IN (0, $4) AND f.left_out IS NULL
         AND f.active_at >= coalesce($2::timestamptz, '-infinity') AND f.active_at < coalesce($3::timestamptz, 'infinity')
       GROUP BY f.learner_id) l`,
    [scope.workspace, filter.from, filter.to, filter.excludeUnverified ? 2 : 1],
  );
  return rows[0] ?? { active: 0, scored: 0 };
}

/** Sums by each activity's own policy are behind for a while after the workspace's changed; mostly no activity has one. */
async function anyOwnPolicy(db: Queryable, { scope }: ClassFigures): Promise<boolean> {
  const rows = await db.query<{ any: boolean }>(
    'SELECT EXISTS (SELECT FROM activities WHERE workspace = $1 AND attempts_policy IS NOT NULL) AS any',
    [scope.workspace],
  );
  return rows[0]?.any === true;
}
