import type { Database, Queryable } from '../../db/database.ts';

/** Figures of a large class sort its attempts; PostgreSQL's default of 4 MB would do that on disk. */
const SORT_MEMORY = '32MB';

/** Runs reads on one snapshot, so that the figures of an answer agree with each other while results come in. */
export async function onSnapshot<T>(db: Database, read: (snapshot: Queryable) => Promise<T>): Promise<T> {
  return await db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await tx.query(`SET LOCAL work_mem = '${SORT_MEMORY}'`);
    // Parallel workers take longer to start than these statements to run.
    await tx.query('SET LOCAL max_parallel_workers_per_gather = 0');
    return await read(tx);
  });
}
