/** How the percentages of an activity spread. */
import type { Queryable } from '../../../db/database.ts';
import type { BasisCounts } from '../../figures/basis.ts';
import { activityAttempts, basisSql } from './activity-attempts.ts';
import { type ClassFigures, classValues } from './class-attempts.ts';

export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** Tens of per cent. 100 belongs to the bin below it, which else would hold nobody who had everything right. */
const BIN = `CASE WHEN s.percentage = 100 THEN 9 ELSE floor(s.percentage / 10) END`;

/** Bins from 0 to 100, and beyond only as far as there are results (negative marking, bonus marks). */
export async function activityDistribution(
  db: Queryable,
  figures: ClassFigures,
): Promise<{ bins: Bin[]; basis: BasisCounts }> {
  const rows = await db.query<{ counts: Record<string, number> | null; basis: BasisCounts }>(
    `${activityAttempts(figures)}
     SELECT (SELECT json_object_agg(b.bin, b.count) FROM (
         SELECT ${BIN}::int AS bin, sum(s.chosen)::int AS count FROM scores s
         WHERE s.left_out IS NULL AND s.percentage IS NOT NULL GROUP BY 1 HAVING sum(s.chosen) > 0) b) AS counts,
       ${basisSql(figures)} AS basis`,
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
