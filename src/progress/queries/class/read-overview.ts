/** The overview from wherever it is read. */
import type { Queryable } from '../../../db/database.ts';
import type { ClassFigures } from './class-attempts.ts';
import { type OverviewFigures, overviewFigures } from './overview-figures.ts';
import { storedOverview } from './stored-sums.ts';

/** Of a whole large workspace from sums; of classes, and of small workspaces, from the attempts one by one. */
export async function readOverview(db: Queryable, figures: ClassFigures, tz: string): Promise<OverviewFigures> {
  return figures.source === 'stored' && figures.scope.cohorts === null && figures.scope.activityId === null
    ? await storedOverview(db, figures, tz)
    : await overviewFigures(db, figures, tz);
}
