import type { Queryable } from '../../../db/database.ts';
import type { Snapshot } from '../snapshot.ts';
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

/** What a page shows: the figures, their areas, and the totals of the period `before`, if there is one. */
export interface OverviewPage {
  now: OverviewFigures;
  areas: ClassArea[];
  previous: PeriodTotals | null;
}

/** Of a class figures and areas are read at once, and the period before beside them; of a whole workspace the areas beside the rest. */
export async function readPage(
  tx: Snapshot,
  figures: ClassFigures,
  before: ClassFigures | null,
  tz: string,
): Promise<OverviewPage> {
  const period = async (db: Queryable): Promise<PeriodTotals | null> =>
    before === null ? null : await readTotals(db, before);
  if (figures.source === 'live') {
    const now = await readOverview(tx, figures, tz);
    return { now, previous: await period(tx), areas: await overviewAreas(tx, figures) };
  }
  if (!hasSums(figures)) {
    const [{ areas, ...now }, previous] = await tx.both(async (db) => await figuresWithAreas(db, figures, tz), period);
    return { now, previous, areas };
  }
  const [[now, previous], areas] = await tx.both(
    async (db) => [await readOverview(db, figures, tz), await period(db)] as const,
    async (db) => await overviewAreas(db, figures),
  );
  return { now, previous, areas };
}

/** The totals of readOverview without the rest. */
async function readTotals(db: Queryable, figures: ClassFigures): Promise<PeriodTotals> {
  return hasSums(figures) ? await storedTotals(db, figures) : await periodTotals(db, figures);
}

function hasSums({ source, scope }: ClassFigures): boolean {
  return source === 'stored' && scope.cohorts === null && scope.activityId === null;
}
