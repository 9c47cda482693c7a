import type { SecretBox } from '../core/encryption.ts';
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import type { Source } from './source.ts';
import { type SourceRow, toSource } from './source-row.ts';

/** One source by its id or its slug; null when the workspace has none (any more). */
export async function getSource(
  db: Queryable,
  box: SecretBox,
  workspace: number,
  by: { id: Uuid } | { slug: string },
): Promise<Source | null> {
  const rows = await db.query<SourceRow>(
    'id' in by
      ? `SELECT * FROM sources WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL`
      : `SELECT * FROM sources WHERE workspace = $1 AND slug = $2 AND deleted_at IS NULL`,
    [workspace, 'id' in by ? by.id : by.slug],
  );
  const row = rows[0];
  return row === undefined ? null : toSource(row, box);
}
