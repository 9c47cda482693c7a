import type { SecretBox } from '../core/encryption.ts';
import type { Queryable } from '../db/database.ts';
import type { Source } from './source.ts';
import { type SourceRow, toSource } from './source-row.ts';

/**
 * The sources behind slugs, over all workspaces: a request on an ingest URL names no workspace. Slugs that no source has are
 * missing in the result. A source whose secrets cannot be opened is there as the error, so that it does not take others along.
 */
export async function findSourcesBySlug(
  db: Queryable,
  box: SecretBox,
  slugs: readonly string[],
): Promise<Map<string, Source | Error>> {
  const rows = await db.query<SourceRow>(
    `SELECT s.* FROM source_slugs l JOIN sources s ON s.workspace = l.workspace AND s.id = l.source_id
     WHERE l.slug = ANY ($1::text[]) AND s.deleted_at IS NULL`,
    [slugs],
  );
  const found = new Map<string, Source | Error>();
  for (const row of rows) {
    try {
      found.set(row.slug, toSource(row, box));
    } catch (error) {
      found.set(row.slug, error instanceof Error ? error : new Error(String(error)));
    }
  }
  return found;
}
