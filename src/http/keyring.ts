/** API keys: from the text a caller shows to who that is. Only SHA-256 of a key is stored, remembered or compared. */
import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { hashUuid, randomToken, type Uuid } from '../core/ids.ts';
import { equalBytes } from '../core/signatures.ts';
import type { Database } from '../db/database.ts';
import type { Keyring, Principal, Role } from './context.ts';

/** The default workspace: the instance's admin key belongs to it. */
const DEFAULT_WORKSPACE = 1;
/** How long a key is believed without asking the database: revocation must act within 5 s. */
const BELIEVED_MS = 2_000;
/** More keys than this at once are asked for anew, so that a flood of keys cannot fill the memory. */
const REMEMBERED_KEYS = 5_000;

interface KeyRow {
  id: Uuid;
  workspace: number;
  role: Role;
  learner_id: Uuid | null;
  cohorts: Uuid[] | null;
  stale_use: boolean;
}

const COLUMNS = `id, workspace, role, learner_id, cohorts,
  (last_used_at IS NULL OR last_used_at < now() - interval '1 minute') AS stale_use`;

/** SHA-256 of a key or ticket, as it is stored. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** A new key: `gw_` and 32 random bytes; and its first characters, by which people tell keys apart. */
export function newKey(): { key: string; hint: string } {
  const key = `gw_${randomToken(32)}`;
  return { key, hint: key.slice(0, 9) };
}

/** The keyring over the table api_keys and the instance's admin key. */
export function createKeyring(parts: { db: Database; adminKey: string; log: FastifyBaseLogger }): Keyring {
  const { db, log } = parts;
  const adminHash = hashKey(parts.adminKey);
  const admin: Principal = {
    workspace: DEFAULT_WORKSPACE,
    role: 'admin',
    // Changes with the key, so that tickets issued by an older admin key die with it.
    keyId: hashUuid('admin key', adminHash.toString('hex')),
    learnerId: null,
    cohorts: null,
    ticket: null,
  };
  const believed = new Map<string, { keyId: Uuid; principal: Principal; until: number }>();

  const notes = new Set<Promise<unknown>>();

  async function find(where: string, value: unknown): Promise<Principal | null> {
    const rows = await db.query<KeyRow>(
      `SELECT ${COLUMNS} FROM api_keys WHERE ${where} = $1 AND (expires_at IS NULL OR expires_at > now())`,
      [value],
    );
    const row = rows[0];
    if (row === undefined) return null;
    if (row.stale_use) noteUse(row.id);
    return {
      workspace: row.workspace,
      role: row.role,
      keyId: row.id,
      learnerId: row.learner_id,
      cohorts: row.cohorts,
      ticket: null,
    };
  }

  /** At most once a minute and never awaited: a time for people must not cost callers anything. */
  function noteUse(id: Uuid): void {
    const note = db
      .query(
        `UPDATE api_keys SET last_used_at = now()
         WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
        [id],
      )
      .catch((error: unknown) => log.debug({ err: error }, 'the time a key was last used was not noted'))
      .finally(() => notes.delete(note));
    notes.add(note);
  }

  return {
    async principalOf(key) {
      const hash = hashKey(key);
      if (equalBytes(hash, adminHash)) return admin;
      const name = hash.toString('base64');
      const known = believed.get(name);
      if (known !== undefined && known.until > Date.now()) return known.principal;
      const principal = await find('hash', hash);
      believed.delete(name);
      if (principal === null) return null;
      if (believed.size >= REMEMBERED_KEYS) believed.clear();
      believed.set(name, { keyId: principal.keyId, principal, until: Date.now() + BELIEVED_MS });
      return principal;
    },
    async stillValid(principal) {
      return principal.keyId === admin.keyId || (await find('id', principal.keyId)) !== null;
    },
    async principalById(keyId) {
      return keyId === admin.keyId ? admin : await find('id', keyId);
    },
    forget(keyId) {
      for (const [name, entry] of believed) if (entry.keyId === keyId) believed.delete(name);
    },
    async idle() {
      await Promise.all(notes);
    },
  };
}
