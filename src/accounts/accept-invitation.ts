/** Accepting an invitation by its link: the account, the membership and the end of the link in one transaction. */
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';
import type { Accounts } from './auth.ts';
import { createAccount } from './create-account.ts';
import { hashInvitation, noInvitation } from './invitations.ts';
import type { MemberRole } from './member.ts';
import { noteFailure, requireTriesLeft } from './sign-in-limit.ts';

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
  // Before the transaction: it takes a tenth of a second, in which no lock should be held.
  const passwordHash = await accounts.hashPassword(person.password);
  const accepted = await db
    .transaction(async (tx) => {
      const [taken] = await tx.query<TakenRow>(
        `DELETE FROM invitations WHERE token_hash = $1 AND expires_at > now()
       RETURNING workspace, email, role, learner_id, cohorts`,
        [hashInvitation(token)],
      );
      if (taken === undefined) throw noInvitation();
      const { email, workspace } = taken;
      const userId =
        (await createAccount(tx, { email, name: person.name, passwordHash })) ??
        (await existingUser(tx, accounts, email, person));
      await tx.query(
        `INSERT INTO members (workspace, user_id, role, learner_id, cohorts) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
        [workspace, userId, taken.role, taken.learner_id, taken.cohorts],
      );
      return { email, userId, workspace };
    })
    .catch(async (error: unknown) => {
      if (error instanceof WrongPassword) await noteFailure(db, { email: error.email, ip: person.ip });
      throw error;
    });
  return accepted;
}

/** The failure is counted after the transaction is rolled back. */
class WrongPassword extends GradewireError {
  readonly email: string;

  constructor(email: string) {
    super('invalid_credentials', 'This address has an account here already, with another password. Give that one.');
    this.email = email;
  }
}

async function existingUser(
  tx: Queryable,
  accounts: Pick<Accounts, 'verifyPassword'>,
  email: string,
  { password, ip }: { password: string; ip: string },
): Promise<Uuid> {
  await requireTriesLeft(tx, { email, ip });
  const [row] = await tx.query<{ id: Uuid; password: string | null }>(
    `SELECT u.id, a.password FROM auth_users AS u
     LEFT JOIN auth_accounts AS a ON a.user_id = u.id AND a.provider_id = 'credential' WHERE u.email = $1`,
    [email],
  );
  if (row === undefined || row.password === null) {
    throw new GradewireError('conflict', 'This address signs in by single sign-on. Use that; the invitation follows.');
  }
  if (!(await accounts.verifyPassword({ hash: row.password, password }))) throw new WrongPassword(email);
  return row.id;
}
