/** PostgreSQL's default is to compile statements that it thinks expensive (jit = on); ours it must not, see NO_JIT. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { createSource } from '../../src/sources/create-source.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { box, post, startIngest, webhook } from '../helpers/ingest-server.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = on', current_database()); END $$`);
});
afterAll(() => database.drop());

test.each([
  { name: 'api', failsWhenFrozen: true },
  { name: 'worker', prepares: true },
  { name: 'sender', prepares: true, plansOnce: true },
])('the statements of the $name are not compiled', async (options) => {
  const db = openDatabase({ url: database.url, max: 1, ...options });
  try {
    expect(await db.query('SHOW jit')).toEqual([{ jit: 'off' }]);
  } finally {
    await db.close();
  }
});

test('nor are those that store webhooks', async () => {
  await database.db.query('CREATE TABLE seen (jit text)');
  await database.db.query(
    `CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql
     AS $$ BEGIN INSERT INTO seen SELECT current_setting('jit'); RETURN NULL; END $$`,
  );
  await database.db.query('CREATE TRIGGER see AFTER INSERT ON receipt_queue EXECUTE FUNCTION see()');
  const source = await createSource(database.db, box, { workspace: 1, provider: 'quizapi', secret: 'secret' });
  const server = await startIngest(database.url);
  try {
    expect((await post(server, source, webhook(source, 1))).status).toBe(200);
  } finally {
    await server.close();
  }
  expect(await database.db.query('SELECT DISTINCT jit FROM seen')).toEqual([{ jit: 'off' }]);
});
