/** Writes to the feed, so that readers can go by its numbers: commit order is made sequence order here. */
import type { Uuid } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { EventType, Verification } from '../core/vocabulary.ts';
import { textArray, uuidTextArray } from '../db/binary-arrays.ts';
import type { Queryable } from '../db/database.ts';
import { mergedAmong, originOf, shownOn } from '../db/shown-on.ts';
import { planDeliveries } from '../delivery/plan/plan-deliveries.ts';

/** The channel on which readers are woken; the payload is the workspace. */
export const FEED_CHANNEL = 'gradewire_feed';

export interface NewEvent {
  id: Uuid;
  type: EventType;
  occurredAt: Instant;
  receivedAt: Date;
  sourceId: Uuid | null;
  receiptSeq: number | null;
  /** 32 bytes. */
  receiptKey: Buffer | null;
  verification: Verification | null;
  test: boolean;
  /** Of somebody who was merged into another it may be the own id: written is the one whose page shows it. */
  learnerId: Uuid | null;
  activityId: Uuid | null;
  attemptId: Uuid | null;
  /** JSON text of {attempt, previous, data}; see src/live/events.ts for what is added when it is read. */
  payload: string;
  /** false: passed on to no endpoint (a replay that nobody asked to deliver). */
  deliver?: boolean;
}

/**
 * Appends events, in the order given, plans their deliveries and wakes readers at the commit. Must be the last statement of its transaction: it
 * takes the workspace's feed lock, which is held to the commit, and everybody else who appends waits for it.
 *
 * Why the lock: a sequence number is taken before its transaction commits, so without it number 7 could become visible
 * after a reader had gone on to 8. PostgreSQL lets go of advisory locks after the commit is visible to others, so under
 * the lock numbers become visible in growing order within a workspace.
 *
 * One statement: the lock is a row of the join, so no number is taken before it is held. Ids and payloads as binary arrays that need
 * no reading and quoting, the rest as literals (docs/decisions/0060-feed-order-and-append.md).
 */
export async function appendEvents(tx: Queryable, workspace: number, rows: readonly NewEvent[]): Promise<void> {
  if (rows.length === 0) return;
  const [appended] = await tx.query<{ first: number; last: number; endpoints: boolean }>(
    `WITH held AS MATERIALIZED (
       SELECT pg_advisory_xact_lock(7301, $1::int)
     ), ${mergedAmong('$11::uuid[]')}, appended AS (
       INSERT INTO events (workspace, seq, recorded_at, id, type, occurred_at, received_at, source_id, receipt_seq,
                           receipt_key, verification, test, learner_id, origin_id, activity_id, attempt_id, payload)
       SELECT $1, nextval('event_seq'), now(), id, type, occurred_at, received_at, source_id, receipt_seq,
              receipt_key, verification, test,
              ${shownOn('given.learner_id')}, ${originOf('given.learner_id')},
              activity_id, attempt_id, payload::json
       FROM held, (
         SELECT * FROM ROWS FROM (
           unnest($2::uuid[]), unnest($3::text[]), unnest($4::timestamptz[]), unnest($5::timestamptz[]),
           unnest($6::uuid[]), unnest($7::bigint[]), unnest($8::bytea[]), unnest($9::text[]), unnest($10::boolean[]),
           unnest($11::uuid[]), unnest($12::uuid[]), unnest($13::uuid[]), unnest($14::text[])
         ) WITH ORDINALITY AS r (id, type, occurred_at, received_at, source_id, receipt_seq, receipt_key, verification,
                                 test, learner_id, activity_id, attempt_id, payload, n)
         ORDER BY n
       ) AS given
       RETURNING seq
     )
     SELECT pg_notify($15, $1::text), min(seq) AS first, max(seq) AS last,
       EXISTS (SELECT FROM endpoints WHERE workspace = $1 AND enabled AND deleted_at IS NULL) AS endpoints
     FROM appended`,
    [
      workspace,
      uuidTextArray(rows.map((row) => row.id)),
      literal(rows.map((row) => row.type)),
      literal(rows.map((row) => row.occurredAt)),
      literal(rows.map((row) => row.receivedAt.toISOString())),
      uuidTextArray(rows.map((row) => row.sourceId)),
      literal(rows.map((row) => row.receiptSeq)),
      literal(rows.map((row) => (row.receiptKey === null ? null : `"\\\\x${row.receiptKey.toString('hex')}"`))),
      literal(rows.map((row) => row.verification)),
      literal(rows.map((row) => row.test)),
      uuidTextArray(rows.map((row) => row.learnerId)),
      uuidTextArray(rows.map((row) => row.activityId)),
      uuidTextArray(rows.map((row) => row.attemptId)),
      textArray(rows.map((row) => row.payload)),
      FEED_CHANNEL,
    ],
  );
  if (appended?.endpoints !== true) return;
  const except = rows.filter((row) => row.deliver === false).map((row) => row.id);
  if (except.length < rows.length) await planDeliveries(tx, workspace, { ...appended, except });
}

/** An array literal of values that need no quoting: numbers, times, words of the vocabulary; null becomes NULL. */
function literal(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}
