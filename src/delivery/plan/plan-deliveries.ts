/**
 * Planning: which endpoints get which events, written in the transaction that appends the events, so that none is recorded
 * without its deliveries or passed on without being recorded.
 */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { DELIVERIES_CHANNEL } from '../queue/channel.ts';
import { CREATED_AT, EVENT_COLUMNS, FITS, newDeliveryId } from './fits.ts';
import { holdFollowers } from './hold-followers.ts';
import { orderKeyOf } from './order-key.ts';

/** SQL: writes what the CTE `planned` (a row for each endpoint and event) holds, and gives the ids of those to be kept in order. */
const WRITE = `
  , written AS (
    INSERT INTO deliveries (workspace, id, created_at, endpoint_id, event_id, event_seq, event_type, learner_id, attempt_id)
    SELECT $1, id, ${CREATED_AT}, endpoint_id, event_id, event_seq, event_type, learner_id, attempt_id FROM planned
  ), queued AS (
    INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, event_seq, due_at, order_key)
    SELECT $1, id, ${CREATED_AT}, endpoint_id, event_seq, now(), order_key FROM planned
    RETURNING delivery_id, order_key
  )
  SELECT (SELECT count(*)::int FROM queued) AS count,
    ARRAY (SELECT delivery_id FROM queued WHERE order_key IS NOT NULL) AS ordered,
    pg_notify('${DELIVERIES_CHANNEL}', $1::text)`;

const PLANNED_COLUMNS = `${newDeliveryId('e.id', 'v.id')} AS id, e.id AS endpoint_id, v.id AS event_id, v.seq AS event_seq,
  v.type AS event_type, v.learner_id, v.attempt_id, CASE WHEN e.ordered THEN ${orderKeyOf('v')} END AS order_key`;

/**
 * Plans the events with these numbers (all of this transaction, appended under the feed's lock) for every enabled endpoint
 * they fit. Tests of sources are passed on to nobody. `except`: events that are not passed on.
 */
export async function planDeliveries(
  tx: Queryable,
  workspace: number,
  events: { first: number; last: number; except: readonly Uuid[] },
): Promise<void> {
  const [row] = await tx.query<{ ordered: Uuid[] }>(
    `WITH fresh AS MATERIALIZED (
       SELECT ${EVENT_COLUMNS} FROM events v
       WHERE v.workspace = $1 AND v.seq BETWEEN $2 AND $3 AND v.recorded_at = now() AND NOT v.test
         AND v.id <> ALL ($4::uuid[])
     ), planned AS MATERIALIZED (
       SELECT ${PLANNED_COLUMNS} FROM fresh v
       JOIN endpoints e ON e.workspace = $1 AND e.enabled AND e.deleted_at IS NULL AND ${FITS}
       ORDER BY v.seq
     ) ${WRITE}`,
    [workspace, events.first, events.last, events.except],
  );
  await holdFollowers(tx, workspace, row?.ordered ?? []);
}

/**
 * Plans chosen events of the feed for one endpoint, or for all that are enabled (null), as far as they fit and never went there.
 * Gives how many deliveries that made.
 */
export async function planMissed(
  tx: Queryable,
  workspace: number,
  endpointId: Uuid | null,
  seqs: readonly number[],
): Promise<number> {
  const [row] = await tx.query<{ count: number; ordered: Uuid[] }>(
    `WITH chosen AS MATERIALIZED (
       SELECT ${EVENT_COLUMNS} FROM events v WHERE v.workspace = $1 AND v.seq = ANY ($2::bigint[]) AND NOT v.test
     ), planned AS MATERIALIZED (
       SELECT ${PLANNED_COLUMNS} FROM chosen v
       JOIN endpoints e ON e.workspace = $1 AND e.deleted_at IS NULL AND ${FITS}
         AND CASE WHEN $3::uuid IS NULL THEN e.enabled ELSE e.id = $3 END
       WHERE NOT EXISTS (
         SELECT FROM deliveries d WHERE d.workspace = $1 AND d.event_id = v.id AND d.endpoint_id = e.id)
       ORDER BY v.seq
     ) ${WRITE}`,
    [workspace, seqs, endpointId],
  );
  await holdFollowers(tx, workspace, row?.ordered ?? []);
  return row?.count ?? 0;
}

/** Plans an event of this transaction for these endpoints, whatever they ask for, as far as it is not planned for them already. */
export async function planErasure(
  tx: Queryable,
  workspace: number,
  eventId: Uuid,
  endpoints: readonly Uuid[],
): Promise<void> {
  await tx.query(
    `WITH planned AS MATERIALIZED (
       SELECT ${PLANNED_COLUMNS} FROM events v
       JOIN endpoints e ON e.workspace = $1 AND e.id = ANY ($3::uuid[]) AND e.deleted_at IS NULL
       WHERE v.workspace = $1 AND v.id = $2 AND v.recorded_at = now() AND NOT EXISTS (
         SELECT FROM deliveries d WHERE d.workspace = $1 AND d.event_id = v.id AND d.endpoint_id = e.id)
     ) ${WRITE}`,
    [workspace, eventId, endpoints],
  );
}
