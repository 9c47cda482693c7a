import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { planMissed } from '../plan/plan-deliveries.ts';
import { requeue } from './requeue.ts';

/**
 * A replay that is to be delivered: what these receipts told the feed before goes to every endpoint it fits, also to those
 * that got it (under the same webhook-id). Events that the replay itself adds are planned with them. Call it before those are
 * appended.
 */
export async function deliverAgain(tx: Queryable, workspace: number, receiptSeqs: readonly number[]): Promise<void> {
  if (receiptSeqs.length === 0) return;
  const told = await tx.query<{ seq: number; id: Uuid }>(
    'SELECT seq, id FROM events WHERE workspace = $1 AND receipt_seq = ANY ($2::bigint[]) AND NOT test ORDER BY seq',
    [workspace, receiptSeqs],
  );
  if (told.length === 0) return;
  const sent = await tx.query<{ id: Uuid }>(
    `SELECT d.id FROM deliveries d
     JOIN endpoints e ON e.workspace = $1 AND e.id = d.endpoint_id AND e.enabled AND e.deleted_at IS NULL
     WHERE d.workspace = $1 AND d.event_id = ANY ($2::uuid[])`,
    [workspace, told.map((event) => event.id)],
  );
  await requeue(
    tx,
    workspace,
    sent.map((delivery) => delivery.id),
  );
  await planMissed(
    tx,
    workspace,
    null,
    told.map((event) => event.seq),
  );
}
