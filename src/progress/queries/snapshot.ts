import type { Database, Queryable } from '../../db/database.ts';

/** Runs reads on one snapshot, so that the figures of an answer agree with each other while results come in. */
export async function onSnapshot<T>(db: Database, read: (snapshot: Queryable) => Promise<T>): Promise<T> {
  return await db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    return await read(tx);
  });
}
