import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

/**
 * Locks rows of the queue, in the order in which results lock theirs (./write-results.ts): whoever takes several away does this
 * first, or the two would wait for each other.
 */
export async function lockRows(
  tx: Queryable,
  workspace: number,
  which: { endpoint: Uuid } | { deliveries: readonly Uuid[] },
): Promise<void> {
  const [column, value] =
    'endpoint' in which ? ['endpoint_id = $2', which.endpoint] : ['delivery_id = ANY ($2::uuid[])', which.deliveries];
  await tx.query(
    `SELECT count(*) FROM (
       SELECT 1 FROM delivery_queue WHERE workspace = $1 AND ${column} ORDER BY delivery_id FOR UPDATE) locked`,
    [workspace, value],
  );
}
