/**
 * The completed attempts of one activity, as a relation with which the statements about one activity begin. Of a large one that is
 * the index figure_attempts_activity, which has them in the order of time: what needs the newest reads the newest.
 *
 * `entries`: id, learner_id, done_at, percentage and, as ../counted-attempts.ts explains them, finished and chosen.
 * `scores`: how often each percentage comes, for the basis and whatever counts: left_out (why these count nowhere; else null),
 * percentage, completed, chosen, token (chosen, and only a secret URL proves it), leads. There are few percentages and many attempts.
 * Where the basis stands in sums (hasKeptBasis), left_out, percentage and chosen alone.
 *
 * Parameters $1 to $8: see classValues.
 */
import type { RetakePolicy } from '../../figures/retake-policy.ts';
import { inRange } from '../counted-attempts.ts';
import { type ClassFigures, classAttempts } from './class-attempts.ts';

/** `WITH … entries AS (…), scores AS (…)`. */
export function activityAttempts(figures: ClassFigures): string {
  return figures.source === 'live' ? live(figures) : stored(figures);
}

/** SQL: the columns of BasisCounts over `scores s`. */
const SCORES_BASIS = `coalesce(sum(s.chosen) FILTER (WHERE s.left_out IS NULL AND s.percentage IS NOT NULL), 0)::int AS n,
  coalesce(sum(s.leads) FILTER (WHERE s.left_out IS NULL AND s.percentage IS NOT NULL), 0)::int AS learners,
  coalesce(sum(s.token) FILTER (WHERE s.left_out IS NULL), 0)::int AS unverified,
  coalesce(sum(s.completed) FILTER (WHERE s.left_out IS NULL AND s.percentage IS NULL), 0)::int AS "noScore",
  coalesce(sum(s.completed) FILTER (WHERE s.left_out = 'test'), 0)::int AS "excludedTest",
  coalesce(sum(s.completed) FILTER (WHERE s.left_out = 'revoked'), 0)::int AS "excludedRevoked",
  coalesce(sum(s.completed) FILTER (WHERE s.left_out = 'unverified'), 0)::int AS "excludedUnverified"`;

/**
 * Whether the basis stands in the sums of figure_sums already: over all time, of everybody. Without a policy it is the activity's own
 * of now, which the sums may not know yet.
 */
export function hasKeptBasis({ source, scope, filter }: ClassFigures): boolean {
  const all = filter.from === null && filter.to === null && scope.cohorts === null;
  return source === 'stored' && all && filter.policy !== null;
}

/** SQL: the basis as JSON, from the sums where it stands there, else from `scores`, which then need not be made. */
export function basisSql(figures: ClassFigures): string {
  const { policy, excludeUnverified } = figures.filter;
  if (!hasKeptBasis(figures)) return `(SELECT to_json(x) FROM (SELECT ${SCORES_BASIS} FROM scores s) x)`;
  const sum = (column: string): string => `coalesce(sum(s.${column}), 0)::int`;
  return `(SELECT to_json(x) FROM (
    SELECT ${sum(`${policy}_n`)} AS n, ${sum('first_n')} AS learners, ${sum(`${policy}_token`)} AS unverified, ${sum('no_score')} AS "noScore",
           ${sum('test')} AS "excludedTest", ${sum('revoked')} AS "excludedRevoked",
           ${excludeUnverified ? sum('unverified') : '0'} AS "excludedUnverified"
    FROM figure_sums s WHERE s.workspace = $1 AND s.scope = 'activity' AND s.key = ($2::uuid[])[1]::text
      AND s.variant IN (0, ${excludeUnverified ? 2 : 1})) x)`;
}

function live(figures: ClassFigures): string {
  return `${classAttempts(figures, { lean: true })}, scores AS MATERIALIZED (
    SELECT NULL AS left_out, c.percentage, count(*) AS completed, count(*) FILTER (WHERE c.chosen) AS chosen,
           count(*) FILTER (WHERE c.chosen AND c.token) AS token, count(*) FILTER (WHERE c.leads) AS leads
    FROM entries c WHERE c.finished GROUP BY c.percentage
    UNION ALL
    SELECT r.reason, NULL, r.count, 0, 0, 0 FROM left_out o
    CROSS JOIN LATERAL (VALUES ('test', o.test), ('revoked', o.revoked), ('unverified', o.unverified)) AS r (reason, count)
  )`;
}

function stored(figures: ClassFigures): string {
  const { given, rows, chosen, counts } = storedActivity(figures);
  // Without the basis nothing asks for more.
  const scores = hasKeptBasis(figures)
    ? `SELECT NULL AS left_out, f.percentage, count(*) FILTER (WHERE ${chosen}) AS chosen
       FROM ${rows()} f WHERE f.left_out IS NULL AND f.state = 'completed' GROUP BY 2`
    : `SELECT f.left_out, f.percentage, ${counts}
       FROM ${rows()} f WHERE f.left_out IS NOT NULL OR f.state = 'completed' GROUP BY 1, 2`;
  return `WITH ${given}, entries AS NOT MATERIALIZED (
    SELECT f.attempt_id AS id, f.learner_id, f.at AS done_at, f.percentage, true AS finished, ${chosen} AS chosen
    FROM ${rows()} f WHERE f.left_out IS NULL AND f.state = 'completed'
  ), scores AS MATERIALIZED (
    ${scores}
  )`;
}

/** SQL: whether the policy chooses a finished attempt `f` of figure_attempts within the filter's range. */
function chosenBy(policy: RetakePolicy, { filter }: ClassFigures): string {
  if (policy === 'all') return 'true';
  const [before, after] = [`f.${policy}_before`, `f.${policy}_after`];
  return `(${before} IS NULL${filter.from === null ? '' : ` OR ${before} < $3::timestamptz`})
    AND (${after} IS NULL${filter.to === null ? '' : ` OR ${after} >= $4::timestamptz`})`;
}

/** The pieces of a statement that reads figure_attempts `f` of one activity within the range (of a completed one, `at` is done_at). */
export function storedActivity(figures: ClassFigures) {
  const { scope, filter } = figures;
  const by = (policy: RetakePolicy): string => chosenBy(policy, figures);
  const chosen =
    filter.policy !== null
      ? `(${by(filter.policy)})`
      : `CASE coalesce((SELECT o.attempts_policy FROM activities o WHERE o.workspace = $1 AND o.id = ($2::uuid[])[1]), $7::text)
           WHEN 'all' THEN true WHEN 'first' THEN ${by('first')} WHEN 'best' THEN ${by('best')} ELSE ${by('last')} END`;
  const of = (x: string): string => `${x}.workspace = $1 AND ${x}.activity_id = ($2::uuid[])[1]`;
  const variant = (x: string): string => `${x}.variant IN (0, ${filter.excludeUnverified ? 2 : 1})`;
  // Of a class, learner by learner along the index: the planner would rather read the whole activity.
  const rows = (within = inRange('x.at')): string =>
    scope.cohorts === null
      ? `(SELECT x.* FROM figure_attempts x WHERE ${of('x')} AND ${variant('x')} AND ${within})`
      : `(SELECT x.* FROM (SELECT DISTINCT m.learner_id FROM cohort_members m
            WHERE m.workspace = $1 AND m.cohort_id = ANY ($8::uuid[])) m
          CROSS JOIN LATERAL (SELECT y.* FROM figure_attempts y WHERE ${of('y')} AND y.learner_id = m.learner_id OFFSET 0) x
          WHERE ${variant('x')} AND ${within})`;
  return {
    /** Says of which types the parameters are that a form does not use. */
    given:
      'given AS (SELECT $2::uuid[], $3::timestamptz, $4::timestamptz, $5::boolean, $6::text, $7::text, $8::uuid[])',
    rows,
    chosen,
    of,
    counts: `count(*) AS completed, count(*) FILTER (WHERE ${chosen}) AS chosen,
      count(*) FILTER (WHERE f.token AND ${chosen}) AS token, count(*) FILTER (WHERE ${by('first')}) AS leads`,
  };
}
