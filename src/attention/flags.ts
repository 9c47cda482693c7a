/** Flags as the API shows them: listed by rank, one, and what people say to them. */

import { type CohortScope, memberOf } from '../cohorts/scope.ts';
import { publicId, type Uuid } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { ActivityKind } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import { microsOf, timeOfMicros } from '../progress/queries/keyset.ts';
import { type Facts, factsAt, type Rule } from './rules.ts';

export type FlagState = 'open' | 'acknowledged' | 'snoozed';

export interface Flag {
  id: string;
  rule: Rule;
  rank: number;
  learner: { id: string; name: string | null };
  activity: { id: string; title: string | null; kind: ActivityKind } | null;
  attempt: string | null;
  facts: Facts;
  since: string;
  state: FlagState;
  acknowledged: { at: string; by: string; note: string | null } | null;
  snoozedUntil: string | null;
}

export interface FlagRow {
  id: Uuid;
  rule: Rule;
  rank: number;
  learner_id: Uuid;
  learner_name: string | null;
  activity_id: Uuid | null;
  activity_title: string | null;
  activity_kind: ActivityKind | null;
  attempt_id: Uuid | null;
  facts: Facts;
  since: Date;
  state: FlagState;
  changed_at: Date | null;
  changed_by: string | null;
  note: string | null;
  snoozed_until: Date | null;
  since_micros: number;
}

export interface FlagFilter {
  cohorts: CohortScope;
  activityId?: Uuid | undefined;
  learnerId?: Uuid | undefined;
  state?: FlagState | undefined;
}

/** A place in the list. */
export interface FlagPlace {
  rank: number;
  micros: number;
  id: Uuid;
}

/** SQL: the state now: a snooze that is over leaves the flag open. */
const STATE = `CASE WHEN f.state = 'snoozed' AND f.snoozed_until <= now() THEN 'open' ELSE f.state END`;

const SELECT = `SELECT f.id, f.rule, f.rank, f.learner_id, l.name AS learner_name, f.activity_id, t.title AS activity_title,
    t.kind AS activity_kind, f.attempt_id, f.facts, f.since, ${STATE} AS state, f.changed_at, f.changed_by, f.note,
    f.snoozed_until, ${microsOf('f.since')} AS since_micros
  FROM attention_flags f
  JOIN learners l ON l.workspace = f.workspace AND l.id = f.learner_id
  LEFT JOIN activities t ON t.workspace = f.workspace AND t.id = f.activity_id
  WHERE f.workspace = $1 AND f.resolved_at IS NULL AND NOT l.excluded`;

/** Up to `limit` flags that stand, what presses most first, from after a place. */
export async function listFlags(
  db: Queryable,
  workspace: number,
  filter: FlagFilter,
  page: { after: FlagPlace | null; limit: number },
): Promise<FlagRow[]> {
  const values: unknown[] = [workspace, page.limit];
  const conditions: string[] = [];
  const narrow = (condition: (n: string) => string, value: unknown): void => {
    if (value !== undefined && value !== null) conditions.push(` AND ${condition(`$${values.push(value)}`)}`);
  };
  narrow((n) => memberOf('f.learner_id', n), filter.cohorts);
  narrow((n) => `f.activity_id = ${n}`, filter.activityId);
  narrow((n) => `f.learner_id = ${n}`, filter.learnerId);
  narrow((n) => `${STATE} = ${n}`, filter.state);
  if (page.after !== null) {
    const rank = values.push(page.after.rank);
    const since = values.push(page.after.micros);
    const id = values.push(page.after.id);
    conditions.push(` AND f.rank <= $${rank}
      AND (f.rank < $${rank} OR (f.since, f.id) > (${timeOfMicros(`$${since}`)}, $${id}::uuid))`);
  }
  return await db.query<FlagRow>(
    `${SELECT}${conditions.join('')} ORDER BY f.rank DESC, f.since, f.id LIMIT $2`,
    values,
  );
}

/** One flag that stands; null when there is none (any more). */
export async function getFlag(db: Queryable, workspace: number, id: Uuid): Promise<FlagRow | null> {
  const [row] = await db.query<FlagRow>(`${SELECT} AND f.id = $2`, [workspace, id]);
  return row ?? null;
}

/** What a person does with a flag. */
export type FlagChange =
  | { state: 'acknowledged'; by: string; note: string | null }
  | { state: 'snoozed'; by: string; until: Instant | Date }
  | { state: 'open'; by: string };

/** Writes the change; false when the flag does not stand any more. */
export async function changeFlag(db: Queryable, workspace: number, id: Uuid, change: FlagChange): Promise<boolean> {
  const rows = await db.query(
    `UPDATE attention_flags SET state = $3, changed_at = now(), changed_by = $4, note = $5, snoozed_until = $6
     WHERE workspace = $1 AND id = $2 AND resolved_at IS NULL RETURNING 1`,
    [
      workspace,
      id,
      change.state,
      change.by,
      change.state === 'acknowledged' ? change.note : null,
      change.state === 'snoozed' ? change.until : null,
    ],
  );
  return rows.length > 0;
}

export function toFlag(row: FlagRow): Flag {
  return {
    id: publicId('flg', row.id),
    rule: row.rule,
    rank: row.rank,
    learner: { id: publicId('lrn', row.learner_id), name: row.learner_name },
    activity:
      row.activity_id === null || row.activity_kind === null
        ? null
        : { id: publicId('act', row.activity_id), title: row.activity_title, kind: row.activity_kind },
    attempt: row.attempt_id === null ? null : publicId('att', row.attempt_id),
    facts: factsAt(row.rule, row.facts, row.since, new Date()),
    since: row.since.toISOString(),
    state: row.state,
    acknowledged:
      row.state === 'acknowledged' && row.changed_at !== null
        ? { at: row.changed_at.toISOString(), by: row.changed_by ?? '', note: row.note }
        : null,
    snoozedUntil: row.state === 'snoozed' ? (row.snoozed_until?.toISOString() ?? null) : null,
  };
}
