/**
 * The attempts that figures over many learners are made of, as a relation `entries` with which the statements of this folder
 * begin; read from the attempts themselves (`live`), or from the narrow copy that the worker keeps (`stored`,
 * src/progress/rollups). Both give the same rows; only how fresh they are differs (./source.ts says which one is read).
 *
 * Columns: id, learner_id, activity_id, source_id, provider, state, verification, percentage, token (only a secret URL proves it), opened_at,
 * done_at, active_at (when it was done, else last heard of), exact (the percentage of a finished one as an exact decimal: dear to make, so once), told_start (its platform tells when attempts begin), time_kind, passed,
 * step_gap, and, as src/progress/queries/counted-attempts.ts explains them, finished, chosen, scored, leads, seconds. With `areas` also
 * areas: [[kind, name, parent, wrong, total, unanswered], …].
 *
 * `left_out (activity_id, test, revoked, unverified)`: how many are left out for which reason.
 *
 * Parameters $1 to $8: see classValues.
 */
import { type CohortScope, memberOf } from '../../../cohorts/scope.ts';
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import { countedAttempts, type FigureFilter, figureValues, inRange } from '../counted-attempts.ts';
import { attemptAreas } from './attempt-areas.ts';
import { passedSql, stepGapSql, toldStartSql } from './attempt-columns.ts';

/** Whose attempts at what: at one activity or at all; of the learners of some cohorts or of everybody. */
export interface ClassScope {
  workspace: number;
  activityId: Uuid | null;
  /** Only at these, where activityId is null. */
  activityIds?: readonly Uuid[];
  cohorts: CohortScope;
}

export interface ClassFigures {
  scope: ClassScope;
  filter: FigureFilter & { excludeUnverified: boolean };
  source: 'live' | 'stored';
}

/** The parameters $1 to $8; a statement's own ones follow from $9. */
export async function classValues(db: Queryable, { scope, filter, source }: ClassFigures): Promise<unknown[]> {
  if (source === 'stored') {
    return [...figureValues(scope.workspace, { activityIds: oneOrAll(scope) }, filter), scope.cohorts];
  }
  // Live is for what is small: then its activities are few as well.
  const ids =
    scope.activityId === null
      ? (
          await db.query<{ id: Uuid }>(
            `SELECT t.id FROM activities t
             WHERE t.workspace = $1 AND EXISTS (SELECT FROM attempts a WHERE a.workspace = $1 AND a.activity_id = t.id)`,
            [scope.workspace],
          )
        ).map((row) => row.id)
      : [scope.activityId];
  return [...figureValues(scope.workspace, { activityIds: ids }, filter), scope.cohorts];
}

function oneOrAll(scope: ClassScope): readonly Uuid[] {
  return scope.activityId === null ? (scope.activityIds ?? []) : [scope.activityId];
}

/**
 * `WITH … entries AS (…), left_out AS (…)`. `newest`: of stored ones so many only, those left out among them (column
 * left_out). `lean`: only the completed ones and id, learner_id, activity_id, state, percentage, token, done_at, finished, chosen,
 * scored and leads, which the index figure_attempts_activity holds (of a completed one `at` is done_at).
 * `every`: with by_first, by_last and by_best, and maybe without step_gap. Stored ones with `areas` have by_last as well.
 */
export function classAttempts(
  figures: ClassFigures,
  options: { areas?: boolean; newest?: number; lean?: boolean; every?: boolean } = {},
): string {
  return figures.source === 'live'
    ? options.lean === true
      ? liveScores()
      : live(options.areas === true, options.every === true)
    : options.lean === true
      ? storedScores(figures)
      : stored(figures, options);
}

function liveScores(): string {
  return `${countedAttempts({ activityIds: [] }, '$8')}, entries AS MATERIALIZED (
    SELECT c.id, c.learner_id, c.activity_id, c.state, c.percentage, c.token, c.done_at, c.finished, c.chosen, c.scored, c.leads
    FROM counted c WHERE c.finished
  )`;
}

function live(areas: boolean, every: boolean): string {
  return `${countedAttempts({ activityIds: [] }, '$8', every)}, entries AS MATERIALIZED (
    SELECT c.id, c.learner_id, c.activity_id, c.source_id, c.provider, c.state, c.verification, c.percentage, c.token,
           c.opened_at, c.done_at, coalesce(c.done_at, a.last_at) AS active_at, ${toldStartSql('a')} AS told_start,
           c.time_kind, ${passedSql('a', 't')} AS passed, ${every ? '' : `${stepGapSql('a')} AS step_gap,`} c.finished, c.chosen, c.scored, c.leads,
           ${every ? 'c.by_first, c.by_last, c.by_best,' : ''} c.seconds,
           CASE WHEN c.finished THEN c.percentage::numeric END AS exact ${areas ? `, ${attemptAreas('a')} AS areas` : ''}
    FROM counted c
    JOIN attempts a ON a.workspace = $1 AND a.id = c.id
    JOIN activities t ON t.workspace = $1 AND t.id = c.activity_id
  )`;
}

/**
 * `WITH … entries AS (…)`: id and at of every attempt that counts within the range, whatever the policy. Not materialized, so that
 * what is asked of it is asked of the index.
 */
export function countingAttempts(figures: ClassFigures): string {
  if (figures.source === 'live') {
    return `${countedAttempts({ activityIds: [] }, '$8')}, entries AS (
      SELECT c.id, c.at FROM counted c WHERE ${inRange('c.at')}
    )`;
  }
  const { where, rows, given } = storedParts(figures);
  return `WITH ${given}, entries AS (
    SELECT f.attempt_id AS id, f.at FROM ${rows} f WHERE ${where} AND f.left_out IS NULL AND ${inRange('f.at')}
  )`;
}

/** The pieces of both forms of reading figure_attempts `f`. */
function storedParts({ scope, filter }: ClassFigures) {
  const from = `coalesce($3::timestamptz, '-infinity')`;
  const to = `coalesce($4::timestamptz, 'infinity')`;
  const by = (policy: string): string =>
    `coalesce(f.${policy}_before < ${from}, true) AND coalesce(f.${policy}_after >= ${to}, true)`;
  const chosen =
    filter.policy === null
      ? `CASE coalesce(t.attempts_policy, $7::text) WHEN 'all' THEN true WHEN 'first' THEN ${by('first')}
           WHEN 'best' THEN ${by('best')} ELSE ${by('last')} END`
      : filter.policy === 'all'
        ? 'true'
        : by(filter.policy);
  const byLearner = scope.cohorts !== null && scope.activityId === null;
  const ofActivities = scope.activityIds === undefined ? '' : 'AND f.activity_id = ANY ($2::uuid[])';
  const where = `f.workspace = $1 AND f.variant IN (0, ${filter.excludeUnverified ? 2 : 1})
      ${scope.activityId === null ? ofActivities : 'AND f.activity_id = ($2::uuid[])[1]'}
      ${scope.cohorts === null || byLearner ? '' : `AND ${memberOf('f.learner_id', '$8')}`}`;
  const rows = byLearner ? 'of_members' : 'figure_attempts';
  const leftOut = leftOutOf(rows, where);
  // Learner by learner along the index: the planner would rather read everything that happened. Once, for entries and left_out. Every
  // time that is asked for lies between the two of the index, so what the range does not touch is not fetched.
  const ofMembers = `of_members AS (
    SELECT f.* FROM (SELECT DISTINCT m.learner_id FROM cohort_members m
      WHERE m.workspace = $1 AND m.cohort_id = ANY ($8::uuid[])) m
    CROSS JOIN LATERAL (SELECT x.* FROM figure_attempts x
      WHERE x.workspace = $1 AND x.learner_id = m.learner_id
        AND greatest(x.opened_at, x.active_at) >= ${from} AND least(x.opened_at, x.active_at) < ${to} OFFSET 0) f
    WHERE ${where}
  )`;
  // `given` only says of which types the parameters are that a form does not use.
  const types = 'given AS (SELECT $2::uuid[], $5::boolean, $6::text, $7::text, $8::uuid[])';
  const given = byLearner ? `${types}, ${ofMembers}` : types;
  return { by, from, first: by('first'), chosen, where, rows, leftOut, given, byLearner };
}

function leftOutOf(rows: string, where: string): string {
  return `left_out AS (
    SELECT f.activity_id, count(*) FILTER (WHERE f.left_out = 'test') AS test,
           count(*) FILTER (WHERE f.left_out = 'revoked') AS revoked,
           count(*) FILTER (WHERE f.left_out = 'unverified') AS unverified
    FROM ${rows} f WHERE ${where} AND f.left_out IS NOT NULL AND ${inRange('f.at')} GROUP BY 1
  )`;
}

/** Those that choose one attempt of a learner at an activity. */
const POLICIES = ['first', 'last', 'best'] as const;

function storedScores(figures: ClassFigures): string {
  const { first, chosen, where, rows, leftOut, given } = storedParts(figures);
  return `WITH ${given}, entries AS MATERIALIZED (
    SELECT f.attempt_id AS id, f.learner_id, f.activity_id, f.state, f.percentage, f.token, f.at AS done_at, true AS finished,
           chosen.yes AS chosen, chosen.yes AND f.percentage IS NOT NULL AS scored, ${first} AS leads
    FROM ${rows} f
    ${figures.filter.policy === null ? 'JOIN activities t ON t.workspace = f.workspace AND t.id = f.activity_id' : ''}
    CROSS JOIN LATERAL (SELECT ${chosen} AS yes) chosen
    WHERE ${where} AND f.left_out IS NULL AND f.state = 'completed' AND ${inRange('f.at')}
  ), ${leftOut}`;
}

function stored(figures: ClassFigures, options: { areas?: boolean; newest?: number; every?: boolean }): string {
  const { filter } = figures;
  const { areas = false, newest, every = false } = options;
  const { by, from, first, chosen, where, rows, leftOut, given, byLearner } = storedParts(figures);
  // Of a class all is kept once, what is left out with it: of a range that is little, and twice is twice as much.
  const once = byLearner && newest === undefined;
  return `WITH ${given}, ${once ? 'considered' : 'entries'} AS MATERIALIZED (
    SELECT f.attempt_id AS id, f.learner_id, f.activity_id, f.source_id, f.provider, f.state, f.verification, f.percentage, f.token, f.opened_at,
           f.done_at, f.at, f.left_out, f.active_at, f.told_start, f.time_kind, f.passed, f.step_gap, finished.yes AS finished,
           finished.yes AND chosen.yes AS chosen, finished.yes AND chosen.yes AND f.percentage IS NOT NULL AS scored,
           finished.yes AND ${first} AS leads,
           ${every ? POLICIES.map((policy) => `finished.yes AND ${by(policy)} AS by_${policy},`).join(' ') : ''}
           CASE WHEN ${inRange('f.done_at')} THEN f.seconds END AS seconds,
           CASE WHEN finished.yes THEN f.percentage::numeric END AS exact
           ${areas ? `, f.areas, finished.yes AND ${by('last')} AS by_last` : ''}
    FROM ${
      newest === undefined
        ? `${rows} f`
        : `(SELECT f.* FROM ${rows} f WHERE ${where} AND ${inRange('f.at')}
      ORDER BY f.active_at DESC, f.attempt_id DESC LIMIT ${newest}) f`
    }
    ${filter.policy === null ? 'LEFT JOIN activities t ON t.workspace = f.workspace AND t.id = f.activity_id AND t.attempts_policy IS NOT NULL' : ''}
    CROSS JOIN LATERAL (SELECT coalesce(f.state = 'completed' AND ${inRange('f.done_at')}, false) AS yes) finished
    CROSS JOIN LATERAL (SELECT ${chosen} AS yes) chosen
    WHERE ${where} ${newest === undefined && !once ? 'AND f.left_out IS NULL' : ''}
      AND (f.active_at >= ${from} OR f.opened_at >= ${from})
  ), ${once ? `entries AS NOT MATERIALIZED (SELECT * FROM considered c WHERE c.left_out IS NULL), ${leftOutOf('considered', 'true')}` : leftOut}`;
}
