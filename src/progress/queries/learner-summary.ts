/** The counts and sums of a learner's page. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { BasisCounts } from '../figures/basis.ts';
import { basisColumns, countedAttempts, type FigureFilter, figureValues, inRange } from './counted-attempts.ts';

export interface LearnerSummary extends BasisCounts {
  /** null where no platform of the learner tells starts. */
  attemptsStarted: number | null;
  attemptsCompleted: number;
  attemptsAbandoned: number;
  averagePercentage: number | null;
  totalTimeSeconds: number;
  /** What the sum of times holds. */
  timeKinds: ('reported' | 'wall_clock')[];
  lastActivityAt: Date | null;
}

/** Platforms that send an event when an attempt begins (../shared/platforms.md). Of `standard` sources the facts say it. */
const TELL_STARTS = ['quizapi', 'testpress', 'instruqt'];

/**
 * Reads the summary. Counts and times are of all that happened; the retake policy chooses what the average is made of.
 * Started: every attempt that began within the range on a platform that tells starts, whether or not its start was seen.
 */
export async function learnerSummary(
  db: Queryable,
  workspace: number,
  learnerId: Uuid,
  filter: FigureFilter,
): Promise<LearnerSummary> {
  const rows = await db.query<LearnerSummary>(
    `${countedAttempts({ learnerId })}, telling AS (
       SELECT i.provider FROM identities i
       WHERE i.workspace = $1 AND i.learner_id = $2 AND i.provider = ANY ($8::text[])
       UNION
       SELECT a.provider FROM attempts a
       WHERE a.workspace = $1 AND a.learner_id = $2 AND (a.provider = ANY ($8::text[])
          OR a.provider = 'standard' AND a.facts::jsonb @> '[{"t": "attempt.started"}]')
     )
     SELECT CASE WHEN EXISTS (SELECT 1 FROM telling) THEN count(*) FILTER (
              WHERE ${inRange('c.opened_at')} AND c.provider IN (SELECT provider FROM telling))::int END AS "attemptsStarted",
            count(*) FILTER (WHERE c.finished)::int AS "attemptsCompleted",
            count(*) FILTER (WHERE c.state = 'abandoned' AND ${inRange('c.done_at')})::int AS "attemptsAbandoned",
            avg(c.percentage::numeric) FILTER (WHERE c.scored)::float8 AS "averagePercentage",
            coalesce(sum(c.seconds::numeric), 0)::float8 AS "totalTimeSeconds",
            coalesce(array_agg(DISTINCT c.time_kind ORDER BY c.time_kind)
              FILTER (WHERE c.seconds IS NOT NULL AND c.time_kind IS NOT NULL), '{}') AS "timeKinds",
            greatest(max(c.opened_at) FILTER (WHERE ${inRange('c.opened_at')}),
                     max(c.done_at) FILTER (WHERE ${inRange('c.done_at')}),
                     max(c.last_at) FILTER (WHERE c.done_at IS NULL AND ${inRange('c.last_at')})) AS "lastActivityAt",
            ${basisColumns({ learnerId })}
     FROM counted c`,
    [...figureValues(workspace, { learnerId }, filter), TELL_STARTS],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('An aggregate without GROUP BY gave no row.');
  return row;
}
