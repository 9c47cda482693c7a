import type { Database, Queryable } from '../../db/database.ts';

/** Figures of a large class sort its attempts; PostgreSQL's default of 4 MB would do that on disk. */
const SORT_MEMORY = '32MB';

/** Reads that all see the database as it was at one moment. */
export interface Snapshot extends Queryable {
  /**
   * Runs all of them, given best with the longest first. As long as most connections are free there is a second one for them, and each of the two
   * takes the next; else one after the other, since a busy database gains nothing by it.
   */
  together<T extends readonly unknown[]>(reads: Reads<T>): Promise<T>;
}

type Reads<T extends readonly unknown[]> = { readonly [I in keyof T]: (tx: Queryable) => Promise<T[I]> };

/** Runs reads on one snapshot, so that the figures of an answer agree with each other while results come in. */
export async function onSnapshot<T>(db: Database, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return await db.transaction(async (tx) => {
    await begin(tx, null);
    return await read({
      query: (text, values) => tx.query(text, values),
      together: async (reads) => await runTogether(db, tx, reads),
    });
  });
}

async function runTogether<T extends readonly unknown[]>(db: Database, tx: Queryable, reads: Reads<T>): Promise<T> {
  const answers: unknown[] = [];
  let next = 0;
  const take = async (connection: Queryable): Promise<void> => {
    try {
      for (let i = next++; i < reads.length; i = next++) answers[i] = await reads[i]?.(connection);
    } catch (error) {
      next = reads.length;
      throw error;
    }
  };
  const [exported] = hasRoom(db) ? await tx.query<{ id: string }>('SELECT pg_export_snapshot() AS id') : [];
  // Looked for in the same breath as it is asked for, so that nobody who holds a connection ever waits for another.
  const beside =
    exported !== undefined && hasRoom(db)
      ? db.transaction(async (other) => {
          await begin(other, exported.id);
          await take(other);
        })
      : null;
  // Both come to their end, whatever happens to one: nobody may read on a connection that was given back.
  for (const end of await Promise.allSettled([take(tx), beside])) if (end.status === 'rejected') throw end.reason;
  return answers as unknown as T;
}

async function begin(tx: Queryable, snapshot: string | null): Promise<void> {
  // In one round trip: by themselves they take as long as a small figure.
  await tx.query(
    [
      'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
      // It takes no parameter; the id is PostgreSQL's own.
      ...(snapshot === null ? [] : [`SET TRANSACTION SNAPSHOT '${snapshot}'`]),
      `SET LOCAL work_mem = '${SORT_MEMORY}'`,
      // Parallel workers take longer to start than these statements to run.
      'SET LOCAL max_parallel_workers_per_gather = 0',
    ].join('; '),
  );
}

/** Whether more than half of the connections are free, or may still be opened. */
function hasRoom({ pool }: Database): boolean {
  const { max } = pool.options;
  return pool.waitingCount === 0 && pool.idleCount + max - pool.totalCount > max / 2;
}
