/** How long the class usually pauses between two signs of an attempt, by activity: a pause is a trait of the task. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

export interface UsualPause {
  medianSeconds: number;
  /** How many pauses it is the median of. */
  count: number;
}

/** What is remembered between looks: the median of an activity moves slowly. */
export type Pauses = Map<string, { until: number; usual: UsualPause | null }>;

const HOLDS_MS = 30_000;
/** The median of many does not move in minutes, and a school has hundreds of activities under way. */
const MANY = 50;
const MANY_HOLD_MS = 10 * 60_000;
/** The newest attempts tell how the task is now; more would not move a median. */
const ATTEMPTS = 100;
/** The median of fewer pauses is chance, and would raise flags by it. */
const FEWEST = 5;

/** The median pause at an activity; null while too few are known. */
export async function pausesAt(
  db: Queryable,
  workspace: number,
  activityId: Uuid,
  remembered: Pauses,
): Promise<UsualPause | null> {
  const key = `${workspace}|${activityId}`;
  const known = remembered.get(key);
  if (known !== undefined && known.until > Date.now()) return known.usual;
  const [row] = await db.query<{ median: number | null; count: number }>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median, count(*)::int AS count
     FROM (
       SELECT extract(epoch FROM at - lag(at) OVER (PARTITION BY id ORDER BY at))::double precision AS seconds
       FROM (
         SELECT a.id, (f ->> 'at')::timestamptz AS at
         FROM (SELECT id, facts FROM attempts
               WHERE workspace = $1 AND activity_id = $2 AND NOT test ORDER BY opened_at DESC LIMIT ${ATTEMPTS}) a
         CROSS JOIN json_array_elements(a.facts) f WHERE f ->> 'd' IS NULL
       ) signs
     ) pauses WHERE seconds > 0`,
    [workspace, activityId],
  );
  const usual =
    row === undefined || row.median === null || row.count < FEWEST
      ? null
      : { medianSeconds: row.median, count: row.count };
  const holds = (usual?.count ?? 0) >= MANY ? MANY_HOLD_MS : HOLDS_MS;
  remembered.set(key, { until: Date.now() + holds, usual });
  return usual;
}
