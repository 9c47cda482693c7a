/** Puts finished deliveries back into the queue, with the whole schedule before them. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { orderKeyOf } from '../plan/order-key.ts';
import { DELIVERIES_CHANNEL } from '../queue/channel.ts';

/**
 * Queues those of the deliveries that are not pending, to be sent at once. Their endpoints must still be there. Gives how many.
 * `dueAt`: SQL of a time that is past.
 */
export async function requeue(
  tx: Queryable,
  workspace: number,
  ids: readonly Uuid[],
  dueAt = 'now()',
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `WITH again AS (
       UPDATE deliveries d SET status = 'pending', failed_at = NULL, detail = NULL
       FROM endpoints e
       WHERE d.workspace = $1 AND d.id = ANY ($2::uuid[]) AND d.status <> 'pending'
         AND e.workspace = $1 AND e.id = d.endpoint_id AND e.deleted_at IS NULL
       RETURNING d.id, d.created_at, d.endpoint_id, d.event_seq, e.ordered
     ), queued AS (
       INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, event_seq, due_at, order_key)
       SELECT $1, a.id, a.created_at, a.endpoint_id, a.event_seq, ${dueAt},
         (SELECT ${orderKeyOf('v')} FROM events v WHERE a.ordered AND v.workspace = $1 AND v.seq = a.event_seq)
       FROM again a
       ON CONFLICT DO NOTHING RETURNING 1
     )
     SELECT count(*)::int AS count, pg_notify('${DELIVERIES_CHANNEL}', $1::text) FROM queued`,
    [workspace, ids],
  );
  return row?.count ?? 0;
}
