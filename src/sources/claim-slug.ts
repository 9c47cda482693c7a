import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** Takes a slug for a source, in the transaction that writes the source; false when another one has it. */
export async function claimSlug(tx: Queryable, slug: string, workspace: number, sourceId: Uuid): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO source_slugs (slug, workspace, source_id) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING slug`,
    [slug, workspace, sourceId],
  );
  return rows.length === 1;
}
