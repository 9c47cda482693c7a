/** The days of an activity. */
import type { Queryable } from '../../../db/database.ts';
import type { BasisCounts } from '../../figures/basis.ts';
import { basisSql, hasKeptBasis, storedActivity } from './activity-attempts.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';
import { ACTIVITY_BASIS } from './class-basis.ts';

export interface TrendDay {
  date: string;
  attemptsCompleted: number;
  averagePercentage: number | null;
}

export interface Trend {
  days: TrendDay[];
  basis: BasisCounts;
}

/** Days with a completion, in `tz`. */
export async function activityTrend(db: Queryable, figures: ClassFigures, tz: string): Promise<Trend> {
  const values = await classValues(db, figures);
  const zone = `$${values.push(tz)}::text`;
  const sql =
    figures.source === 'live' || figures.scope.cohorts !== null ? byAttempts(figures, zone) : byDays(figures, zone);
  const rows = await db.query<Trend>(sql, values);
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  return row;
}

/** Of few attempts: asks the zone of each on which day it lies. */
function byAttempts(figures: ClassFigures, zone: string): string {
  return `${classAttempts(figures, { lean: true })}
    SELECT (SELECT coalesce(json_agg(x ORDER BY x.date), '[]') FROM (
        SELECT (c.done_at AT TIME ZONE ${zone})::date::text AS date, count(*)::int AS "attemptsCompleted",
               avg(c.percentage::numeric) FILTER (WHERE c.scored)::float8 AS "averagePercentage"
        FROM entries c WHERE c.finished GROUP BY 1) x) AS days,
      (SELECT to_json(x) FROM (SELECT ${ACTIVITY_BASIS} FROM entries c) x) AS basis`;
}

/**
 * Day by day along the index: asking the zone for each attempt takes longer than reading it. Sums of percentages are of exact decimals,
 * which are dear to make: once for each percentage of a day.
 */
function byDays(figures: ClassFigures, zone: string): string {
  const { given, of, rows, counts, chosen } = storedActivity(figures);
  const edge = (order: string): string =>
    `(SELECT e.at FROM figure_attempts e WHERE ${of('e')} ORDER BY e.at ${order} LIMIT 1)`;
  const day = rows('x.at >= d.starts AND x.at < d.ends');
  const average = `sum(s.completed)::int AS "attemptsCompleted",
    (sum(s.percentage::numeric * s.chosen) FILTER (WHERE s.chosen > 0)
      / nullif(sum(s.chosen) FILTER (WHERE s.percentage IS NOT NULL), 0))::float8 AS "averagePercentage"`;
  const days = `WITH ${given}, reach AS (
      SELECT greatest($3::timestamptz, ${edge('')}) AS first, least($4::timestamptz, ${edge('DESC')}) AS last
    ), days AS MATERIALIZED (
      SELECT d::date AS date, greatest(d AT TIME ZONE ${zone}, $3::timestamptz) AS starts,
             least((d + interval '1 day') AT TIME ZONE ${zone}, $4::timestamptz) AS ends
      FROM reach r, generate_series(date_trunc('day', r.first AT TIME ZONE ${zone}), r.last AT TIME ZONE ${zone}, '1 day') d
    )`;
  if (hasKeptBasis(figures)) {
    return `${days}
      SELECT (SELECT coalesce(json_agg(x ORDER BY x.date), '[]') FROM (
          SELECT d.date::text AS date, g.*
          FROM days d CROSS JOIN LATERAL (
            SELECT ${average} FROM (
              SELECT f.percentage, count(*) AS completed, count(*) FILTER (WHERE ${chosen}) AS chosen FROM ${day} f
              WHERE f.left_out IS NULL AND f.state = 'completed' GROUP BY 1
            ) s
          ) g WHERE g."attemptsCompleted" > 0) x) AS days,
        ${basisSql(figures)} AS basis`;
  }
  return `${days}, scores AS MATERIALIZED (
      SELECT d.date, g.*
      FROM days d CROSS JOIN LATERAL (
        SELECT f.left_out, f.percentage, ${counts} FROM ${day} f
        WHERE f.left_out IS NOT NULL OR f.state = 'completed' GROUP BY 1, 2
      ) g
    )
    SELECT (SELECT coalesce(json_agg(x ORDER BY x.date), '[]') FROM (
        SELECT s.date::text AS date, ${average}
        FROM scores s WHERE s.left_out IS NULL GROUP BY s.date) x) AS days,
      ${basisSql(figures)} AS basis`;
}
