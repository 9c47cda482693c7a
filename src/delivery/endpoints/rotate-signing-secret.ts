import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import { rotated } from '../../sources/stored-secrets.ts';
import { type EndpointRow, type StoredEndpoint, toEndpoint } from './endpoint-row.ts';
import { lockEndpoint } from './lock-endpoint.ts';
import { newSigningSecret, openParts, sealParts } from './sealed.ts';

/** Requests bear both signatures for so long, unless told otherwise: receivers are changed by people, within a day. */
const OVERLAP_SECONDS = 86_400;

/** A new signing secret; requests are signed with the old one too until the overlap is over. null where there is none. */
export async function rotateSigningSecret(
  db: Database,
  box: SecretBox,
  workspace: number,
  id: Uuid,
  options: { overlapSeconds?: number | undefined } = {},
): Promise<StoredEndpoint | null> {
  return db.transaction(async (tx) => {
    const row = await lockEndpoint(tx, workspace, id);
    if (row === null) return null;
    const parts = openParts(box, id, row.sealed);
    const overlapMs = (options.overlapSeconds ?? OVERLAP_SECONDS) * 1000;
    const signing = rotated(parts.signing, { value: newSigningSecret(), expiresAt: null }, Date.now(), overlapMs);
    const [changed] = await tx.query<EndpointRow>(
      `UPDATE endpoints SET sealed = $3, version = version + 1, updated_at = now()
       WHERE workspace = $1 AND id = $2 RETURNING *`,
      [workspace, id, sealParts(box, id, { ...parts, signing })],
    );
    if (changed === undefined) throw new Error('The changed endpoint did not come back from the database.');
    return toEndpoint(changed, box);
  });
}
