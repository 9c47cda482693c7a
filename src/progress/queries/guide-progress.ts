/** Everything the guide's progress route answers for one learner. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { GuideProgress } from '../figures/guide.ts';
import { guideRecent } from './guide-recent.ts';
import { guideSummary } from './guide-summary.ts';
import { guideWeakAreas } from './guide-weak-areas.ts';

/** Summary, newest rows and worst quizzes; `who` null: one not seen yet. */
export async function guideProgress(db: Queryable, workspace: number, who: Uuid | null): Promise<GuideProgress> {
  return {
    summary: await guideSummary(db, workspace, who),
    recentQuizzes: who === null ? [] : await guideRecent(db, workspace, who),
    weakAreas: who === null ? [] : await guideWeakAreas(db, workspace, who),
  };
}
