import type { Database, Queryable } from '../../db/database.ts';

/** Figures of a large class sort its attempts; PostgreSQL's default of 4 MB would do that on disk. */
const SORT_MEMORY = '32MB';

/** Reads that all see the database as it was at one moment. */
export interface Snapshot extends Queryable {
  /**
   * Runs both. As long as most connections are free they run at the same time, `second` on a connection of its own; else one after
   * the other, since a busy database gains nothing by it.
   */
  both<A, B>(first: (tx: Queryable) => Promise<A>, second: (tx: Queryable) => Promise<B>): Promise<[A, B]>;
}

/** Runs reads on one snapshot, so that the figures of an answer agree with each other while results come in. */
export async function onSnapshot<T>(db: Database, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return await db.transaction(async (tx) => {
    await begin(tx, null);
    return await read({
      query: (text, values) => tx.query(text, values),
      async both(first, second) {
        if (!hasRoom(db)) return [await first(tx), await second(tx)];
        // Asked for in the same breath as it was looked for, so that nobody who holds a connection ever waits for another.
        const beside = db.transaction(async (other) => {
          const [exported] = await tx.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
          await begin(other, exported?.id ?? null);
          return await second(other);
        });
        return await Promise.all([first(tx), beside]);
      },
    });
  });
}

async function begin(tx: Queryable, snapshot: string | null): Promise<void> {
  await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  // It takes no parameter; the id is PostgreSQL's own.
  if (snapshot !== null) await tx.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
  await tx.query(`SET LOCAL work_mem = '${SORT_MEMORY}'`);
  // Parallel workers take longer to start than these statements to run.
  await tx.query('SET LOCAL max_parallel_workers_per_gather = 0');
}

/** Whether more than half of the connections are free, or may still be opened. */
function hasRoom({ pool }: Database): boolean {
  const { max } = pool.options;
  return pool.waitingCount === 0 && pool.idleCount + max - pool.totalCount > max / 2;
}
