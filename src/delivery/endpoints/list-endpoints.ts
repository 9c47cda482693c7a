import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { type EndpointRow, type StoredEndpoint, toEndpoint } from './endpoint-row.ts';

/** Endpoints of a workspace, newest first, at most `limit`, those after a place in the list when it is given. */
export async function listEndpoints(
  db: Queryable,
  box: SecretBox,
  workspace: number,
  { limit, after = null }: { limit: number; after?: { createdAt: Date | string; id: Uuid } | null },
): Promise<StoredEndpoint[]> {
  const rows = await db.query<EndpointRow>(
    `SELECT * FROM endpoints
     WHERE workspace = $1 AND deleted_at IS NULL
       AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $4`,
    [workspace, after?.createdAt ?? null, after?.id ?? null, limit],
  );
  return rows.map((row) => toEndpoint(row, box));
}
