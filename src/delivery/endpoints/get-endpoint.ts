import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { type EndpointRow, type StoredEndpoint, toEndpoint } from './endpoint-row.ts';

/** null where the workspace has no such endpoint. */
export async function getEndpoint(
  db: Queryable,
  box: SecretBox,
  workspace: number,
  id: Uuid,
): Promise<StoredEndpoint | null> {
  const [row] = await db.query<EndpointRow>(
    'SELECT * FROM endpoints WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL',
    [workspace, id],
  );
  return row === undefined ? null : toEndpoint(row, box);
}
