import type { Queryable } from '../../../db/database.ts';
import { totalsOf } from '../../figures/class-areas.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ClassFigures } from './class-attempts.ts';
import { overviewAreas } from './overview-areas.ts';
import {
  figuresWithAreas,
  type OverviewFigures,
  overviewFigures,
  type PeriodTotals,
  periodTotals,
} from './overview-figures.ts';
import { storedWeakest } from './stored-areas.ts';
import { type People, peopleOf } from './stored-people.ts';
import { storedOverview, storedTotals } from './stored-sums.ts';
import type { WeakestAreas } from './weakest-areas.ts';

/** Of a whole large workspace from sums; of classes, and of small workspaces, from the attempts one by one. */
export async function readOverview(db: Queryable, figures: ClassFigures, tz: string): Promise<OverviewFigures> {
  return hasSums(figures)
    ? withPeople(await storedOverview(db, figures, tz), await peopleOf(db, figures))
    : await overviewFigures(db, figures, tz);
}

/** What a page shows: the figures, the weakest of their areas, and the totals of the period `before`, if there is one. */
export interface OverviewPage {
  now: OverviewFigures;
  weakest: WeakestAreas;
  previous: PeriodTotals | null;
}

/**
 * As readOverview, overviewAreas (of which those that can be among the `most` weakest) and readOverview of `before` have them. Of a class
 * figures and areas are read at once.
 */
export async function readPage(
  tx: Snapshot,
  figures: ClassFigures,
  before: ClassFigures | null,
  tz: string,
  most: number,
): Promise<OverviewPage> {
  const period = async (db: Queryable): Promise<PeriodTotals | null> =>
    before === null ? null : hasSums(before) ? await storedTotals(db, before) : await periodTotals(db, before);
  if (hasSums(figures)) {
    const [weakest, sums, people, totals, peopleBefore] = await tx.together([
      async (db) => await storedWeakest(db, figures, most),
      async (db) => await storedOverview(db, figures, tz),
      async (db) => await peopleOf(db, figures),
      period,
      async (db) => (before === null ? null : await peopleOf(db, before)),
    ]);
    const previous = totals && peopleBefore && { ...totals, learners: peopleBefore.active };
    return { now: withPeople(sums, people), weakest, previous };
  }
  if (figures.source === 'live') {
    const now = await overviewFigures(tx, figures, tz);
    const areas = await overviewAreas(tx, figures);
    return { now, weakest: { areas, all: totalsOf(areas) }, previous: await period(tx) };
  }
  const [{ weakest, ...now }, previous] = await tx.together([
    async (db) => await figuresWithAreas(db, figures, tz, most),
    period,
  ]);
  return { now, weakest, previous };
}

function withPeople({ totals, ...rest }: OverviewFigures, { active, scored }: People): OverviewFigures {
  return { ...rest, totals: { ...totals, learners: active, basis: { ...totals.basis, learners: scored } } };
}

function hasSums({ source, scope }: ClassFigures): boolean {
  return source === 'stored' && scope.cohorts === null && scope.activityId === null;
}
