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
import { type People, peopleOf } from './stored-people.ts';
import { storedOverview, storedTotals } from './stored-sums.ts';

/** Of a whole large workspace from sums; of classes, and of small workspaces, from the attempts one by one. */
export async function readOverview(db: Queryable, figures: ClassFigures, tz: string): Promise<OverviewFigures> {
  return hasSums(figures)
    ? withPeople(await storedOverview(db, figures, tz), await peopleOf(db, figures))
    : await overviewFigures(db, figures, tz);
}

/** What a page shows: the figures, their areas, and the totals of the period `before`, if there is one. */
export interface OverviewPage {
  now: OverviewFigures;
  areas: ClassArea[];
  previous: PeriodTotals | null;
}

/** As readOverview, overviewAreas and readOverview of `before` have them. Of a class figures and areas are read at once. */
export async function readPage(
  tx: Snapshot,
  figures: ClassFigures,
  before: ClassFigures | null,
  tz: string,
): Promise<OverviewPage> {
  const period = async (db: Queryable): Promise<PeriodTotals | null> =>
    before === null ? null : hasSums(before) ? await storedTotals(db, before) : await periodTotals(db, before);
  if (hasSums(figures)) {
    const [areas, sums, people, totals, peopleBefore] = await tx.together([
      async (db) => await overviewAreas(db, figures),
      async (db) => await storedOverview(db, figures, tz),
      async (db) => await peopleOf(db, figures),
      period,
      async (db) => (before === null ? null : await peopleOf(db, before)),
    ]);
    const previous = totals && peopleBefore && { ...totals, learners: peopleBefore.active };
    return { now: withPeople(sums, people), areas, previous };
  }
  if (figures.source === 'live') {
    const now = await overviewFigures(tx, figures, tz);
    return { now, areas: await overviewAreas(tx, figures), previous: await period(tx) };
  }
  const [{ areas, ...now }, previous] = await tx.together([
    async (db) => await figuresWithAreas(db, figures, tz),
    period,
  ]);
  return { now, areas, previous };
}

function withPeople({ totals, ...rest }: OverviewFigures, { active, scored }: People): OverviewFigures {
  return { ...rest, totals: { ...totals, learners: active, basis: { ...totals.basis, learners: scored } } };
}

function hasSums({ source, scope }: ClassFigures): boolean {
  return source === 'stored' && scope.cohorts === null && scope.activityId === null;
}
