/**
 * Batches share this lock, a rebuild takes it alone: none may be half way between reading facts and writing them. A batch takes
 * it before it claims, or the two would wait for each other (the rebuild for the queue's rows, the batch for the lock).
 */
import type { Queryable } from '../../db/database.ts';

/** For a batch; held to the end of the transaction. */
export async function shareRebuildLock(tx: Queryable, workspace: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared(7304, $1::int)', [workspace]);
}

/** For a rebuild and its end; waits for batches under way. */
export async function takeRebuildLock(tx: Queryable, workspace: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(7304, $1::int)', [workspace]);
}
