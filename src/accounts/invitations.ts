/** Invitations: made, listed, withdrawn, looked at by their link. Accepting stands in accept-invitation.ts. */
import { createHash } from 'node:crypto';
import { GradewireError } from '../core/errors.ts';
import { newUuid, randomToken, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { type MemberLimits, type MemberRole, normalEmail } from './member.ts';
import { cohortRefs } from './members-of.ts';

/** Long enough for a holiday, short enough that a forgotten mail opens nothing later. */
const INVITATION_DAYS = 7;

export interface InvitationRow {
  id: Uuid;
  email: string;
  role: MemberRole;
  learner_id: Uuid | null;
  learner_name: string | null;
  cohorts: { id: Uuid; name: string }[] | null;
  created_at: Date;
  expires_at: Date;
  created_micros: number;
}

/** How the token of a link is stored. */
export function hashInvitation(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Invites; an open invitation of the same address is replaced, so its link no longer holds. 409 for a member. */
export async function createInvitation(
  db: Queryable,
  workspace: number,
  wanted: MemberLimits & { email: string; invitedBy: string },
): Promise<{ id: Uuid; token: string }> {
  const email = normalEmail(wanted.email);
  const members = await db.query(
    'SELECT 1 FROM members JOIN auth_users ON auth_users.id = user_id WHERE workspace = $1 AND email = $2',
    [workspace, email],
  );
  if (members.length > 0) {
    throw new GradewireError('conflict', 'This person is a member already. Change the role in the list of members.');
  }
  const token = randomToken(32);
  const id = newUuid();
  await db.query(
    `INSERT INTO invitations (workspace, id, email, role, learner_id, cohorts, token_hash, invited_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9))
     ON CONFLICT (workspace, email) DO UPDATE SET id = excluded.id, role = excluded.role, learner_id = excluded.learner_id,
       cohorts = excluded.cohorts, token_hash = excluded.token_hash, invited_by = excluded.invited_by,
       created_at = now(), expires_at = excluded.expires_at`,
    [
      workspace,
      id,
      email,
      wanted.role,
      wanted.learnerId,
      wanted.cohorts,
      hashInvitation(token),
      wanted.invitedBy,
      INVITATION_DAYS,
    ],
  );
  return { id, token };
}

/** Open invitations, the newest first, those that ran out among them; or the one of `id`. */
export async function invitationsOf(
  db: Queryable,
  workspace: number,
  wanted: { id: Uuid } | { after: readonly [micros: number, id: string] | null; limit: number },
): Promise<InvitationRow[]> {
  const [after, limit, id] = 'id' in wanted ? [null, 1, wanted.id] : [wanted.after, wanted.limit, null];
  return await db.query<InvitationRow>(
    `SELECT i.id, i.email, i.role, i.learner_id, l.name AS learner_name, ${cohortRefs('i')}, i.created_at, i.expires_at,
            (extract(epoch FROM i.created_at) * 1000000)::bigint AS created_micros
     FROM invitations AS i LEFT JOIN learners AS l ON l.workspace = i.workspace AND l.id = i.learner_id
     WHERE i.workspace = $1 AND ($2::uuid IS NULL OR i.id = $2)
       AND ($3::bigint IS NULL
            OR (i.created_at, i.id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
     ORDER BY i.created_at DESC, i.id DESC LIMIT $5`,
    [workspace, id, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** Withdraws it; false when there is none. */
export async function withdrawInvitation(db: Queryable, workspace: number, id: Uuid): Promise<boolean> {
  const rows = await db.query('DELETE FROM invitations WHERE workspace = $1 AND id = $2 RETURNING id', [workspace, id]);
  return rows.length > 0;
}

/** What the holder of a link may see before accepting. 404 when it was used, withdrawn, replaced, or ran out. */
export async function openInvitation(
  db: Queryable,
  token: string,
): Promise<{ email: string; role: MemberRole; workspace: string; expires_at: Date }> {
  const [row] = await db.query<{ email: string; role: MemberRole; workspace: string; expires_at: Date }>(
    `SELECT i.email, i.role, w.name AS workspace, i.expires_at
     FROM invitations AS i JOIN workspaces AS w ON w.id = i.workspace
     WHERE i.token_hash = $1 AND i.expires_at > now()`,
    [hashInvitation(token)],
  );
  if (row === undefined) throw noInvitation();
  return row;
}

export function noInvitation(): GradewireError {
  return new GradewireError(
    'not_found',
    'This invitation was used, withdrawn or ran out. Ask an administrator for a new one.',
  );
}
