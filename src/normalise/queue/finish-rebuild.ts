/** The end of a rebuild: attempts that no receipt speaks for any more. */
import type { Queryable } from '../../db/database.ts';

/** Deletes attempts left without facts, once nothing of the rebuild is pending. Returns how many; harmless at other times. */
export async function finishRebuild(tx: Queryable, workspace: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `WITH gone AS (
       DELETE FROM attempts WHERE workspace = $1 AND facts::text = '[]'
         AND NOT EXISTS (SELECT FROM receipt_queue WHERE workspace = $1 AND mode <> 'new')
       RETURNING 1
     ) SELECT count(*)::int AS count FROM gone`,
    [workspace],
  );
  return rows[0]?.count ?? 0;
}
