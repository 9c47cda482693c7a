import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import { releaseFollowers } from '../queue/release-followers.ts';

/** Gives a pending delivery up by hand; what waited for it goes on. False where none is pending under this id. */
export async function skipDelivery(db: Database, workspace: number, id: Uuid): Promise<boolean> {
  return db.transaction(async (tx) => {
    const skipped = await tx.query<{ ordered: boolean }>(
      `WITH gone AS (
         DELETE FROM delivery_queue WHERE workspace = $1 AND delivery_id = $2 RETURNING delivery_id, created_at, order_key
       )
       UPDATE deliveries d SET status = 'skipped', detail = 'Skipped by hand.'
       FROM gone g WHERE d.workspace = $1 AND d.id = g.delivery_id AND d.created_at = g.created_at
       RETURNING g.order_key IS NOT NULL AS ordered`,
      [workspace, id],
    );
    if (skipped[0]?.ordered === true) await releaseFollowers(tx);
    return skipped.length > 0;
  });
}
