/** One activity. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { ACTIVITY_COLUMNS, type ActivityRow } from './activity-row.ts';

/** The activity; null where there is none. */
export async function getActivity(db: Queryable, workspace: number, id: Uuid): Promise<ActivityRow | null> {
  const rows = await db.query<ActivityRow>(
    `SELECT ${ACTIVITY_COLUMNS} FROM activities t WHERE t.workspace = $1 AND t.id = $2`,
    [workspace, id],
  );
  return rows[0] ?? null;
}
