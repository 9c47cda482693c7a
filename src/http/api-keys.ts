/** The table api_keys, for the routes and the command line: made, listed, removed. Who may do that is asked before. */
import { newUuid, publicId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { microsOf, timeOfMicros } from '../progress/queries/keyset.ts';
import type { Role } from './context.ts';
import { hashKey, newKey } from './keyring.ts';

interface ApiKeyRow {
  id: Uuid;
  name: string;
  role: Role;
  hint: string;
  learner_id: Uuid | null;
  cohorts: Uuid[] | null;
  expires_at: Date | null;
  created_at: Date;
  last_used_at: Date | null;
  /** created_at, for the cursor. */
  created_micros: number;
}

const COLUMNS = `id, name, role, hint, learner_id, cohorts, expires_at, created_at, last_used_at,
  ${microsOf('created_at')} AS created_micros`;

/** Whether the workspace has the learner that a key is to be limited to. */
export async function hasLearner(db: Queryable, workspace: number, learnerId: Uuid): Promise<boolean> {
  const rows = await db.query('SELECT 1 FROM learners WHERE workspace = $1 AND id = $2', [workspace, learnerId]);
  return rows.length > 0;
}

/** Makes a key. `key` is its text, to be shown this once: only the hash is stored. */
export async function createApiKey(
  db: Queryable,
  workspace: number,
  wanted: { name: string; role: Role; learnerId: Uuid | null; cohorts: Uuid[] | null; expiresAt: Date | string | null },
): Promise<{ row: ApiKeyRow; key: string }> {
  const { key, hint } = newKey();
  const { name, role, learnerId, cohorts, expiresAt } = wanted;
  const [row] = await db.query<ApiKeyRow>(
    `INSERT INTO api_keys (id, workspace, name, hash, hint, role, learner_id, cohorts, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
    [newUuid(), workspace, name, hashKey(key), hint, role, learnerId, cohorts, expiresAt],
  );
  if (row === undefined) throw new Error('The key was not stored, though the database said it was. Try again.');
  return { row, key };
}

/** Keys, newest first, from after the place `[created_micros, id]`. `limit` null: all of them. */
export async function listApiKeys(
  db: Queryable,
  workspace: number,
  page: { after: readonly [micros: number, id: string] | null; limit: number | null },
): Promise<ApiKeyRow[]> {
  return db.query<ApiKeyRow>(
    `SELECT ${COLUMNS} FROM api_keys
     WHERE workspace = $1 AND ($2::bigint IS NULL OR (created_at, id) < (${timeOfMicros('$2')}, $3::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $4`,
    [workspace, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
}

/** Removes a key and the tickets it issued; false when the workspace has none with this id. */
export async function removeApiKey(db: Queryable, workspace: number, id: Uuid): Promise<boolean> {
  const rows = await db.query('DELETE FROM api_keys WHERE workspace = $1 AND id = $2 RETURNING id', [workspace, id]);
  if (rows.length === 0) return false;
  await db.query('DELETE FROM tickets WHERE key_id = $1', [id]);
  return true;
}

/** As the API and `--json` show a key. */
export function shownApiKey(row: ApiKeyRow) {
  return {
    id: publicId('key', row.id),
    name: row.name,
    role: row.role,
    hint: row.hint,
    learner: row.learner_id === null ? null : publicId('lrn', row.learner_id),
    cohorts: row.cohorts === null ? null : row.cohorts.map((id) => publicId('coh', id)),
    expiresAt: row.expires_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
