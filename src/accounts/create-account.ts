/** A new account with a password. Only for people whom a setup link or an invitation lets in. */
import { newUuid, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { normalEmail } from './member.ts';

export interface NewAccount {
  email: string;
  name: string;
  /** scrypt, as better-auth's hashPassword makes it. */
  passwordHash: string;
}

/**
 * Writes the user and its password; null when the address has an account already. The address counts as verified: an
 * administrator named it in an invitation, or it is the administrator's own, and single sign-on may join it.
 */
export async function createAccount(tx: Queryable, { email, name, passwordHash }: NewAccount): Promise<Uuid | null> {
  const id = newUuid();
  const rows = await tx.query(
    `INSERT INTO auth_users (id, name, email, email_verified) VALUES ($1, $2, $3, true)
     ON CONFLICT (email) DO NOTHING RETURNING id`,
    [id, name.trim(), normalEmail(email)],
  );
  if (rows.length === 0) return null;
  // better-auth looks a password up by the user's own id as the account's.
  await tx.query(
    `INSERT INTO auth_accounts (user_id, account_id, provider_id, password) VALUES ($1::uuid, $1::uuid::text, 'credential', $2)`,
    [id, passwordHash],
  );
  return id;
}
