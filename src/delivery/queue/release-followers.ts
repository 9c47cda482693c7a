import type { Queryable } from '../../db/database.ts';
import { DELIVERIES_CHANNEL } from './channel.ts';

/**
 * Lets go of rows that wait for another of their order which is no longer there. Results let go of the next one themselves
 * (./write-results.ts); this finds what was planned while the one before was just being finished. Gives how many.
 */
export async function releaseFollowers(db: Queryable): Promise<number> {
  // Not as NOT EXISTS, which is joined: the planner, which may take a queue that has just filled for empty, would read all of it for each.
  const rows = await db.query(
    `UPDATE delivery_queue q SET due_at = now()
     WHERE q.due_at = 'infinity' AND (
       SELECT true FROM delivery_queue p
       WHERE p.workspace = q.workspace AND p.endpoint_id = q.endpoint_id AND p.order_key = q.order_key
         AND p.event_seq < q.event_seq
       LIMIT 1) IS NULL
     RETURNING pg_notify('${DELIVERIES_CHANNEL}', q.workspace::text)`,
  );
  return rows.length;
}
