/** What `gradewire keys` does. */
import { newUuid, parsePublicId, publicId, type Uuid } from '../core/ids.ts';
import type { Role } from '../http/context.ts';
import { hashKey, newKey } from '../http/keyring.ts';
import { UsageError } from './failures.ts';
import { say, sayJson, styled, table } from './terminal.ts';
import { WORKSPACE, withDatabase } from './with-database.ts';

export interface AddKeyOptions {
  name: string;
  role: Role;
  learner?: string;
  expires?: Date;
  json?: true;
}

interface KeyRow {
  id: Uuid;
  name: string;
  role: Role;
  hint: string;
  learner_id: Uuid | null;
  expires_at: Date | null;
  created_at: Date;
  last_used_at: Date | null;
}

const COLUMNS = 'id, name, role, hint, learner_id, expires_at, created_at, last_used_at';

/** Makes a key and prints it. */
export async function addKey(options: AddKeyOptions): Promise<void> {
  const made = await withDatabase(async ({ db }) => {
    const learnerId = options.learner === undefined ? null : parsePublicId('lrn', options.learner);
    if (options.learner !== undefined) {
      const known =
        learnerId === null
          ? []
          : await db.query('SELECT 1 FROM learners WHERE workspace = $1 AND id = $2', [WORKSPACE, learnerId]);
      if (known.length === 0)
        throw new Error(`No learner has the id ${options.learner}. \`gradewire tail --json\` shows learner ids.`);
    }
    const { key, hint } = newKey();
    const rows = await db.query<KeyRow>(
      `INSERT INTO api_keys (id, workspace, name, hash, hint, role, learner_id, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
      [newUuid(), WORKSPACE, options.name, hashKey(key), hint, options.role, learnerId, options.expires ?? null],
    );
    return rows.map((row) => ({ ...shown(row), key }));
  });
  const [one] = made;
  if (one === undefined) throw new Error('The key was not stored, though the database said it was. Try again.');
  if (options.json) return sayJson(one);
  say(styled('bold', one.key));
  say(styled('dim', `${one.id} · ${one.role} · copy it now, it is not shown again`));
}

/** Prints all keys. */
export async function listKeys(options: { json?: true }): Promise<void> {
  const rows = await withDatabase(({ db }) =>
    db.query<KeyRow>(`SELECT ${COLUMNS} FROM api_keys WHERE workspace = $1 ORDER BY created_at DESC, id DESC`, [
      WORKSPACE,
    ]),
  );
  const keys = rows.map(shown);
  if (options.json) return sayJson(keys);
  if (keys.length === 0) {
    say('No keys yet, besides the admin key. Make one: gradewire keys add --name "Dashboard" --role instructor');
    return;
  }
  say(
    table(keys, [
      { title: 'ID', value: (k) => k.id },
      { title: 'NAME', value: (k) => k.name, shrinks: true },
      { title: 'ROLE', value: (k) => k.role },
      { title: 'BEGINS', value: (k) => `${k.hint}…` },
      { title: 'LAST USED', value: (k) => k.lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never' },
      {
        title: 'EXPIRES',
        value: (k) => k.expiresAt?.slice(0, 10) ?? 'never',
        style: (k) => (k.expiresAt !== null && Date.parse(k.expiresAt) < Date.now() ? 'red' : null),
      },
    ]),
  );
}

/** Removes a key, and the tickets it issued. */
export async function removeKey(id: string, options: { json?: true }): Promise<void> {
  const uuid = parsePublicId('key', id);
  if (uuid === null)
    throw new UsageError(`"${id}" is no key id. \`gradewire keys list\` shows them; they begin with key_.`);
  await withDatabase(async ({ db }) => {
    const rows = await db.query<{ name: string }>(
      'DELETE FROM api_keys WHERE workspace = $1 AND id = $2 RETURNING name',
      [WORKSPACE, uuid],
    );
    if (rows.length === 0) throw new Error(`No key has the id ${id}. \`gradewire keys list\` shows them.`);
    await db.query('DELETE FROM tickets WHERE key_id = $1', [uuid]);
  });
  if (options.json) return sayJson({ removed: id });
  say(`${styled('green', '✓')} Removed ${id}.`);
}

function shown(row: KeyRow) {
  return {
    id: publicId('key', row.id),
    name: row.name,
    role: row.role,
    hint: row.hint,
    learner: row.learner_id === null ? null : publicId('lrn', row.learner_id),
    expiresAt: row.expires_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
