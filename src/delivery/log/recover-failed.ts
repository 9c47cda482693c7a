import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import { requeue } from './requeue.ts';

/** Prevents one statement over hundreds of thousands of rows, which would hold their locks for long. */
const CHUNK = 5_000;

/** Sends again what was given up and planned since a time, for one endpoint, in chunks. Gives how many. */
export async function recoverFailed(
  db: Database,
  workspace: number,
  endpointId: Uuid,
  { since }: { since: Date | string },
): Promise<number> {
  let after: Uuid | null = null;
  let total = 0;
  for (;;) {
    const rows: { id: Uuid }[] = await db.query<{ id: Uuid }>(
      `SELECT id FROM deliveries
       WHERE workspace = $1 AND endpoint_id = $2 AND failed_at IS NOT NULL AND created_at >= $3
         AND ($4::uuid IS NULL OR id > $4)
       ORDER BY id LIMIT ${CHUNK}`,
      [workspace, endpointId, since, after],
    );
    if (rows.length === 0) return total;
    const ids = rows.map((row) => row.id);
    total += await db.transaction((tx) => requeue(tx, workspace, ids));
    after = ids.at(-1) ?? null;
  }
}
