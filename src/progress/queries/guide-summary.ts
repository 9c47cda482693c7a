/** The guide's summary of one learner (seed 000): its own SQL, over all platforms of the learner. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { GuideSummary } from '../figures/guide.ts';
import { countedAttempts, figureValues } from './counted-attempts.ts';
import { GUIDE_FILTER } from './guide-filter.ts';

type SummaryRow = Omit<GuideSummary, 'last_activity'> & { last_activity: Date | null };

/** Counts, average, time and last completion; `who` null: one not seen yet, who gets the zero and the nulls of the guide. */
export async function guideSummary(db: Queryable, workspace: number, who: Uuid | null): Promise<GuideSummary> {
  if (who === null) return { quizzes_completed: 0, average_score: null, total_time_seconds: null, last_activity: null };
  const rows = await db.query<SummaryRow>(
    `${countedAttempts({ learnerId: who })}
     SELECT count(*)::int AS quizzes_completed,
            round(avg(c.percentage::numeric), 1)::float8 AS average_score,
            sum(c.seconds::numeric)::float8 AS total_time_seconds,
            max(c.done_at) AS last_activity
     FROM counted c WHERE c.finished`,
    figureValues(workspace, { learnerId: who }, GUIDE_FILTER),
  );
  const row = rows[0];
  if (row === undefined) throw new Error('An aggregate without GROUP BY gave no row.');
  return { ...row, last_activity: row.last_activity?.toISOString() ?? null };
}
