import type { Queryable } from '../../src/db/database.ts';

/**
 * Rows of these tables and their partitions that `work` reads in the transaction `tx`: in scans of the whole, and along an index.
 * Differences, because a connection's counters go on from one transaction to the next.
 */
export async function rowsReadBy(
  tx: Queryable,
  tables: readonly string[],
  work: () => Promise<unknown>,
): Promise<{ whole: number; found: number }> {
  const read = async () => {
    const [row] = await tx.query<{ whole: number; found: number }>(
      `SELECT sum(seq_tup_read)::int AS whole, sum(idx_tup_fetch)::int AS found FROM pg_stat_xact_user_tables
       WHERE relid IN (SELECT p.relid FROM unnest($1::regclass[]) AS t (name), pg_partition_tree(t.name) p)`,
      [tables],
    );
    if (row === undefined) throw new Error('PostgreSQL counts nothing.');
    return row;
  };
  const before = await read();
  await work();
  const after = await read();
  return { whole: after.whole - before.whole, found: after.found - before.found };
}
