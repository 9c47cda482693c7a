import type { Uuid } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';

export interface NamedSource {
  id: Uuid;
  slug: string;
  name: string;
  provider: Provider;
}

/** What the sources of a workspace are called, oldest first; their secrets are left alone. */
export async function nameSources(db: Queryable, workspace: number): Promise<NamedSource[]> {
  return await db.query<NamedSource>(
    `SELECT id, slug, name, provider FROM sources WHERE workspace = $1 AND deleted_at IS NULL ORDER BY created_at, id`,
    [workspace],
  );
}
