/** Reads of one snapshot, one after the other or on two connections. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase, type Queryable } from '../../src/db/database.ts';
import { onSnapshot } from '../../src/progress/queries/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
let wide: Database;
let narrow: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  wide = openDatabase({ url: database.url, max: 4, name: 'wide' });
  narrow = openDatabase({ url: database.url, max: 2, name: 'narrow' });
  await database.db.query('CREATE TABLE numbers (n integer)');
  await database.db.query('INSERT INTO numbers VALUES (1)');
});
afterAll(async () => {
  await Promise.all([wide.close(), narrow.close()]);
  await database.drop();
});

/** Which connection reads, and what it sees. */
async function look(db: Queryable): Promise<{ pid: number; numbers: number }> {
  const rows = await db.query<{ pid: number; numbers: number }>(
    'SELECT pg_backend_pid() AS pid, count(*)::int AS numbers FROM numbers, pg_sleep(0.1)',
  );
  return rows[0] ?? { pid: 0, numbers: 0 };
}

test('two connections see the same, whatever was written since; without room it is one', async () => {
  for (const [db, connections] of [
    [wide, 2],
    [narrow, 1],
  ] as const) {
    const seen = await onSnapshot(db, async (tx) => {
      const before = (await look(tx)).numbers;
      await database.db.query('INSERT INTO numbers VALUES (2)');
      const looks = await tx.together([look, look, look]);
      expect(looks.map(({ numbers }) => numbers)).toEqual([before, before, before]);
      return looks;
    });
    expect(new Set(seen.map(({ pid }) => pid)).size).toBe(connections);
  }
});

test('when one fails the other comes to its end first, and nothing more is begun', async () => {
  const ended: string[] = [];
  const slow = async (db: Queryable): Promise<void> => {
    await look(db);
    ended.push('slow');
  };
  const fails = async (): Promise<void> => {
    throw new Error('There is nothing.');
  };
  await expect(onSnapshot(wide, async (tx) => await tx.together([slow, fails, slow]))).rejects.toThrow(
    'There is nothing.',
  );
  expect(ended).toEqual(['slow']);
  expect(wide.pool.idleCount).toBe(wide.pool.totalCount);
});
