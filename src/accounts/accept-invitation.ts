/** Accepting an invitation by its link: the account, the membership and the end of the link in one transaction. */
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';
import type { Accounts } from './accounts.ts';
import { createAccount } from './create-account.ts';
import { hashInvitation, noInvitation, openInvitation } from './invitations.ts';
import type { MemberRole } from './member.ts';
import { giveBack, takeTry } from './sign-in-limit.ts';

interface TakenRow {
  workspace: number;
  email: string;
  role: MemberRole;
  learner_id: Uuid | null;
  cohorts: Uuid[] | null;
}

/**
 * Makes the holder of the link a member and gives the address. Somebody who has an account on this server (a member of another
 * workspace) must give its password: 401 for another. 404 for a link that no longer holds.
 */
export async function acceptInvitation(
  db: Database,
  accounts: Pick<Accounts, 'hashPassword' | 'verifyPassword'>,
  token: string,
  person: { name: string; password: string; ip: string },
): Promise<{ email: string; userId: Uuid; workspace: number }> {
  // Hashing costs a tenth of a second: not for somebody who holds no link, and not while a lock is held.
  const { email } = await openInvitation(db, token);
  const known = await knownUser(db, email);
  const passwordHash = known === null ? await accounts.hashPassword(person.password) : null;
  if (known !== null) await requirePassword(db, accounts, known, { email, ...person });
  return await db.transaction(async (tx) => {
    const [taken] = await tx.query<TakenRow>(
      `DELETE FROM invitations WHERE token_hash = $1 AND expires_at > now()
       RETURNING workspace, email, role, learner_id, cohorts`,
      [hashInvitation(token)],
    );
    if (taken === undefined) throw noInvitation();
    const { workspace } = taken;
    const userId =
      passwordHash === null ? known?.id : await createAccount(tx, { email, name: person.name, passwordHash });
    if (!userId) throw new GradewireError('conflict', 'This address got an account just now. Load the page again.');
    await tx.query(
      `INSERT INTO members (workspace, user_id, role, learner_id, cohorts) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [workspace, userId, taken.role, taken.learner_id, taken.cohorts],
    );
    return { email, userId, workspace };
  });
}

interface KnownUser {
  id: Uuid;
  password: string | null;
}

async function knownUser(db: Queryable, email: string): Promise<KnownUser | null> {
  const [row] = await db.query<KnownUser>(
    `SELECT u.id, a.password FROM auth_users AS u
     LEFT JOIN auth_accounts AS a ON a.user_id = u.id AND a.provider_id = 'credential' WHERE u.email = $1`,
    [email],
  );
  return row ?? null;
}

async function requirePassword(
  db: Queryable,
  accounts: Pick<Accounts, 'verifyPassword'>,
  user: KnownUser,
  given: { email: string; password: string; ip: string },
): Promise<void> {
  if (user.password === null) {
    throw new GradewireError('conflict', 'This address signs in by single sign-on. Use that; the invitation follows.');
  }
  await takeTry(db, given);
  if (!(await accounts.verifyPassword({ hash: user.password, password: given.password }))) {
    throw new GradewireError(
      'invalid_credentials',
      'This address has an account here already, with another password. Give that one.',
    );
  }
  await giveBack(db, given, true);
}
