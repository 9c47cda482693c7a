import type { Provider } from '../../../core/vocabulary.ts';
import type { Queryable } from '../../../db/database.ts';
import { TELL_STARTS } from './attempt-columns.ts';

/** Platforms of this workspace that tell when attempts begin. */
export async function tellsStarts(db: Queryable, workspace: number): Promise<Set<Provider>> {
  const rows = await db.query<{ provider: Provider }>(
    'SELECT DISTINCT provider FROM sources WHERE workspace = $1 AND deleted_at IS NULL AND provider = ANY ($2::text[])',
    [workspace, TELL_STARTS],
  );
  return new Set(rows.map((row) => row.provider));
}
