import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** Whether the user belongs to any workspace. */
export async function isMember(db: Queryable, userId: Uuid): Promise<boolean> {
  const rows = await db.query('SELECT 1 FROM members WHERE user_id = $1 LIMIT 1', [userId]);
  return rows.length > 0;
}
