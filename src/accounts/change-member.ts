/** A member's role and limits, or the end of the membership. There is always an administrator left. */
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';
import type { MemberLimits, MemberRole } from './member.ts';

interface StandingRow {
  user_id: Uuid;
  role: MemberRole;
  learner_id: Uuid | null;
  cohorts: Uuid[] | null;
}

/** Writes what `change` makes of the member's limits. 404 for no member, 409 for the last administrator. */
export async function changeMember(
  db: Database,
  workspace: number,
  userId: Uuid,
  change: (tx: Queryable, before: MemberLimits) => Promise<MemberLimits>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { row, otherAdmins } = await locked(tx, workspace, userId);
    const before = { role: row.role, learnerId: row.learner_id, cohorts: row.cohorts };
    const { role, learnerId, cohorts } = await change(tx, before);
    if (row.role === 'admin' && role !== 'admin' && !otherAdmins) throw lastAdmin();
    await tx.query(
      'UPDATE members SET role = $3, learner_id = $4, cohorts = $5 WHERE workspace = $1 AND user_id = $2',
      [workspace, userId, role, learnerId, cohorts],
    );
  });
}

/** Ends the membership, and the account with its sessions when it was the user's last. */
export async function removeMember(db: Database, workspace: number, userId: Uuid): Promise<void> {
  await db.transaction(async (tx) => {
    const { row, otherAdmins } = await locked(tx, workspace, userId);
    if (row.role === 'admin' && !otherAdmins) throw lastAdmin();
    await tx.query('DELETE FROM members WHERE workspace = $1 AND user_id = $2', [workspace, userId]);
    await tx.query('DELETE FROM auth_users WHERE id = $1 AND NOT EXISTS (SELECT FROM members WHERE user_id = $1)', [
      userId,
    ]);
  });
}

/** The member, with all administrators locked: of two who leave at once only one may be the last but one. */
async function locked(
  tx: Queryable,
  workspace: number,
  userId: Uuid,
): Promise<{ row: StandingRow; otherAdmins: boolean }> {
  const rows = await tx.query<StandingRow>(
    `SELECT user_id, role, learner_id, cohorts FROM members
     WHERE workspace = $1 AND (role = 'admin' OR user_id = $2) ORDER BY user_id FOR UPDATE`,
    [workspace, userId],
  );
  const row = rows.find(({ user_id }) => user_id === userId);
  if (row === undefined)
    throw new GradewireError('not_found', 'No member has this id. GET /api/v1/members lists them.');
  return { row, otherAdmins: rows.some(({ user_id, role }) => user_id !== userId && role === 'admin') };
}

function lastAdmin(): GradewireError {
  return new GradewireError(
    'conflict',
    'This is the last administrator, and somebody must be able to manage members. Make another one first.',
  );
}
