import { parsePublicId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/**
 * The source that a filter means: by its public id or its slug, removed ones too, because their receipts stay. Of several
 * that bore a slug, the one that bears it now, else the newest. Null when the workspace never had one.
 */
export async function findSourceId(db: Queryable, workspace: number, idOrSlug: string): Promise<Uuid | null> {
  // PostgreSQL refuses a text with a null character; no slug has one.
  if (idOrSlug.includes('\0')) return null;
  const rows = await db.query<{ id: Uuid }>(
    `SELECT id FROM sources WHERE workspace = $1 AND (id = $2 OR slug = $3)
     ORDER BY id = $2 DESC NULLS LAST, deleted_at DESC NULLS FIRST LIMIT 1`,
    [workspace, parsePublicId('src', idOrSlug), idOrSlug],
  );
  return rows[0]?.id ?? null;
}
