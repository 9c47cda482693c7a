import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import { DELIVERIES_CHANNEL } from '../queue/channel.ts';
import { FIRST_IN_LINE } from '../queue/first-in-line.ts';
import { requeue } from './requeue.ts';

/**
 * Sends a delivery again at once: one that waits for its next try is moved to the front, a finished one gets the whole schedule
 * anew. False where there is none, or its endpoint is gone.
 */
export async function retryDelivery(db: Database, workspace: number, id: Uuid): Promise<boolean> {
  return db.transaction(async (tx) => {
    const waiting = await tx.query(
      `UPDATE delivery_queue SET due_at = CASE WHEN due_at = 'infinity' THEN due_at ELSE least(due_at, ${FIRST_IN_LINE}) END
       WHERE workspace = $1 AND delivery_id = $2 RETURNING pg_notify('${DELIVERIES_CHANNEL}', $1::text)`,
      [workspace, id],
    );
    return waiting.length > 0 || (await requeue(tx, workspace, [id], FIRST_IN_LINE)) > 0;
  });
}
