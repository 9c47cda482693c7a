/** The attempts that a figure was chosen from, with why each counts or not. */
import type { Uuid } from '../../../core/ids.ts';
import type { Verification } from '../../../core/vocabulary.ts';
import type { Queryable } from '../../../db/database.ts';
import { ATTEMPT_COLUMNS, ATTEMPT_JOINS, type AttemptRow } from '../attempt-summary.ts';
import { storedActivity } from '../class/activity-attempts.ts';
import { passedSql, toldStartSql } from '../class/attempt-columns.ts';
import { type ClassFigures, classAttempts, classValues } from '../class/class-attempts.ts';
import { sumsOfSpans, wholeSpans } from '../class/sums-of-range.ts';
import { countedAttempts, type FigureFilter, figureValues, inRange } from '../counted-attempts.ts';

/** How a figure uses attempts. */
export type Use = 'average' | 'chosen' | 'judged' | 'completed' | 'started' | 'timed' | 'active';
export type Reason = 'test' | 'revoked' | 'unverified' | 'noScore' | 'policy' | 'running';

export type Explainable =
  | { learner: { workspace: number; learnerId: Uuid; filter: FigureFilter } }
  | { class: ClassFigures };

export interface Input extends AttemptRow {
  counted: boolean;
  reason: Reason | null;
  /** Public ids. */
  receipts: string[];
}

/** What fits on a page; the receipts' URL lists everything. */
const MOST_INPUTS = 200;

/** SQL: whether the attempt `c` of `counted` or `entries` is in the figure. */
const USES: Readonly<Record<Use, string>> = {
  average: 'c.scored',
  chosen: 'c.chosen',
  judged: 'c.chosen AND c.passed IS NOT NULL',
  completed: 'c.finished',
  started: `c.told_start AND ${inRange('c.opened_at')}`,
  timed: 'c.seconds IS NOT NULL',
  active: inRange('c.active_at'),
};

/** The newest attempts within the range. */
export async function explainInputs(db: Queryable, about: Explainable, use: Use): Promise<Input[]> {
  const { sql, values } = await newest(db, about);
  return await db.query<Input>(
    `${sql}
     SELECT ${ATTEMPT_COLUMNS}, coalesce(c.left_out IS NULL AND (${USES[use]}), false) AS counted,
            CASE WHEN c.left_out IS NOT NULL THEN c.left_out WHEN ${USES[use]} THEN NULL
                 WHEN ${use === 'started' || use === 'active'} THEN NULL
                 WHEN NOT c.finished THEN 'running' WHEN NOT c.chosen THEN 'policy' ELSE 'noScore' END AS reason,
            (SELECT coalesce(jsonb_agg(DISTINCT 'rcp_' || (f ->> 'r')), '[]') FROM json_array_elements(a.facts) f
             WHERE f ->> 'r' IS NOT NULL) AS receipts
     FROM weighed c JOIN attempts a ON a.workspace = $1 AND a.id = c.id ${ATTEMPT_JOINS}
     ORDER BY c.at DESC, c.id DESC`,
    values,
  );
}

async function newest(db: Queryable, about: Explainable): Promise<{ sql: string; values: unknown[] }> {
  if ('class' in about && about.class.source === 'stored') return await storedNewest(db, about.class);
  const [counted, values] =
    'learner' in about
      ? [
          countedAttempts({ learnerId: about.learner.learnerId }),
          figureValues(about.learner.workspace, about.learner, about.learner.filter),
        ]
      : [countedAttempts({ activityIds: [] }, '$8'), await classValues(db, about.class)];
  return {
    sql: `${counted}, newest AS MATERIALIZED (
      SELECT c.id, c.activity_id, c.at, c.left_out, c.finished, c.chosen, c.scored, c.seconds, c.opened_at, c.done_at, c.last_at
      FROM counted c WHERE ${inRange('c.at')}
      UNION ALL
      SELECT c.id, c.activity_id, c.at, c.left_out, false, false, false, NULL, c.opened_at, c.done_at, c.last_at
      FROM considered c WHERE c.left_out IS NOT NULL AND ${inRange('c.at')}
      ORDER BY at DESC, id DESC LIMIT ${MOST_INPUTS}
    ), weighed AS (
      SELECT c.*, ${passedSql('a', 't')} AS passed, ${toldStartSql('a')} AS told_start, coalesce(c.done_at, c.last_at) AS active_at
      FROM newest c
      JOIN attempts a ON a.workspace = $1 AND a.id = c.id
      JOIN activities t ON t.workspace = $1 AND t.id = c.activity_id
    )`,
    values,
  };
}

/** Of the newest rows only, so that a whole school is not read for them. */
async function storedNewest(db: Queryable, figures: ClassFigures): Promise<{ sql: string; values: unknown[] }> {
  const activity = figures.scope.activityId === null ? null : storedActivity(figures);
  return {
    sql:
      activity === null
        ? `${classAttempts(figures, { newest: MOST_INPUTS })}, weighed AS (SELECT * FROM entries)`
        : `WITH ${activity.given}, newest AS MATERIALIZED (
            SELECT f.* FROM ${activity.rows()} f ORDER BY f.at DESC, f.attempt_id DESC LIMIT ${MOST_INPUTS}
          ), weighed AS (
            SELECT f.attempt_id AS id, f.at, f.left_out, f.passed, f.told_start, f.opened_at, f.active_at, finished.yes AS finished,
                   finished.yes AND ${activity.chosen} AS chosen,
                   finished.yes AND ${activity.chosen} AND f.percentage IS NOT NULL AS scored,
                   CASE WHEN ${inRange('f.done_at')} THEN f.seconds END AS seconds
            FROM newest f
            CROSS JOIN LATERAL (SELECT coalesce(f.state = 'completed' AND ${inRange('f.done_at')}, false) AS yes) finished
          )`,
    values: await classValues(db, figures),
  };
}

/** How many of the attempts in the figure are proved by what; most first. */
export async function verificationMix(
  db: Queryable,
  about: Explainable,
  use: Use,
): Promise<{ verification: Verification; attempts: number }[]> {
  if ('class' in about && about.class.source === 'stored' && wholeWorkspace(about.class))
    return await storedMix(db, about.class, use);
  if (
    'class' in about &&
    about.class.source === 'stored' &&
    about.class.scope.activityId !== null &&
    use in OF_COMPLETED
  )
    return await activityMix(db, about.class, use);
  const [sql, values] =
    'learner' in about
      ? [
          `${countedAttempts({ learnerId: about.learner.learnerId })}, entries AS (
             SELECT c.*, ${passedSql('a', 't')} AS passed, ${toldStartSql('a')} AS told_start,
                    coalesce(c.done_at, c.last_at) AS active_at
             FROM counted c JOIN attempts a ON a.workspace = $1 AND a.id = c.id
             JOIN activities t ON t.workspace = $1 AND t.id = c.activity_id)`,
          figureValues(about.learner.workspace, about.learner, about.learner.filter),
        ]
      : [
          about.class.source === 'live' && OF_COUNTED.has(use)
            ? `${countedAttempts({ activityIds: [] }, '$8')}, entries AS (SELECT * FROM counted)`
            : classAttempts(about.class),
          await classValues(db, about.class),
        ];
  return await db.query(
    `${sql} SELECT c.verification, count(*)::int AS attempts FROM entries c WHERE ${USES[use]} GROUP BY 1 ORDER BY 2 DESC, 1`,
    values,
  );
}

/** What says nothing that counted attempts do not have: they need not be read once more. */
const OF_COUNTED: ReadonlySet<Use> = new Set(['average', 'chosen', 'completed', 'timed']);

/** SQL: uses that are of completed attempts `f` of figure_attempts alone. */
const OF_COMPLETED: Readonly<Partial<Record<Use, string>>> = {
  average: 'AND f.percentage IS NOT NULL',
  chosen: '',
  judged: 'AND f.passed IS NOT NULL',
  completed: '',
};

/** From the index that has all of this. */
async function activityMix(
  db: Queryable,
  figures: ClassFigures,
  use: Use,
): Promise<{ verification: Verification; attempts: number }[]> {
  const { given, rows, chosen } = storedActivity(figures);
  return await db.query(
    `WITH ${given} SELECT f.verification, count(*)::int AS attempts FROM ${rows()} f
     WHERE f.left_out IS NULL AND f.state = 'completed' ${use === 'completed' ? '' : `AND ${chosen}`} ${OF_COMPLETED[use]}
     GROUP BY 1 ORDER BY 2 DESC, 1`,
    await classValues(db, figures),
  );
}

function wholeWorkspace({ scope }: ClassFigures): boolean {
  return scope.cohorts === null && scope.activityId === null;
}

/** From the sums of quarter hours; what a policy chooses only within the range is left out of the mix. */
async function storedMix(
  db: Queryable,
  { scope, filter }: ClassFigures,
  use: Use,
): Promise<{ verification: Verification; attempts: number }[]> {
  const policy = filter.policy ?? filter.fallback;
  const columns: Readonly<Record<Use, string>> = {
    average: `${policy}_n`,
    chosen: `${policy}_n`,
    judged: `${policy}_passed + s.${policy}_failed`,
    completed: 'completed',
    started: 'started',
    timed: 'completed',
    active: 'attempts',
  };
  return await db.query(
    `SELECT split_part(s.key, ' ', 2) AS verification, sum(s.${columns[use]})::int AS attempts
     FROM ${sumsOfSpans(filter.excludeUnverified ? 2 : 1)} s WHERE $2::int IS NOT NULL AND $5::int IS NOT NULL
     GROUP BY 1 HAVING sum(s.${columns[use]}) > 0 ORDER BY 2 DESC, 1`,
    [scope.workspace, 0, filter.from, filter.to, 0, ...wholeSpans(filter)],
  );
}
