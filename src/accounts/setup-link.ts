/** The first administrator: a one-time link that the server prints while there is none. Only SHA-256 of its token is kept. */
import { createHash } from 'node:crypto';
import { GradewireError } from '../core/errors.ts';
import { randomToken, type Uuid } from '../core/ids.ts';
import { equalBytes } from '../core/signatures.ts';
import type { Database, Queryable } from '../db/database.ts';
import { createAccount, type NewAccount } from './create-account.ts';

const NAME = 'setup_token';
/** The workspace that the first administrator is one of. */
export const DEFAULT_WORKSPACE = 1;

/** Whether no administrator has an account yet. */
export async function setupNeeded(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ needed: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM members WHERE role = 'admin') AS needed`,
  );
  return row?.needed === true;
}

/** A new token for the link, which makes the one before worthless; null when there is an administrator. */
export async function newSetupToken(db: Queryable): Promise<string | null> {
  if (!(await setupNeeded(db))) return null;
  const token = randomToken(32);
  await db.query(
    'INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [NAME, hash(token).toString('hex')],
  );
  return token;
}

/** Refuses (403) a token that is not the newest link's, or was used. `lock` keeps it so to the end of the transaction. */
export async function requireSetupToken(db: Queryable, token: string, lock = false): Promise<void> {
  const [row] = await db.query<{ value: string }>(
    `SELECT value FROM instance WHERE name = $1${lock ? ' FOR UPDATE' : ''}`,
    [NAME],
  );
  const valid = row !== undefined && equalBytes(Buffer.from(row.value, 'hex'), hash(token));
  if (valid && (await setupNeeded(db))) return;
  throw new GradewireError(
    'forbidden',
    'This setup link was used or replaced by a newer one. Restart the server and use the link it prints then.',
  );
}

/** Makes the first administrator's account and uses the link up. 403 for a wrong or used token, 409 for a taken address. */
export async function setUp(db: Database, token: string, account: NewAccount): Promise<Uuid> {
  return await db.transaction(async (tx) => {
    // The lock lets only one of two who hold the link through.
    await requireSetupToken(tx, token, true);
    const userId = await createAccount(tx, account);
    if (userId === null) {
      throw new GradewireError('conflict', 'This e-mail address has an account already. Use another one.');
    }
    await tx.query(`INSERT INTO members (workspace, user_id, role) VALUES ($1, $2, 'admin')`, [
      DEFAULT_WORKSPACE,
      userId,
    ]);
    await tx.query('DELETE FROM instance WHERE name = $1', [NAME]);
    return userId;
  });
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
