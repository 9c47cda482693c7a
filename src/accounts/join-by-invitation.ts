/** Invitations that are taken up by signing in at the provider of single sign-on with the invited address. */
import type { Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';
import { normalEmail } from './member.ts';

/** Whether an invitation of that address is open. */
export async function mayJoin(db: Queryable, email: string): Promise<boolean> {
  const rows = await db.query('SELECT 1 FROM invitations WHERE email = $1 AND expires_at > now() LIMIT 1', [
    normalEmail(email),
  ]);
  return rows.length > 0;
}

/** Makes the user a member wherever the address is invited; the invitations are used up. */
export async function joinByInvitation(db: Database, userId: Uuid): Promise<void> {
  await db.query(
    `WITH taken AS (
       DELETE FROM invitations USING auth_users AS u
       WHERE u.id = $1 AND invitations.email = u.email AND invitations.expires_at > now()
       RETURNING invitations.workspace, invitations.role, invitations.learner_id, invitations.cohorts
     )
     INSERT INTO members (workspace, user_id, role, learner_id, cohorts)
     SELECT workspace, $1, role, learner_id, cohorts FROM taken
     ON CONFLICT DO NOTHING`,
    [userId],
  );
}
