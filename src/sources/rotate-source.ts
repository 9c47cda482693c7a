import type { Adapter } from '../adapters/adapter.ts';
import { adapterFor } from '../adapters/registry.ts';
import type { SecretBox } from '../core/encryption.ts';
import type { ErrorDetail } from '../core/errors.ts';
import { randomToken, type Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import { checkSettings, refuseIf } from './check-source.ts';
import { lockSource } from './lock-source.ts';
import type { Source } from './source.ts';
import { type SourceRow, toSource } from './source-row.ts';
import { openSecrets, rotated, type StoredSecrets, sealSecrets } from './stored-secrets.ts';

/** What POST sources/{id}/rotate takes. */
export interface Rotation {
  /** The new signing secret or private key; for a source with Basic credentials its new password. Left out: a new URL token. */
  secret?: string | undefined;
  /** How long the old one still holds, in seconds. */
  overlapSeconds?: number | undefined;
}

/** Platforms keep both for a day (Svix's default too); their retries end within 28 h but are signed anew. */
const DEFAULT_OVERLAP_SECONDS = 24 * 3600;
/** A longer overlap is a secret that was never rotated. */
const LONGEST_OVERLAP_SECONDS = 30 * 24 * 3600;

/**
 * Gives a source a new secret, password or URL token; the old one holds on for `overlapSeconds` (24 h by default, 0: not at
 * all; other processes notice within 5 s). Returns null when there is no such source. Throws `invalid_request`.
 */
export async function rotateSource(
  db: Database,
  box: SecretBox,
  workspace: number,
  id: Uuid,
  rotation: Rotation,
): Promise<Source | null> {
  return db.transaction(async (tx) => {
    const row = await lockSource(tx, workspace, id);
    if (row === null) return null;
    const stored = openSecrets(box, id, row.secrets);
    refuseIf(checkRotation(rotation, adapterFor(row.provider), stored));
    const next = rotateStored(stored, rotation);
    const rows = await tx.query<SourceRow>(
      `UPDATE sources SET secrets = $3, updated_at = now() WHERE workspace = $1 AND id = $2 RETURNING *`,
      [workspace, id, sealSecrets(box, id, next)],
    );
    const changed = rows[0];
    return changed === undefined ? null : toSource(changed, box);
  });
}

function checkRotation(rotation: Rotation, adapter: Adapter, stored: StoredSecrets): ErrorDetail[] {
  const details: ErrorDetail[] = [];
  const { secret, overlapSeconds } = rotation;
  if (
    overlapSeconds !== undefined &&
    !(Number.isInteger(overlapSeconds) && overlapSeconds >= 0 && overlapSeconds <= LONGEST_OVERLAP_SECONDS)
  ) {
    details.push({
      path: 'body/overlapSeconds',
      message: 'Give whole seconds from 0 (the old one ends now) to 2592000 (30 days).',
    });
  }
  if (adapter.needs.secret) {
    if (secret === undefined) {
      details.push({
        path: 'body/secret',
        message: `Make a new secret at ${adapter.title} and paste it here: secrets never come back from Gradewire, so it cannot make one up.`,
      });
    } else details.push(...checkSettings({ secret }, adapter));
  } else if (secret !== undefined) {
    const [current] = stored.basicAuth;
    if (current === undefined) {
      details.push({
        path: 'body/secret',
        message: 'This source has no password. Leave `secret` out to get a new URL token.',
      });
    } else {
      const wrong = checkSettings({ basicAuth: { username: current.username, password: secret } }, adapter);
      details.push(...wrong.map(({ message }) => ({ path: 'body/secret', message })));
    }
  }
  return details;
}

function rotateStored(stored: StoredSecrets, rotation: Rotation): StoredSecrets {
  const now = Date.now();
  const overlapMs = (rotation.overlapSeconds ?? DEFAULT_OVERLAP_SECONDS) * 1000;
  const { secret } = rotation;
  if (secret === undefined) {
    return { ...stored, tokens: rotated(stored.tokens, { value: randomToken(), expiresAt: null }, now, overlapMs) };
  }
  const [login] = stored.basicAuth;
  if (login !== undefined) {
    const fresh = { username: login.username, password: secret, expiresAt: null };
    return { ...stored, basicAuth: rotated(stored.basicAuth, fresh, now, overlapMs) };
  }
  return { ...stored, secrets: rotated(stored.secrets, { value: secret, expiresAt: null }, now, overlapMs) };
}
