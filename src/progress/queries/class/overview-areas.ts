/** Wrong and all answers by area, over many learners. */
import type { Queryable } from '../../../db/database.ts';
import { areasOf } from './areas-of.ts';
import type { ClassArea } from './class-area.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';
import { storedAreas } from './stored-areas.ts';

/**
 * Areas with answers. Each learner's last attempt at an activity counts, whatever the retake policy: of questions the latest
 * answer of a learner counts (../shared/learning.md, "Weak area").
 */
export async function overviewAreas(db: Queryable, figures: ClassFigures): Promise<ClassArea[]> {
  if (figures.source === 'stored' && figures.scope.cohorts === null && figures.scope.activityId === null) {
    return await storedAreas(db, figures);
  }
  const last: ClassFigures = { ...figures, filter: { ...figures.filter, policy: 'last' } };
  return await db.query<ClassArea>(
    `${classAttempts(last, { areas: true })} ${areasOf('c.chosen')}`,
    await classValues(db, last),
  );
}
