/** Whether figures over many learners are read from the attempts themselves or from the worker's copy. */
import type { Queryable } from '../../../db/database.ts';
import type { ClassScope } from './class-attempts.ts';

/**
 * Up to so many attempts a figure is made from the attempts themselves and is as of now: about 20 ms, an explanation, which reads
 * them three times and under every policy, about 80 (202 ms at 1,193 attempts, docs/performance.md). Beyond it would take the
 * longer the more there are, and the worker's copy is read (src/progress/rollups), which is behind by a moment.
 */
export const MOST_LIVE = 600;

export interface FigureSource {
  source: 'live' | 'stored';
  asOf: Date;
}

/** Which one for the activity, or else for everything in the workspace; and what the answer is as of. */
export async function figureSource(
  db: Queryable,
  { workspace, activityId }: ClassScope,
  now: Date,
): Promise<FigureSource> {
  const rows = await db.query<{ size: number; as_of: Date | null; behind: boolean }>(
    `SELECT ${
      activityId === null
        ? '(SELECT count(*)::int FROM (SELECT FROM attempts WHERE workspace = $1 LIMIT $2) a)'
        : '(SELECT count(*)::int FROM (SELECT FROM attempts WHERE workspace = $1 AND activity_id = $3 LIMIT $2) a)'
    } AS size,
       (SELECT as_of FROM rollup_state WHERE workspace = $1) AS as_of,
       EXISTS (SELECT FROM rollup_marks WHERE workspace = $1) AS behind`,
    [workspace, MOST_LIVE + 1, ...(activityId === null ? [] : [activityId])],
  );
  const row = rows[0];
  if (row === undefined || row.as_of === null || row.size <= MOST_LIVE) return { source: 'live', asOf: now };
  return { source: 'stored', asOf: row.behind ? row.as_of : now };
}
