import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** Refuses who is no member here (404) or of another workspace as well (409): the account is more than this workspace's. */
export async function requireOnlyHere(db: Queryable, workspace: number, userId: Uuid): Promise<void> {
  const rows = await db.query<{ workspace: number }>('SELECT workspace FROM members WHERE user_id = $1', [userId]);
  if (!rows.some((row) => row.workspace === workspace)) {
    throw new GradewireError('not_found', 'No member has this id. GET /api/v1/members lists them.');
  }
  if (rows.length > 1) {
    throw new GradewireError(
      'conflict',
      'This person belongs to other workspaces too, so nobody here may set the password. It can be reset by mail.',
    );
  }
}
