/**
 * Keys and sessions: from the text a caller shows to who that is. Only SHA-256 of a key is stored, remembered or compared; the
 * token of a session is worth nothing without its signature, which is checked before (src/accounts/session-cookie.ts).
 */
import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { hashUuid, randomToken, type Uuid } from '../core/ids.ts';
import { equalBytes } from '../core/signatures.ts';
import type { Database } from '../db/database.ts';
import type { Keyring, Principal, Role } from './context.ts';

/** The default workspace: the instance's admin key belongs to it. */
const DEFAULT_WORKSPACE = 1;
/** How long a key or session is believed without asking the database: revocation must act within 5 s. */
const BELIEVED_MS = 2_000;
/** More keys and sessions than this at once are asked for anew, so that a flood of keys cannot fill the memory. */
const REMEMBERED = 5_000;

interface PrincipalRow {
  id: Uuid;
  user_id: Uuid | null;
  name: string;
  workspace: number;
  role: Role;
  learner_id: Uuid | null;
  cohorts: Uuid[] | null;
  stale_use: boolean;
}

const staleUse = (column: string) => `(${column} IS NULL OR ${column} < now() - interval '1 minute') AS stale_use`;

const KEYS = `SELECT id, NULL AS user_id, name, workspace, role, ${shownLearner('api_keys')}, cohorts, ${staleUse('last_used_at')}
  FROM api_keys WHERE (expires_at IS NULL OR expires_at > now())`;

/** A session of somebody who is no member anywhere is nobody's. Of several workspaces the first one joined counts. */
const SESSIONS = `SELECT s.id, s.user_id, u.name, m.workspace, m.role, ${shownLearner('m')}, m.cohorts, ${staleUse('s.last_seen_at')}
  FROM auth_sessions AS s JOIN auth_users AS u ON u.id = s.user_id
  CROSS JOIN LATERAL (
    SELECT * FROM members WHERE user_id = s.user_id ORDER BY created_at, workspace LIMIT 1
  ) AS m
  WHERE s.expires_at > now()`;

/** Whom a limit to one learner means: after a merge the learner who is kept. */
function shownLearner(limit: string): string {
  return `coalesce((SELECT g.kept_id FROM merged_learners g
    WHERE g.workspace = ${limit}.workspace AND g.id = ${limit}.learner_id), ${limit}.learner_id) AS learner_id`;
}

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
    kind: 'key',
    userId: null,
    name: 'Admin key of this server',
    // Changes with the key, so that tickets issued by an older admin key die with it.
    keyId: hashUuid('admin key', adminHash.toString('hex')),
    learnerId: null,
    cohorts: null,
    ticket: null,
  };
  const believed = new Map<string, { principal: Principal; until: number }>();

  const notes = new Set<Promise<unknown>>();

  async function find(kind: Principal['kind'], column: string, value: unknown): Promise<Principal | null> {
    const from = kind === 'key' ? KEYS : SESSIONS;
    const [row] = await db.query<PrincipalRow>(`${from} AND ${column} = $1`, [value]);
    if (row === undefined) return null;
    if (row.stale_use) noteUse(kind, row);
    return {
      workspace: row.workspace,
      role: row.role,
      kind,
      keyId: row.id,
      userId: row.user_id,
      name: row.name,
      learnerId: row.learner_id,
      cohorts: row.cohorts,
      ticket: null,
    };
  }

  /** At most once a minute and never awaited: a time for people must not cost callers anything. */
  function noteUse(kind: Principal['kind'], row: PrincipalRow): void {
    const statement =
      kind === 'key'
        ? db.query(`UPDATE api_keys SET last_used_at = now() WHERE id = $1`, [row.id])
        : db.query(
            `WITH seen AS (UPDATE auth_sessions SET last_seen_at = now() WHERE id = $1)
             UPDATE members SET last_seen_at = now() WHERE workspace = $2 AND user_id = $3`,
            [row.id, row.workspace, row.user_id],
          );
    const note = statement
      .catch((error: unknown) => log.debug({ err: error }, 'the time a key or session was last used was not noted'))
      .finally(() => notes.delete(note));
    notes.add(note);
  }

  /** What was found out less than two seconds ago, or else what `ask` finds out now. */
  async function remembered(name: string, ask: () => Promise<Principal | null>): Promise<Principal | null> {
    const known = believed.get(name);
    if (known !== undefined && known.until > Date.now()) return known.principal;
    const principal = await ask();
    believed.delete(name);
    if (principal === null) return null;
    if (believed.size >= REMEMBERED) believed.clear();
    believed.set(name, { principal, until: Date.now() + BELIEVED_MS });
    return principal;
  }

  return {
    async principalOf(key) {
      const hash = hashKey(key);
      if (equalBytes(hash, adminHash)) return admin;
      return await remembered(`key ${hash.toString('base64')}`, () => find('key', 'hash', hash));
    },
    async principalOfSession(token) {
      const name = `session ${hashKey(token).toString('base64')}`;
      return await remembered(name, () => find('session', 's.token', token));
    },
    async stillValid(principal) {
      if (principal.keyId === admin.keyId) return true;
      const now = await find(principal.kind, principal.kind === 'key' ? 'id' : 's.id', principal.keyId);
      return now !== null && standing(now) === standing(principal);
    },
    async principalById(keyId) {
      if (keyId === admin.keyId) return admin;
      return (await find('key', 'id', keyId)) ?? (await find('session', 's.id', keyId));
    },
    forget(id) {
      for (const [name, { principal }] of believed) {
        if (principal.keyId === id || principal.userId === id) believed.delete(name);
      }
    },
    async idle() {
      await Promise.all(notes);
    },
  };
}

/** What a principal may see and do, as text that is equal when that is. */
export function standing({ keyId, workspace, role, learnerId, cohorts }: Principal): string {
  return JSON.stringify([keyId, workspace, role, learnerId, cohorts === null ? null : [...cohorts].sort()]);
}
