/** The sessions of a user: listed, ended. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

export interface SessionRow {
  id: Uuid;
  created_at: Date;
  last_seen_at: Date | null;
  expires_at: Date;
  user_agent: string | null;
  ip_address: string | null;
}

/** Those that stand, the newest first. A person has few; the bound is for who signs in by script. */
export async function sessionsOf(db: Queryable, userId: Uuid): Promise<SessionRow[]> {
  return await db.query<SessionRow>(
    `SELECT id, created_at, last_seen_at, expires_at, user_agent, ip_address FROM auth_sessions
     WHERE user_id = $1 AND expires_at > now() ORDER BY created_at DESC, id DESC LIMIT 200`,
    [userId],
  );
}

/** Ends one, and the tickets it issued; false when the user has none with this id. */
export async function endSession(db: Queryable, userId: Uuid, id: Uuid): Promise<boolean> {
  const rows = await db.query(
    `WITH ended AS (DELETE FROM auth_sessions WHERE id = $1 AND user_id = $2 RETURNING id),
          tickets AS (DELETE FROM tickets USING ended WHERE tickets.key_id = ended.id)
     SELECT id FROM ended`,
    [id, userId],
  );
  return rows.length > 0;
}
