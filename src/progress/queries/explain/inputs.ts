/** The attempts that a figure was chosen from, with why each counts or not. */
import type { Uuid } from '../../../core/ids.ts';
import type { Verification } from '../../../core/vocabulary.ts';
import type { Queryable } from '../../../db/database.ts';
import { ATTEMPT_COLUMNS, ATTEMPT_JOINS, type AttemptRow } from '../attempt-summary.ts';
import { passedSql, toldStartSql } from '../class/attempt-columns.ts';
import { type ClassFigures, classAttempts, classValues } from '../class/class-attempts.ts';
import { sumsOfRange, wholeDays } from '../class/sums-of-range.ts';
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
    sql: `${counted}, weighed AS MATERIALIZED (
      SELECT c.id, c.at, c.left_out, coalesce(k.finished, false) AS finished, coalesce(k.chosen, false) AS chosen,
             coalesce(k.scored, false) AS scored, k.seconds, ${passedSql('a', 't')} AS passed, ${toldStartSql('a')} AS told_start,
             c.opened_at, coalesce(c.done_at, c.last_at) AS active_at
      FROM considered c
      LEFT JOIN counted k ON k.id = c.id
      JOIN attempts a ON a.workspace = $1 AND a.id = c.id
      JOIN activities t ON t.workspace = $1 AND t.id = c.activity_id
      WHERE ${inRange('c.at')} ORDER BY c.at DESC, c.id DESC LIMIT ${MOST_INPUTS}
    )`,
    values,
  };
}

/** Of the newest rows only, so that a whole school is not read for them. */
async function storedNewest(db: Queryable, figures: ClassFigures): Promise<{ sql: string; values: unknown[] }> {
  return {
    sql: `${classAttempts(figures, { newest: MOST_INPUTS })}, weighed AS (SELECT * FROM entries)`,
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
      : [classAttempts(about.class), await classValues(db, about.class)];
  return await db.query(
    `${sql} SELECT c.verification, count(*)::int AS attempts FROM entries c WHERE ${USES[use]} GROUP BY 1 ORDER BY 2 DESC, 1`,
    values,
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
     FROM ${sumsOfRange(filter.excludeUnverified ? 2 : 1)} s WHERE $2::int IS NOT NULL AND $5::int IS NOT NULL
     GROUP BY 1 HAVING sum(s.${columns[use]}) > 0 ORDER BY 2 DESC, 1`,
    [scope.workspace, 0, filter.from, filter.to, 0, ...wholeDays(filter)],
  );
}
