import type { Queryable } from '../../../db/database.ts';
import type { ClassArea } from './class-area.ts';
import type { ClassFigures } from './class-attempts.ts';
import { overviewAreas } from './overview-areas.ts';
import {
  figuresWithAreas,
  type OverviewFigures,
  overviewFigures,
  type PeriodTotals,
  periodTotals,
} from './overview-figures.ts';
import { storedOverview, storedTotals } from './stored-sums.ts';

/** Of a whole large workspace from sums; of classes, and of small workspaces, from the attempts one by one. */
export async function readOverview(db: Queryable, figures: ClassFigures, tz: string): Promise<OverviewFigures> {
  return hasSums(figures) ? await storedOverview(db, figures, tz) : await overviewFigures(db, figures, tz);
}

/** With its areas (overviewAreas): of a class both are read at once. */
export async function readWithAreas(
  db: Queryable,
  figures: ClassFigures,
  tz: string,
): Promise<OverviewFigures & { areas: ClassArea[] }> {
  if (figures.source === 'stored' && !hasSums(figures)) return await figuresWithAreas(db, figures, tz);
  return { ...(await readOverview(db, figures, tz)), areas: await overviewAreas(db, figures) };
}

/** The totals of readOverview without the rest. */
export async function readTotals(db: Queryable, figures: ClassFigures): Promise<PeriodTotals> {
  return hasSums(figures) ? await storedTotals(db, figures) : await periodTotals(db, figures);
}

function hasSums({ source, scope }: ClassFigures): boolean {
  return source === 'stored' && scope.cohorts === null && scope.activityId === null;
}
