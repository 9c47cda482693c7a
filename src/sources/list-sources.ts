import type { SecretBox } from '../core/encryption.ts';
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import type { Source } from './source.ts';
import { type SourceRow, toSource } from './source-row.ts';

/** Where a page goes on: the last source of the page before. */
export interface SourcePosition {
  createdAt: Date;
  id: Uuid;
}

/** The sources of a workspace, newest first, at most `limit` of them, those after `after` only. */
export async function listSources(
  db: Queryable,
  box: SecretBox,
  workspace: number,
  page: { limit: number; after?: SourcePosition | undefined },
): Promise<Source[]> {
  const rows = await db.query<SourceRow>(
    // By milliseconds, as a Date holds them: those made within one would be skipped between pages otherwise.
    `SELECT * FROM sources
     WHERE workspace = $1 AND deleted_at IS NULL
       AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($2::timestamptz, $3::uuid))
     ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC
     LIMIT $4`,
    [workspace, page.after?.createdAt ?? null, page.after?.id ?? null, page.limit],
  );
  return rows.map((row) => toSource(row, box));
}
