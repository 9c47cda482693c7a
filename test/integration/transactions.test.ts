/** Transactions of src/db/database.ts: statements that go out together stand or fall together. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { until } from '../helpers/until.ts';

let school: TestDatabase;
beforeAll(async () => {
  school = await createTestDatabase();
  await school.db.query('CREATE TABLE numbers (n integer PRIMARY KEY)');
});
afterAll(async () => await school.drop());

const ADD = 'INSERT INTO numbers VALUES ($1)';

test('a prepared statement that a migration has changed fails once, not for ever', async () => {
  await school.db.query('CREATE TABLE changing (n integer)');
  const db = openDatabase({ url: school.url, max: 1, name: 'stale', prepares: true });
  const read = () => db.transaction((tx) => tx.query('SELECT * FROM changing WHERE n = $1', [1]));
  for (let i = 0; i < 3; i++) await read();
  await school.db.query('ALTER TABLE changing ADD COLUMN word text');
  await expect(read()).rejects.toMatchObject({ code: '0A000' });
  await expect(read()).resolves.toEqual([]);
  await db.close();
});

describe.each([
  ['pipelined', {}],
  ['pipelined and prepared', { prepares: true }],
  ['one after the other', { failsWhenFrozen: true }],
])('a transaction, %s,', (_, options) => {
  let db: Database;
  beforeAll(() => {
    db = openDatabase({ url: school.url, max: 1, name: 'transactions', ...options });
  });
  afterAll(async () => await db.close());

  const stored = async (): Promise<number[]> =>
    (await school.db.query<{ n: number }>('SELECT n FROM numbers ORDER BY n')).map(({ n }) => n);

  test('runs statements in the order given, also those nobody waits for, and commits them', async () => {
    await school.db.query('TRUNCATE numbers');
    for (const from of [0, 10, 20, 30]) {
      const [a, b] = await db.transaction(async (tx) => {
        tx.send(ADD, [from + 1]);
        const first = tx.query<{ n: number }>('SELECT max(n) AS n FROM numbers');
        tx.send(ADD, [from + 2]);
        return await Promise.all([first, tx.query<{ n: number }>('SELECT max(n) AS n FROM numbers')]);
      });
      expect([a[0]?.n, b[0]?.n]).toEqual([from + 1, from + 2]);
    }
    expect(await stored()).toEqual([1, 2, 11, 12, 21, 22, 31, 32]);
  });

  test('fails when its connection is ended while no statement is under way; the process goes on', async () => {
    const work = db.transaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await school.db.query('SELECT pg_terminate_backend($1)', [own?.pid]);
      const left = 'SELECT FROM pg_stat_activity WHERE pid = $1';
      await until('the connection is ended', async () => (await school.db.query(left, [own?.pid])).length === 0);
      await tx.query('SELECT 1');
    });
    await expect(work).rejects.toThrow();
    await expect(db.transaction((tx) => tx.query('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
  });

  test('rejects with the first failure when a statement that nobody waits for fails, and keeps nothing', async () => {
    await school.db.query('TRUNCATE numbers');
    const work = db.transaction(async (tx) => {
      tx.send(ADD, [1]);
      tx.send(ADD, [1]);
      tx.send(ADD, [2]);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    const waiting = db.transaction(async (tx) => {
      tx.send('SELECT 1 / $1::int', [0]);
      await tx.query('SELECT 1');
    });
    await expect(waiting).rejects.toMatchObject({ code: '22012' });
    expect(await stored()).toEqual([]);
  });

  test('rejects when its work overlooks that a statement failed', async () => {
    await school.db.query('TRUNCATE numbers');
    const work = db.transaction(async (tx) => {
      await tx.query(ADD, [1]);
      await tx.query('SELECT 1 / $1::int', [0]).catch(() => {});
    });
    await expect(work).rejects.toMatchObject({ code: '22012' });
    expect(await stored()).toEqual([]);
  });

  test('keeps nothing when a check of what came back throws, or the work itself', async () => {
    await school.db.query('TRUNCATE numbers');
    const checked = db.transaction(async (tx) => {
      tx.send(ADD, [1]);
      tx.send('SELECT 1 AS one', [], () => {
        throw new Error('not as expected');
      });
    });
    await expect(checked).rejects.toThrow('not as expected');
    const thrown = db.transaction(async (tx) => {
      tx.send(ADD, [2]);
      throw new Error('of the work');
    });
    await expect(thrown).rejects.toThrow('of the work');
    expect(await stored()).toEqual([]);
    // The one connection of the pool is as good as before.
    await db.transaction(async (tx) => tx.send(ADD, [3]));
    expect(await stored()).toEqual([3]);
  });
});
