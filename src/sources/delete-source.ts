import type { SecretBox } from '../core/encryption.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import { lockSource } from './lock-source.ts';
import { sealSecrets } from './stored-secrets.ts';

/**
 * Removes a source: its URL is a 404 (within 5 s on other processes), its slug is free again, its secrets are gone. The row
 * itself stays, marked, because receipts that it took still need to be read, replayed and rebuilt by its provider's rules.
 * Returns false when the workspace has no such source.
 */
export async function deleteSource(db: Database, box: SecretBox, workspace: number, id: Uuid): Promise<boolean> {
  return db.transaction(async (tx) => {
    const row = await lockSource(tx, workspace, id);
    if (row === null) return false;
    await tx.query(`DELETE FROM source_slugs WHERE workspace = $1 AND source_id = $2`, [workspace, id]);
    await tx.query(
      `UPDATE sources SET deleted_at = now(), updated_at = now(), secrets = $3 WHERE workspace = $1 AND id = $2`,
      [workspace, id, sealSecrets(box, id, { secrets: [], basicAuth: [], tokens: [] })],
    );
    return true;
  });
}
