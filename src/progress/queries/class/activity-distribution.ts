/** How the percentages of an activity spread, and its days. */
import type { Queryable } from '../../../db/database.ts';
import type { BasisCounts } from '../../figures/basis.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';
import { ACTIVITY_BASIS } from './class-basis.ts';

export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** Tens of per cent. 100 belongs to the bin below it, which else would hold nobody who had everything right. */
const BIN = `CASE WHEN c.percentage = 100 THEN 9 ELSE floor(c.percentage / 10) END`;

/** Bins from 0 to 100, and beyond only as far as there are results (negative marking, bonus marks). */
export async function activityDistribution(
  db: Queryable,
  figures: ClassFigures,
): Promise<{ bins: Bin[]; basis: BasisCounts }> {
  const rows = await db.query<{ counts: Record<string, number> | null; basis: BasisCounts }>(
    `${classAttempts(figures, { lean: true })}
     SELECT (SELECT json_object_agg(b.bin, b.count) FROM (
         SELECT ${BIN}::int AS bin, count(*)::int AS count FROM entries c WHERE c.scored GROUP BY 1) b) AS counts,
       (SELECT to_json(x) FROM (SELECT ${ACTIVITY_BASIS} FROM entries c) x) AS basis`,
    await classValues(db, figures),
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  const counts = new Map(Object.entries(row.counts ?? {}).map(([bin, count]) => [Number(bin), count]));
  const first = Math.min(0, ...counts.keys());
  const last = Math.max(9, ...counts.keys());
  const bins = Array.from({ length: last - first + 1 }, (_, i) => {
    const bin = first + i;
    return { from: bin * 10, to: bin * 10 + 10, count: counts.get(bin) ?? 0 };
  });
  // Far outliers would make thousands of empty bins: those beyond ten on either side that hold nobody are left out.
  return {
    bins: bins.filter((bin) => bin.count > 0 || (bin.from >= -100 && bin.to <= 200)),
    basis: row.basis,
  };
}

export interface TrendDay {
  date: string;
  attemptsCompleted: number;
  averagePercentage: number | null;
}

/** Days with a completion, in `tz`. */
export async function activityTrend(
  db: Queryable,
  figures: ClassFigures,
  tz: string,
): Promise<{ days: TrendDay[]; basis: BasisCounts }> {
  const values = await classValues(db, figures);
  const rows = await db.query<{ days: TrendDay[]; basis: BasisCounts }>(
    `${classAttempts(figures, { lean: true })}
     SELECT (SELECT coalesce(json_agg(x ORDER BY x.date), '[]') FROM (
         SELECT to_char(c.done_at AT TIME ZONE $${values.push(tz)}::text, 'YYYY-MM-DD') AS date,
                count(*)::int AS "attemptsCompleted",
                avg(c.percentage::numeric) FILTER (WHERE c.scored)::float8 AS "averagePercentage"
         FROM entries c WHERE c.finished GROUP BY 1) x) AS days,
       (SELECT to_json(x) FROM (SELECT ${ACTIVITY_BASIS} FROM entries c) x) AS basis`,
    values,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  return row;
}
