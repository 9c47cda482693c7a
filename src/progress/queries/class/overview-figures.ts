/** Totals, days and platforms over many learners, from the attempts one by one. */
import type { Provider } from '../../../core/vocabulary.ts';
import type { Queryable } from '../../../db/database.ts';
import type { BasisCounts } from '../../figures/basis.ts';
import { inRange } from '../counted-attempts.ts';
import { areasOf } from './areas-of.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';
import { CLASS_BASIS, learnersWhere } from './class-basis.ts';
import { type WeakestAreas, type WeakestRow, weakestOf, weakestSql } from './weakest-areas.ts';

export interface DayFigures {
  date: string;
  attemptsStarted: number;
  attemptsCompleted: number;
  averagePercentage: number | null;
}

export interface PlatformFigures {
  provider: Provider;
  attemptsStarted: number;
  attemptsCompleted: number;
  averagePercentage: number | null;
}

export interface ClassTotals {
  learners: number;
  attemptsStarted: number;
  attemptsCompleted: number;
  attemptsAbandoned: number;
  averagePercentage: number | null;
  passed: number;
  failed: number;
  timeSeconds: number;
  startedWithoutEnd: number;
  stepGaps: number;
  basis: BasisCounts;
}

/** What is shown of the period before. */
export type PeriodTotals = Omit<ClassTotals, 'basis'>;

export interface OverviewFigures {
  totals: ClassTotals;
  trend: DayFigures[];
  platforms: PlatformFigures[];
}

/** Columns of a group of `entries c`. Sums of percentages in exact decimals, so that the order of reading changes nothing. */
const COUNTS = `count(*) FILTER (WHERE ${inRange('c.opened_at')} AND c.told_start)::int AS "attemptsStarted",
  count(*) FILTER (WHERE c.finished)::int AS "attemptsCompleted",
  avg(c.exact) FILTER (WHERE c.scored)::float8 AS "averagePercentage"`;

/** SQL: PeriodTotals from `entries c`. */
const TOTALS = `SELECT ${learnersWhere(inRange('c.active_at'))} AS learners, ${COUNTS},
    count(*) FILTER (WHERE c.state = 'abandoned' AND ${inRange('c.done_at')})::int AS "attemptsAbandoned",
    count(*) FILTER (WHERE c.chosen AND c.passed)::int AS passed,
    count(*) FILTER (WHERE c.chosen AND NOT c.passed)::int AS failed,
    coalesce(sum(c.seconds::numeric), 0)::float8 AS "timeSeconds",
    count(*) FILTER (WHERE c.state IN ('started', 'submitted') AND ${inRange('c.opened_at')})::int AS "startedWithoutEnd",
    count(*) FILTER (WHERE c.step_gap AND ${inRange('c.opened_at')})::int AS "stepGaps"
  FROM entries c`;

/** The figures of the range; days are cut in `tz`, and left out on which nothing began or was completed. */
export async function overviewFigures(db: Queryable, figures: ClassFigures, tz: string): Promise<OverviewFigures> {
  const { weakest: _, ...read } = await fromAttempts(db, figures, tz, 0);
  return read;
}

/** With those of overviewAreas that can be among the `most` weakest, from one reading of the attempts: of the worker's copy only. */
export async function figuresWithAreas(
  db: Queryable,
  figures: ClassFigures,
  tz: string,
  most: number,
): Promise<OverviewFigures & { weakest: WeakestAreas }> {
  return await fromAttempts(db, figures, tz, most);
}

async function fromAttempts(
  db: Queryable,
  figures: ClassFigures,
  tz: string,
  most: number,
): Promise<OverviewFigures & { weakest: WeakestAreas }> {
  const values = await classValues(db, figures);
  const zone = `$${values.push(tz)}::text`;
  const day = (time: string): string => `(${time} AT TIME ZONE ${zone})::date`;
  const rows = await db.query<OverviewFigures & { basis: BasisCounts; areas: WeakestRow[] }>(
    `${classAttempts(figures, { areas: most > 0 })}
     SELECT (SELECT to_json(x) FROM (${TOTALS}) x) AS totals,
       (SELECT to_json(x) FROM (
         SELECT ${CLASS_BASIS}
         FROM entries c) x) AS basis,
       (SELECT coalesce(json_agg(x ORDER BY x.date), '[]') FROM (
         SELECT to_char(e.date, 'YYYY-MM-DD') AS date, sum(e.started)::int AS "attemptsStarted",
                sum(e.completed)::int AS "attemptsCompleted", avg(e.percentage)::float8 AS "averagePercentage"
         FROM (
           SELECT ${day('c.opened_at')} AS date, 1 AS started, 0 AS completed, NULL::numeric AS percentage
           FROM entries c WHERE c.told_start AND ${inRange('c.opened_at')}
           UNION ALL
           SELECT ${day('c.done_at')}, 0, 1, CASE WHEN c.scored THEN c.exact END FROM entries c WHERE c.finished
         ) e GROUP BY e.date) x) AS trend,
       (SELECT coalesce(json_agg(x ORDER BY x."attemptsCompleted" DESC, x.provider), '[]') FROM (
         SELECT c.provider, ${COUNTS} FROM entries c
         WHERE c.finished OR ${inRange('c.opened_at')} GROUP BY 1) x) AS platforms,
       ${most > 0 ? `(SELECT coalesce(json_agg(x), '[]') FROM (${weakestSql(areasOf('c.by_last'), most)}) x)` : `'[]'::json`} AS areas`,
    values,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  return {
    totals: { ...row.totals, basis: row.basis },
    trend: row.trend,
    platforms: row.platforms,
    weakest: weakestOf(row.areas),
  };
}

/** The totals of overviewFigures without the rest. */
export async function periodTotals(db: Queryable, figures: ClassFigures): Promise<PeriodTotals> {
  const rows = await db.query<PeriodTotals>(`${classAttempts(figures)} ${TOTALS}`, await classValues(db, figures));
  const row = rows[0];
  if (row === undefined) throw new Error('An aggregate without GROUP BY gave no row.');
  return row;
}
