/** Lists of attempts, newest first. */
import { type CohortScope, memberOf } from '../../cohorts/scope.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { AttemptState } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { ATTEMPT_COLUMNS, ATTEMPT_JOINS, type AttemptRow } from './attempt-summary.ts';
import { type Keyset, microsOf, timeOfMicros } from './keyset.ts';

export interface AttemptFilter {
  learnerId?: Uuid | undefined;
  activityId?: Uuid | undefined;
  sourceId?: Uuid | undefined;
  state?: AttemptState | undefined;
  /** Of learners in these. */
  cohorts?: CohortScope;
  /** Half-open, by when it opened. */
  from?: Instant | undefined;
  to?: Instant | undefined;
}

/** Up to `limit` attempts that opened before the keyset. */
export async function listAttempts(
  db: Queryable,
  workspace: number,
  filter: AttemptFilter,
  page: { after: Keyset | null; limit: number },
): Promise<(AttemptRow & { opened_micros: number })[]> {
  const values: unknown[] = [workspace, page.limit];
  const conditions: string[] = [];
  // Conditions are only written when asked for, so that the planner sees which index fits.
  const narrow = (condition: (n: string) => string, value: unknown): void => {
    if (value !== undefined) conditions.push(` AND ${condition(`$${values.push(value)}`)}`);
  };
  narrow((n) => `a.learner_id = ${n}`, filter.learnerId);
  narrow((n) => `a.activity_id = ${n}`, filter.activityId);
  narrow((n) => `a.source_id = ${n}`, filter.sourceId);
  narrow((n) => `a.state = ${n}`, filter.state);
  narrow((n) => memberOf('a.learner_id', n), filter.cohorts ?? undefined);
  narrow((n) => `a.opened_at >= ${n}`, filter.from);
  narrow((n) => `a.opened_at < ${n}`, filter.to);
  if (page.after !== null) {
    const at = values.push(page.after.micros);
    const id = values.push(page.after.id);
    conditions.push(` AND (a.opened_at, a.id) < (${timeOfMicros(`$${at}`)}, $${id}::uuid)`);
  }
  return await db.query<AttemptRow & { opened_micros: number }>(
    `SELECT ${ATTEMPT_COLUMNS}, ${microsOf('a.opened_at')} AS opened_micros
     FROM attempts a ${ATTEMPT_JOINS}
     WHERE a.workspace = $1 AND a.learner_id IS NOT NULL AND a.activity_id IS NOT NULL${conditions.join('')}
     ORDER BY a.opened_at DESC, a.id DESC LIMIT $2`,
    values,
  );
}
