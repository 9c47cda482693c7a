import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

/**
 * Of new rows for ordered endpoints, those that follow another of their order wait (due_at infinity) until it is done: claims
 * then never wade through what cannot be sent yet.
 */
export async function holdFollowers(tx: Queryable, workspace: number, deliveries: readonly Uuid[]): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.query(
    `UPDATE delivery_queue q SET due_at = 'infinity'
     WHERE q.workspace = $1 AND q.delivery_id = ANY ($2::uuid[]) AND EXISTS (
       SELECT FROM delivery_queue p
       WHERE p.workspace = $1 AND p.endpoint_id = q.endpoint_id AND p.order_key = q.order_key AND p.event_seq < q.event_seq)`,
    [workspace, deliveries],
  );
}
