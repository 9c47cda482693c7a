/**
 * Batches share this lock, a rebuild takes it alone: none may be half way between reading facts and writing them. A batch takes
 * it before it claims, or the two would wait for each other (the rebuild for the queue's rows, the batch for the lock).
 */
import type { Queryable } from '../../db/database.ts';

/**
 * For a batch; held to the end of the transaction. The same statement settles how the batch's statements are planned. A queue
 * that fills and empties within seconds has no statistics that hold: guessed to be nearly empty, it was sorted whole for each
 * claim, and two lists of 500 were joined by 250,000 comparisons (docs/performance.md). Where an index has to be followed
 * row by row, the statement says so itself with LATERAL.
 */
export async function shareRebuildLock(tx: Queryable, workspace: number): Promise<void> {
  await tx.query(
    `SELECT pg_advisory_xact_lock_shared(7304, $1::int), set_config('enable_nestloop', 'off', true),
       set_config('enable_sort', 'off', true), set_config('enable_mergejoin', 'off', true)`,
    [workspace],
  );
}

/** For a rebuild and its end; waits for batches under way. */
export async function takeRebuildLock(tx: Queryable, workspace: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(7304, $1::int)', [workspace]);
}
