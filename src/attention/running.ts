/** Attempts under way now, and how they stand. */
import { type CohortScope, memberOf } from '../cohorts/scope.ts';
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import {
  ATTEMPT_COLUMNS,
  ATTEMPT_JOINS,
  type AttemptRow,
  type AttemptSummary,
  toAttemptSummary,
} from '../progress/queries/attempt-summary.ts';
import type { StoredStep } from '../progress/queries/get-attempt.ts';
import { microsOf, timeOfMicros } from '../progress/queries/keyset.ts';
import { EXPIRES_AT } from './expires-at.ts';

export type Standing = 'active' | 'idle' | 'stuck' | 'expired';

export interface Running {
  attempt: AttemptSummary;
  standing: Standing;
  lastAt: string;
  currentStep: Pick<StoredStep, 'externalId' | 'index' | 'state' | 'attempts'> | null;
  stepsDone: number;
  stepsTotal: number | null;
  expiresAt: string | null;
}

export interface RunningRow extends AttemptRow {
  standing: Standing;
  last_at: Date;
  last_micros: number;
  steps: StoredStep[] | null;
  steps_total: number | null;
  expires_at: Date | null;
}

export interface RunningFilter {
  cohorts: CohortScope;
  activityId?: Uuid | undefined;
  learnerId?: Uuid | undefined;
}

/** Without an end an attempt counts as running this long after its last sign: then the learner is gone for now. */
const RUNNING = `interval '24 hours'`;
/** Active: something came this lately. */
const ACTIVE = `interval '5 minutes'`;

/** How many there are of each standing, and up to `limit` of them, the latest sign first, from after a place. */
export async function listRunning(
  db: Queryable,
  workspace: number,
  filter: RunningFilter,
  page: { after: { micros: number; id: Uuid } | null; limit: number },
): Promise<{ counts: Record<Standing, number>; rows: RunningRow[] }> {
  const values: unknown[] = [workspace];
  const conditions: string[] = [];
  const narrow = (condition: (n: string) => string, value: unknown): void => {
    if (value !== undefined && value !== null) conditions.push(` AND ${condition(`$${values.push(value)}`)}`);
  };
  narrow((n) => memberOf('a.learner_id', n), filter.cohorts);
  narrow((n) => `a.activity_id = ${n}`, filter.activityId);
  narrow((n) => `a.learner_id = ${n}`, filter.learnerId);
  // Narrow rows of all of them, then the wide ones of the page.
  const running = `WITH running AS MATERIALIZED (
    SELECT a.id, a.last_at, e.at AS expires_at, CASE
        WHEN e.at <= now() THEN 'expired'
        WHEN EXISTS (SELECT FROM attention_flags f WHERE f.workspace = $1 AND f.learner_id = a.learner_id
          AND f.rule IN ('stuck_tries', 'stuck_silence') AND f.attempt_id = a.id AND f.resolved_at IS NULL) THEN 'stuck'
        WHEN a.last_at > now() - ${ACTIVE} THEN 'active' ELSE 'idle' END AS standing
    FROM attempts a
    JOIN learners l ON l.workspace = $1 AND l.id = a.learner_id
    JOIN activities t ON t.workspace = $1 AND t.id = a.activity_id
    CROSS JOIN LATERAL (SELECT ${EXPIRES_AT} AS at) e
    WHERE a.workspace = $1 AND a.state = 'started' AND a.last_at > now() - ${RUNNING}
      AND NOT a.test AND NOT l.excluded${conditions.join('')}
  )`;
  const found = await db.query<{ standing: Standing; count: number }>(
    `${running} SELECT standing, count(*)::int AS count FROM running GROUP BY 1`,
    values,
  );
  const counts: Record<Standing, number> = { active: 0, idle: 0, stuck: 0, expired: 0 };
  for (const { standing, count } of found) counts[standing] = count;
  const limit = values.push(page.limit);
  let from = '';
  if (page.after !== null) {
    const at = values.push(page.after.micros);
    const id = values.push(page.after.id);
    from = `WHERE (last_at, id) < (${timeOfMicros(`$${at}`)}, $${id}::uuid)`;
  }
  const rows = await db.query<RunningRow>(
    `${running}, page AS MATERIALIZED (
       SELECT * FROM running ${from} ORDER BY last_at DESC, id DESC LIMIT $${limit}
     )
     SELECT ${ATTEMPT_COLUMNS}, p.standing, p.last_at, ${microsOf('p.last_at')} AS last_micros, p.expires_at, a.steps,
            (SELECT max((f -> 'st' ->> 2)::int) FROM json_array_elements(a.facts) f) AS steps_total
     FROM page p JOIN attempts a ON a.workspace = $1 AND a.id = p.id ${ATTEMPT_JOINS}
     ORDER BY p.last_at DESC, p.id DESC`,
    values,
  );
  return { counts, rows };
}

export function toRunning(row: RunningRow): Running {
  const steps = row.steps ?? [];
  return {
    attempt: toAttemptSummary(row),
    standing: row.standing,
    lastAt: row.last_at.toISOString(),
    currentStep: currentOf(steps),
    stepsDone: steps.filter((step) => step.state === 'completed').length,
    stepsTotal: row.steps_total,
    expiresAt: row.expires_at?.toISOString() ?? null,
  };
}

/** The step begun last among those that are not done; where no start is told, the first of them. */
function currentOf(steps: readonly StoredStep[]): Running['currentStep'] {
  let current: StoredStep | null = null;
  for (const step of steps) {
    if (step.state !== 'started') continue;
    if (current === null || (step.startedAt ?? '') > (current.startedAt ?? '')) current = step;
  }
  if (current === null) return null;
  const { externalId, index, state, attempts } = current;
  return { externalId, index, state, attempts };
}
