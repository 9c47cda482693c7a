/** A learner's days. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { countedAttempts, type FigureFilter, figureValues } from './counted-attempts.ts';

export interface TimelineDay {
  /** `2026-04-08`, in the zone asked for. */
  date: string;
  attemptsCompleted: number;
  averagePercentage: number | null;
  timeSeconds: number;
  /** What the sum of times holds. */
  timeKinds: ('reported' | 'wall_clock')[];
}

/** Days on which something was completed or time was spent, oldest first; a day without either is a gap, not a zero. */
export async function learnerTimeline(
  db: Queryable,
  workspace: number,
  learnerId: Uuid,
  filter: FigureFilter,
  tz: string,
): Promise<TimelineDay[]> {
  return await db.query<TimelineDay>(
    `${countedAttempts({ learnerId })}
     SELECT to_char(c.done_at AT TIME ZONE $8::text, 'YYYY-MM-DD') AS date,
            count(*) FILTER (WHERE c.finished)::int AS "attemptsCompleted",
            avg(c.percentage::numeric) FILTER (WHERE c.scored)::float8 AS "averagePercentage",
            coalesce(sum(c.seconds::numeric), 0)::float8 AS "timeSeconds",
            coalesce(array_agg(DISTINCT c.time_kind ORDER BY c.time_kind)
              FILTER (WHERE c.seconds IS NOT NULL AND c.time_kind IS NOT NULL), '{}') AS "timeKinds"
     FROM counted c
     WHERE c.finished OR c.seconds IS NOT NULL
     GROUP BY 1 ORDER BY 1`,
    [...figureValues(workspace, { learnerId }, filter), tz],
  );
}
