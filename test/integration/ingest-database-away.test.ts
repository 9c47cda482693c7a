/** The database goes away and comes back: 503 with Retry-After within 2 s, never a 4xx, never a hang, and on by itself. */
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSource } from '../../src/sources/create-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { box, type IngestServer, post, receipts, startIngest, until, webhook } from '../helpers/ingest-server.ts';
import { createTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';

/** The contract's promise. */
const PROMISED_MS = 2000;

let database: TestDatabase;
let proxy: TcpProxy;
let source: Source;
let server: IngestServer;
let number = 0;

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await createTcpProxy(database.url);
  source = await createSource(database.db, box, { workspace: 1, provider: 'quizapi', secret: 'secret' });
  server = await startIngest(proxy.url);
});
afterEach(async () => {
  proxy.mend();
  await server.close();
  await proxy.close();
  await database.drop();
});

async function send(slug = source.slug): Promise<Response> {
  number += 1;
  return post(server, { ...source, slug }, webhook(source, number));
}

async function expectAway(slug?: string): Promise<void> {
  const startedAt = performance.now();
  const res = await send(slug);
  const took = performance.now() - startedAt;
  expect(res.status).toBe(503);
  expect(((await res.json()) as { error: string }).error).toBe('store_unavailable');
  expect(Number(res.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(took).toBeLessThan(PROMISED_MS);
}

const back = (): Promise<void> => until(async () => (await send()).status === 200, 'the ingest to go on by itself');

it.each(['cut', 'silence'] as const)('connections: %s', async (how) => {
  expect((await send()).status).toBe(200);
  proxy[how]();
  await Promise.all(Array.from({ length: 30 }, () => expectAway()));
  await expectAway();
  // Neither a slug that was never seen nor one that is known may become a 404 while nobody can be asked.
  await expectAway('never-seen');
  proxy.mend();
  await back();
  expect(server.ingest.inFlight()).toBe(0);
});

it('away from the start', async () => {
  proxy.cut();
  const late = await startIngest(proxy.url);
  try {
    number += 1;
    const res = await post(late, source, webhook(source, number));
    expect(res.status).toBe(503);
    proxy.mend();
    await until(async () => (await post(late, source, webhook(source, number))).status === 200, 'the ingest to go on');
  } finally {
    await late.close();
  }
});

it('away for longer than sources are held: still 503, and a forged request is still a 401', async () => {
  expect((await send()).status).toBe(200);
  proxy.cut();
  const startedAt = performance.now();
  await until(async () => {
    await expectAway();
    return performance.now() - startedAt > 4500;
  }, 'the cached source to grow old');
  const forged = webhook(source, 0);
  const res = await post(server, source, {
    ...forged,
    headers: { ...forged.headers, 'x-quizapi-signature': 'sha256=00' },
  });
  expect(res.status).toBe(401);
  proxy.mend();
  await back();
});

it('connections ended by an administrator, the database closed to new ones, and open again', async () => {
  expect((await send()).status).toBe(200);
  const [row] = await database.db.query<{ name: string }>(`SELECT current_database() AS name`);
  const name = row?.name ?? '';
  const admin = new pg.Client({ connectionString: database.url.replace(/\/[^/]*$/, '/postgres') });
  await admin.connect();
  try {
    await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [name]);
    await until(async () => (await send()).status === 503, 'the loss to be noticed');
    await expectAway();
    await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
  } finally {
    await admin.end();
  }
  await back();
});

it('read-only, as a standby that took over is', async () => {
  expect((await send()).status).toBe(200);
  const { db } = database;
  const [row] = await db.query<{ name: string }>(`SELECT current_database() AS name`);
  await db.query(`ALTER DATABASE ${row?.name ?? ''} SET default_transaction_read_only = on`);
  proxy.cut();
  proxy.mend();
  await until(async () => (await send()).status === 503, 'the first refusal');
  await expectAway();
  await db.query('SET default_transaction_read_only = off');
  await db.query(`ALTER DATABASE ${row?.name ?? ''} SET default_transaction_read_only = off`);
  await back();
});

it('a statement that hangs behind a lock: 503 in time, and nothing is stored twice afterwards', async () => {
  expect((await send()).status).toBe(200);
  const holder = await database.db.pool.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE receipt_keys IN SHARE MODE');
  number += 1;
  const sent = webhook(source, number);
  const startedAt = performance.now();
  const res = await post(server, source, sent);
  expect(res.status).toBe(503);
  expect(performance.now() - startedAt).toBeLessThan(PROMISED_MS);
  await res.arrayBuffer();
  await holder.query('COMMIT');
  holder.release();
  await until(async () => (await post(server, source, sent)).status === 200, 'the retry to be stored');
  const rows = (await receipts(database.db)).filter((one) => one.body.equals(sent.body));
  expect(rows).toHaveLength(1);
  // The statements that were given up end by themselves: they would hold their locks.
  await until(async () => {
    const active = await database.db.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gradewire receipts' AND state = 'active'`,
    );
    return active.length === 0;
  }, 'the end of the statements that were given up');
});

it('a batch whose answer got lost is stored, and its retry is a duplicate', async () => {
  const { db } = database;
  expect((await send()).status).toBe(200);
  await db.query(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END $$`);
  await db.query(`CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON receipt_keys DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hold()`);
  const holder = await db.pool.connect();
  await holder.query('SELECT pg_advisory_lock(42)');
  number += 1;
  const sent = webhook(source, number);
  const sending = post(server, source, sent);
  await until(async () => {
    const rows = await db.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND application_name = 'gradewire receipts'`,
    );
    return rows.length === 1;
  }, 'the commit to wait');
  proxy.cut();
  expect((await sending).status).toBe(503);
  await holder.query('SELECT pg_advisory_unlock(42)');
  holder.release();
  await until(async () => (await receipts(db)).some((row) => row.body.equals(sent.body)), 'the commit');
  proxy.mend();
  const answers: { duplicate?: boolean }[] = [];
  await until(async () => {
    const retry = await post(server, source, sent);
    if (retry.status === 200) answers.push((await retry.json()) as { duplicate?: boolean });
    return retry.status === 200;
  }, 'the retry to be taken');
  expect(answers[0]?.duplicate).toBe(true);
});
