/** Lines of the audit log about signing in, in every workspace of the person. */
import { publicId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { type AuditEntry, appendAudit } from './audit-log.ts';
import { normalEmail } from './member.ts';

interface WhoRow {
  workspace: number;
  id: Uuid;
  name: string;
}

/** What somebody did with the own account, in whatever way: signed in, set a new password. */
export async function auditMember(db: Queryable, userId: Uuid, action: string, ip: string | null): Promise<void> {
  const rows = await whoIs(db, 'u.id', userId);
  await append(db, rows, (row) => ({
    actor: { kind: 'member', id: row.id, name: row.name },
    action,
    target: null,
    ip,
  }));
}

/** Somebody tried to sign in as a member and did not know the password. Of addresses without an account nothing is kept. */
export async function auditRefusedSignIn(db: Queryable, { email, ip }: { email: string; ip: string }): Promise<void> {
  const rows = await whoIs(db, 'u.email', normalEmail(email));
  await append(db, rows, (row) => ({
    actor: { kind: 'system', id: null, name: 'Sign-in' },
    action: 'session.refuse',
    target: { kind: 'member', id: publicId('mem', row.id) },
    ip,
  }));
}

async function whoIs(db: Queryable, column: 'u.id' | 'u.email', value: string): Promise<WhoRow[]> {
  return await db.query<WhoRow>(
    `SELECT m.workspace, u.id, u.name FROM auth_users AS u JOIN members AS m ON m.user_id = u.id WHERE ${column} = $1`,
    [value],
  );
}

async function append(
  db: Queryable,
  rows: readonly WhoRow[],
  toEntry: (row: WhoRow) => Pick<AuditEntry, 'actor' | 'action' | 'target' | 'ip'>,
): Promise<void> {
  if (rows.length === 0) return;
  const at = new Date();
  await appendAudit(
    db,
    rows.map((row) => ({ workspace: row.workspace, at, details: {}, ...toEntry(row) })),
  );
}
