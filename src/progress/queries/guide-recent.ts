/** The newest completed attempts of one learner as rows of the guide (seed 000). */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { type GuideRow, guideRow } from '../figures/guide.ts';
import { countedAttempts, figureValues } from './counted-attempts.ts';
import { GUIDE_FILTER } from './guide-filter.ts';

interface RecentRow {
  external_id: string;
  title: string | null;
  score: number | null;
  total_questions: number | null;
  percentage: number | null;
  time_spent_seconds: number | null;
  done_at: Date;
}

/** As many as the guide shows. */
const RECENT = 10;

/** The ten newest, newest first. */
export async function guideRecent(db: Queryable, workspace: number, who: Uuid): Promise<GuideRow[]> {
  const rows = await db.query<RecentRow>(
    `${countedAttempts({ learnerId: who })}
     SELECT t.external_id, t.title, a.score, a.total_questions, a.percentage, a.time_spent_seconds, c.done_at
     FROM counted c
     JOIN attempts a ON a.workspace = $1 AND a.id = c.id
     JOIN activities t ON t.workspace = $1 AND t.id = c.activity_id
     WHERE c.finished
     ORDER BY c.done_at DESC, c.id DESC LIMIT $8`,
    [...figureValues(workspace, { learnerId: who }, GUIDE_FILTER), RECENT],
  );
  return rows.map((row) =>
    guideRow({
      activity: { externalId: row.external_id, title: row.title },
      score: row.score,
      totalQuestions: row.total_questions,
      percentage: row.percentage,
      timeSpentSeconds: row.time_spent_seconds,
      completedAt: row.done_at.toISOString(),
    }),
  );
}
