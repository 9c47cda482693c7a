/** Where a reader of the feed starts: at the end, after its cursor, or, when that cannot be honoured, at the end with a reset. */
import type { Queryable } from '../db/database.ts';
import { parseCursor } from './cursor.ts';

export interface FeedStart {
  /** The reader wants what comes after this. */
  from: number;
  /** The newest event that was readable when it asked. */
  end: number;
  /** The cursor could not be honoured: what lies between it and `from` is not told, so the reader must load anew. */
  reset: boolean;
}

/**
 * Where to start in a workspace's feed. A cursor is too old when events after it were dropped (`drop_events_before` keeps
 * the number), and from a future that never came when the database was restored from before it.
 */
export async function feedStart(db: Queryable, workspace: number, cursor: string | null): Promise<FeedStart> {
  const rows = await db.query<{ end: number; newest: number; dropped: number }>(
    `SELECT coalesce((SELECT seq FROM events WHERE workspace = $1 ORDER BY seq DESC LIMIT 1), 0) AS "end",
            (SELECT last_value FROM event_seq) AS newest,
            coalesce((SELECT value::bigint FROM instance WHERE name = 'events_dropped_to'), 0) AS dropped`,
    [workspace],
  );
  const { end: last, newest, dropped } = rows[0] ?? { end: 0, newest: 0, dropped: 0 };
  const end = Math.max(last, dropped);
  if (cursor === null) return { from: end, end, reset: false };
  const after = parseCursor(cursor);
  if (after === null || after > newest || after < dropped) return { from: end, end, reset: true };
  return { from: after, end, reset: false };
}
