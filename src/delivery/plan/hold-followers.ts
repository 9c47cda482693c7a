import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

/**
 * Of new rows for ordered endpoints, those that follow another of their order wait (due_at infinity) until it is done: claims
 * then never wade through what cannot be sent yet. `tx` is a transaction.
 */
export async function holdFollowers(tx: Queryable, workspace: number, deliveries: readonly Uuid[]): Promise<void> {
  if (deliveries.length === 0) return;
  // The plan is kept, and was perhaps made while the queue was empty: it would read the whole queue for each of them. As EXISTS it
  // would be joined, which comes to the same.
  await tx.query('SET LOCAL enable_seqscan = off');
  await tx.query(
    `UPDATE delivery_queue q SET due_at = 'infinity'
     WHERE q.workspace = $1 AND q.delivery_id = ANY ($2::uuid[]) AND (
       SELECT true FROM delivery_queue p
       WHERE p.workspace = $1 AND p.endpoint_id = q.endpoint_id AND p.order_key = q.order_key AND p.event_seq < q.event_seq
       LIMIT 1)`,
    [workspace, deliveries],
  );
  await tx.query('SET LOCAL enable_seqscan TO DEFAULT');
}
