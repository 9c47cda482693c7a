/** Of the areas of many learners those that can be among the worst: a school has thousands, and a page shows a few. */
import type { AreaTotals, ClassArea } from './class-area.ts';

/** Some areas, and the answers of all there are. */
export interface WeakestAreas {
  /** The weakest, and maybe some more; in no order. */
  areas: ClassArea[];
  all: AreaTotals;
}

/** A row of weakestSql. */
export type WeakestRow = ClassArea & { allWrong: number; allTotal: number };

/** Between PostgreSQL's and JavaScript's floating point; far more than they differ by. */
const SLACK = '1e-9';

/**
 * SQL: a query that gives WeakestRow of `areas` (a query of ClassArea rows): those whose lower end of the interval
 * (../../figures/wilson.ts) is not below that of the worst `most`. rankedAreas (../../figures/class-areas.ts) has the last word.
 */
export function weakestSql(areas: string, most: number): string {
  const rate = '(a.wrong / a.total)';
  return `WITH areas AS MATERIALIZED (
      ${areas}
    ), judged AS MATERIALIZED (
      -- What is no share keeps its place, whatever it is.
      SELECT a.*, CASE WHEN a.wrong < 0 OR a.wrong > a.total THEN 'infinity' WHEN a.wrong = 0 THEN 0
          ELSE (${rate} + 3.8416::float8 / (2 * a.total)
              - 1.96::float8 * sqrt(${rate} * (1 - ${rate}) / a.total + 3.8416::float8 / (4 * a.total * a.total)))
            / (1 + 3.8416::float8 / a.total) END AS lower
      FROM areas a
    )
    SELECT j.kind, j.name, j.parent, j.wrong, j.total, j.unanswered, j.learners, j."activityId", j."activityTitle", j."activityKind",
           s.wrong AS "allWrong", s.total AS "allTotal"
    FROM judged j CROSS JOIN (SELECT sum(a.wrong) AS wrong, sum(a.total) AS total FROM areas a) s
    WHERE j.lower >= coalesce((SELECT w.lower FROM judged w ORDER BY w.lower DESC OFFSET ${most - 1} LIMIT 1), 0) - ${SLACK}`;
}

/** From the rows of weakestSql. */
export function weakestOf(rows: readonly WeakestRow[]): WeakestAreas {
  return {
    areas: rows.map(({ allWrong: _wrong, allTotal: _total, ...area }) => area),
    all: { wrong: rows[0]?.allWrong ?? 0, total: rows[0]?.allTotal ?? 0 },
  };
}
