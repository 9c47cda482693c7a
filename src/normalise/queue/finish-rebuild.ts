/** The end of a rebuild: attempts that no receipt speaks for any more. */
import type { Database } from '../../db/database.ts';
import { takeRebuildLock } from './rebuild-lock.ts';

/** Deletes attempts left without facts, once nothing of the rebuild is pending. Returns how many; harmless at other times. */
export async function finishRebuild(db: Database, workspace: number): Promise<number> {
  // Nearly always there is nothing to do, and the index of emptied attempts says so at once.
  const [left] = await db.query<{ emptied: boolean }>(
    `SELECT EXISTS (SELECT FROM attempts WHERE workspace = $1 AND facts::text = '[]') AS emptied`,
    [workspace],
  );
  if (left?.emptied !== true) return 0;
  return db.transaction(async (tx) => {
    await takeRebuildLock(tx, workspace);
    const rows = await tx.query<{ count: number }>(
      `WITH gone AS (
         DELETE FROM attempts WHERE workspace = $1 AND facts::text = '[]'
           AND NOT EXISTS (SELECT FROM receipt_queue WHERE workspace = $1 AND mode <> 'new')
         RETURNING workspace, learner_id, activity_id
       ), marked AS (
         INSERT INTO rollup_marks (workspace, learner_id, activity_id)
         SELECT DISTINCT workspace, learner_id, activity_id FROM gone WHERE learner_id IS NOT NULL AND activity_id IS NOT NULL
       ) SELECT count(*)::int AS count FROM gone`,
      [workspace],
    );
    return rows[0]?.count ?? 0;
  });
}
