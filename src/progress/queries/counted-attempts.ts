/**
 * Which attempts figures are made of: the one place that says so. CTEs that the statements of this folder begin with.
 *
 * `considered`: every attempt of the scope with what it is for figures:
 *   done_at   when it was completed, given up or stopped; null while it runs
 *   at        done_at, else when it opened
 *   left_out  why it is in no figure: test (a test play, or a test person), revoked, unverified (only if asked); else null
 * `counted`: those with left_out null, and:
 *   finished  completed, within from/to by done_at
 *   chosen    finished and used by the retake policy: among a learner's finished attempts at an activity, those with a
 *             percentage first; `first` and `last` by done_at, `best` by percentage (the earlier of two equals)
 *   scored    chosen, with a percentage: the attempts of every average
 *   leads     the first in the order above of a learner's finished attempts at an activity, whatever the policy: one for each
 *             learner, with a percentage if any of them has one. Counting them spares a sort that DISTINCT would need.
 *   by_first, by_last, by_best   (asked for with `every`) finished and used by that policy
 *   seconds   the time that counts, of attempts done within from/to. The wall clock of an abandoned attempt does not: it
 *             often ran until the learner began anew, days later.
 *
 * Materialized, or a plan made without statistics sorts it anew for each activity.
 *
 * `left_out`: how many of each activity are left out for which reason, within from/to by `at`.
 *
 * Parameters $1 to $7: see figureValues. Figures of activities can be narrowed to the learners of some cohorts, by a parameter
 * of the statement's own.
 */
import { inCohorts } from '../../cohorts/scope.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { RetakePolicy } from '../figures/retake-policy.ts';

/** Whose attempts: one learner's, or those at some activities. */
export type FigureScope = { learnerId: Uuid } | { activityIds: readonly Uuid[] };

export interface FigureFilter {
  /** Half-open; null: open. */
  from: Instant | null;
  to: Instant | null;
  /** Leave out what only a secret URL proves; null: as the workspace's settings say (figureSettings). */
  excludeUnverified: boolean | null;
  /** The retake policy; null: each activity's own, else the fallback. A learner's figures have one for all activities. */
  policy: RetakePolicy | null;
  fallback: RetakePolicy;
}

const POLICY = {
  learner: 'coalesce($6::text, $7::text)',
  groups: 'coalesce(a.attempts_policy, $7::text)',
  activities: 'coalesce($6::text, a.attempts_policy, $7::text)',
} as const;

/** The parameters $1 to $7 of countedAttempts; a statement's own ones follow. */
export function figureValues(workspace: number, scope: FigureScope, filter: FigureFilter): unknown[] {
  return [
    workspace,
    'learnerId' in scope ? scope.learnerId : scope.activityIds,
    filter.from,
    filter.to,
    filter.excludeUnverified,
    filter.policy,
    filter.fallback,
  ];
}

// Of activities, each one's attempts by the index on them, and nothing else: OFFSET 0 keeps the planner from reading all
// attempts of the workspace, or all of another index for each activity, which it does while it has no statistics; the outer
// one from joining learners once for each activity.
const FROM = {
  learner: () => `(SELECT x.* FROM attempts x
      JOIN activities t ON t.workspace = x.workspace AND t.id = x.activity_id
      WHERE x.workspace = $1 AND x.learner_id = $2::uuid)`,
  activities: (cohorts: string | null) => `(SELECT x.*, t.attempts_policy FROM activities t
      CROSS JOIN LATERAL (SELECT y.* FROM attempts y WHERE y.workspace = $1 AND y.activity_id = t.id${
        cohorts === null ? '' : ` AND ${inCohorts('y.learner_id', cohorts)}`
      } OFFSET 0) x
      WHERE t.workspace = $1 AND t.id = ANY ($2::uuid[]) OFFSET 0)`,
  // As src/progress/project/attempts-store.ts reads groups: pair by pair along the index, statistics or not.
  groups: () => `(SELECT x.*, t.attempts_policy FROM unnest($2::uuid[], $8::uuid[]) AS g (learner_id, activity_id)
      CROSS JOIN LATERAL (SELECT y.attempts_policy FROM activities y WHERE y.workspace = $1 AND y.id = g.activity_id OFFSET 0) t
      CROSS JOIN LATERAL (SELECT y.* FROM attempts y WHERE y.workspace = $1
        AND (y.learner_id, y.activity_id) >= (g.learner_id, g.activity_id)
        AND (y.learner_id, y.activity_id) <= (g.learner_id, g.activity_id) OFFSET 0) x)`,
} as const;

/** Which of a learner's finished attempts a policy prefers, those with a percentage first. */
const ORDERS = [
  ['first', 's.done_at, s.id'],
  ['last', 's.done_at DESC NULLS LAST, s.done_at, s.id'],
  ['best', 's.percentage DESC NULLS LAST, s.done_at, s.id'],
] as const;

/** The same, by the policy of each. */
const ORDER = `CASE WHEN s.policy = 'best' THEN s.percentage END DESC NULLS LAST,
  CASE WHEN s.policy = 'last' THEN s.done_at END DESC NULLS LAST, s.done_at, s.id`;

function placeBy(order: string): string {
  return `row_number() OVER (PARTITION BY s.learner_id, s.activity_id, s.finished ORDER BY s.percentage IS NULL, ${order})`;
}

/** SQL: whether only a secret URL proves the attempt, and nobody vouched for it. */
function unproved(attempt: string): string {
  return `(${attempt}.verification = 'token' AND ${attempt}.confirmed_at IS NULL)`;
}

/** SQL: whether a time lies within from and to. */
export function inRange(time: string): string {
  return `(${time} >= coalesce($3::timestamptz, '-infinity') AND ${time} < coalesce($4::timestamptz, 'infinity'))`;
}

/**
 * `WITH considered AS (…), …, counted AS (…), left_out AS (…)`. `cohorts`: the parameter (`'$8'`) with the cohorts whose learners
 * count (CohortScope), for figures of activities; of one learner, who asks was checked before. `every`: with by_first, by_last, by_best.
 */
export function countedAttempts(of: FigureScope, cohorts: string | null = null, every = false): string {
  const scope = 'learnerId' in of ? 'learner' : 'activities';
  const place = every
    ? `CASE p.policy WHEN 'best' THEN p.place_best WHEN 'last' THEN p.place_last ELSE p.place_first END`
    : 'p.place';
  return `${considered(scope, cohorts)}, standing AS (
    SELECT c.*, c.state = 'completed' AND ${inRange('c.done_at')} AS finished
    FROM considered c WHERE c.left_out IS NULL
  ), placed AS (
    SELECT s.*, ${every ? ORDERS.map(([name, order]) => `${placeBy(order)} AS place_${name}`).join(', ') : `${placeBy(ORDER)} AS place`}
    FROM standing s
  ), counted AS MATERIALIZED (
    SELECT p.*, chosen.yes AS chosen, chosen.yes AND p.percentage IS NOT NULL AS scored,
           p.finished AND ${place} = 1 AS leads,
           ${every ? ORDERS.map(([name]) => `p.finished AND p.place_${name} = 1 AS by_${name},`).join(' ') : ''}
           CASE WHEN ${inRange('p.done_at')} AND NOT (p.state = 'abandoned' AND p.time_kind = 'wall_clock')
                THEN p.time_spent_seconds END AS seconds
    FROM placed p CROSS JOIN LATERAL (SELECT p.finished AND (p.policy = 'all' OR ${place} = 1) AS yes) chosen
  ), left_out AS (
    SELECT x.activity_id, count(*) FILTER (WHERE x.left_out = 'test') AS test,
           count(*) FILTER (WHERE x.left_out = 'revoked') AS revoked,
           count(*) FILTER (WHERE x.left_out = 'unverified') AS unverified
    FROM considered x WHERE x.left_out IS NOT NULL AND ${inRange('x.at')} GROUP BY 1
  )`;
}

/** SQL: the columns of BasisCounts over `counted c`: of all of it, or grouped by the activities `t`. */
export function basisColumns(of: FigureScope): string {
  const ofLearner = 'learnerId' in of;
  const leftOut = (reason: string): string =>
    `(SELECT coalesce(sum(o.${reason}), 0)::int FROM left_out o${ofLearner ? '' : ' WHERE o.activity_id = t.id'})`;
  return `count(*) FILTER (WHERE c.scored)::int AS n,
    ${ofLearner ? 'least(count(*) FILTER (WHERE c.scored), 1)' : 'count(*) FILTER (WHERE c.leads AND c.percentage IS NOT NULL)'}::int AS learners,
    count(*) FILTER (WHERE c.chosen AND c.token)::int AS unverified,
    count(*) FILTER (WHERE c.finished AND c.percentage IS NULL)::int AS "noScore",
    ${leftOut('test')} AS "excludedTest",
    ${leftOut('revoked')} AS "excludedRevoked",
    ${leftOut('unverified')} AS "excludedUnverified"`;
}

/** `WITH considered AS (…)` of all attempts of the learners in $2 at the activities beside them in $8; $3, $4 and $6 are not used. */
export function consideredGroups(): string {
  return `${considered('groups', null)}, given AS (SELECT $3::timestamptz, $4::timestamptz, $6::text)`;
}

function considered(scope: keyof typeof FROM, cohorts: string | null): string {
  return `WITH considered AS (
    SELECT a.id, a.learner_id, a.activity_id, a.source_id, a.provider, a.state, a.percentage, a.verification, a.confirmed_at,
           a.time_kind, a.time_spent_seconds, a.opened_at, a.last_at, done.at AS done_at, ${unproved('a')} AS token,
           coalesce(done.at, a.opened_at) AS at, ${POLICY[scope]} AS policy,
           CASE WHEN a.test OR learner.excluded THEN 'test'
                WHEN a.state = 'revoked' THEN 'revoked'
                WHEN ${unproved('a')} AND coalesce($5::boolean,
                  (SELECT w.settings #>> '{figures,unverified}' = 'exclude' FROM workspaces w WHERE w.id = $1),
                  false) THEN 'unverified' END AS left_out
    FROM ${FROM[scope](cohorts)} a
    JOIN learners learner ON learner.workspace = a.workspace AND learner.id = a.learner_id
    CROSS JOIN LATERAL (SELECT CASE
      WHEN a.state = 'completed' THEN coalesce(a.completed_at, a.ended_at, a.last_at)
      WHEN a.state IN ('abandoned', 'stopped') THEN coalesce(a.ended_at, a.last_at)
      WHEN a.state = 'revoked' THEN coalesce(a.completed_at, a.ended_at) END AS at) done
  )`;
}
