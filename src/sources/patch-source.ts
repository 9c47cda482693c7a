import { adapterFor } from '../adapters/registry.ts';
import type { SecretBox } from '../core/encryption.ts';
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import { checkSettings, refuseIf, type SourceSettings } from './check-source.ts';
import { claimSlug } from './claim-slug.ts';
import { lockSource } from './lock-source.ts';
import type { Source } from './source.ts';
import { type SourceRow, toSource } from './source-row.ts';
import { openSecrets, sealSecrets } from './stored-secrets.ts';

/** What PATCH sources/{id} takes; what is left out stays. Secrets and tokens are changed by a rotation instead. */
export type SourceChanges = Omit<SourceSettings, 'secret'>;

/**
 * Changes settings of a source. `allowedOrigins: null` goes back to the platform's own, `rateLimit: null` lifts the limit,
 * `basicAuth: null` asks for no credentials any more. A new slug is a new ingest URL; the old one is a 404 at once.
 * Returns null when the workspace has no such source. Throws `invalid_request` or `conflict`.
 */
export async function patchSource(
  db: Database,
  box: SecretBox,
  workspace: number,
  id: Uuid,
  changes: SourceChanges,
): Promise<Source | null> {
  return db.transaction(async (tx) => {
    const row = await lockSource(tx, workspace, id);
    if (row === null) return null;
    refuseIf(checkSettings(changes, adapterFor(row.provider)));
    if (changes.slug !== undefined && changes.slug !== row.slug) {
      if (!(await claimSlug(tx, changes.slug, workspace, id))) {
        throw new GradewireError(
          'conflict',
          `The slug "${changes.slug}" is taken on this instance. Choose another one.`,
        );
      }
      await tx.query(`DELETE FROM source_slugs WHERE slug = $1`, [row.slug]);
    }
    let sealed = row.secrets;
    if (changes.basicAuth !== undefined) {
      const stored = openSecrets(box, id, row.secrets);
      const basicAuth = changes.basicAuth === null ? [] : [{ ...changes.basicAuth, expiresAt: null }];
      sealed = sealSecrets(box, id, { ...stored, basicAuth });
    }
    const rows = await tx.query<SourceRow>(
      `UPDATE sources SET slug = $3, name = $4, public_key = $5, secrets = $6, allowed_origins = $7, identity_from = $8,
         rate_limit = $9, updated_at = now()
       WHERE workspace = $1 AND id = $2
       RETURNING *`,
      [
        workspace,
        id,
        changes.slug ?? row.slug,
        changes.name ?? row.name,
        changes.publicKey ?? row.public_key,
        sealed,
        changes.allowedOrigins === undefined ? row.allowed_origins : changes.allowedOrigins,
        JSON.stringify(changes.identityFrom ?? row.identity_from),
        changes.rateLimit === undefined ? row.rate_limit : changes.rateLimit,
      ],
    );
    const changed = rows[0];
    return changed === undefined ? null : toSource(changed, box);
  });
}
