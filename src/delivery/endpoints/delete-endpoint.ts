import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import { lockRows } from '../queue/lock-rows.ts';

/**
 * Takes an endpoint away, with its secrets and all that waits for it; the log of what it got stays until it is too old. False
 * where the workspace has no such endpoint.
 */
export async function deleteEndpoint(db: Database, workspace: number, id: Uuid): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Of the URL only the host stays, for the log: its path may be a secret, as those of catch hooks are.
    const gone = await tx.query(
      `UPDATE endpoints SET deleted_at = now(), enabled = false, sealed = '', config = '{}', version = version + 1,
         url = substring(url from '^[a-zA-Z]+://(?:[^/@]*@)?[^/?#]+')
       WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL RETURNING 1`,
      [workspace, id],
    );
    if (gone.length === 0) return false;
    await lockRows(tx, workspace, { endpoint: id });
    await tx.query(
      `WITH waiting AS (
         DELETE FROM delivery_queue WHERE workspace = $1 AND endpoint_id = $2 RETURNING delivery_id, created_at
       )
       UPDATE deliveries d SET status = 'skipped', detail = 'The endpoint was deleted before it was sent.'
       FROM waiting w WHERE d.workspace = $1 AND d.id = w.delivery_id AND d.created_at = w.created_at`,
      [workspace, id],
    );
    await tx.query('DELETE FROM endpoint_tokens WHERE workspace = $1 AND endpoint_id = $2', [workspace, id]);
    return true;
  });
}
