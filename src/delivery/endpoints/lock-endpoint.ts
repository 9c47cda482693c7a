import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { EndpointRow } from './endpoint-row.ts';

/** The row, locked to the end of the transaction; null where the workspace has no such endpoint. */
export async function lockEndpoint(tx: Queryable, workspace: number, id: Uuid): Promise<EndpointRow | null> {
  const [row] = await tx.query<EndpointRow>(
    'SELECT * FROM endpoints WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE',
    [workspace, id],
  );
  return row ?? null;
}
