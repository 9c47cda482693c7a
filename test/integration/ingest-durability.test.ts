/** 200 means on disk, once, whoever sends what at the same moment. */
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSource } from '../../src/sources/create-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import {
  box,
  bytesInFlight,
  type IngestServer,
  post,
  quizapiHeaders,
  receipts,
  startIngest,
  until,
  webhook,
} from '../helpers/ingest-server.ts';

let database: TestDatabase;
let source: Source;
let servers: IngestServer[];

beforeEach(async () => {
  database = await createTestDatabase();
  source = await createSource(database.db, box, { workspace: 1, provider: 'quizapi', secret: 'secret' });
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.close();
  await database.drop();
});

async function start(): Promise<IngestServer> {
  const server = await startIngest(database.url);
  servers.push(server);
  return server;
}

interface Answer {
  status: number;
  id: string;
  duplicate: boolean;
}

async function send(server: IngestServer, number: number): Promise<Answer> {
  const res = await post(server, source, webhook(source, number));
  const body = (await res.json()) as { id: string; duplicate?: boolean };
  return { status: res.status, id: body.id, duplicate: body.duplicate ?? false };
}

/** Sends all over one connection at once: they arrive in one piece, and so in one batch. Returns what was answered. */
async function pipeline(server: IngestServer, bodies: readonly Buffer[]): Promise<string> {
  const socket = net.connect(server.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  const requests = bodies.map((body) => {
    const head = Object.entries(quizapiHeaders(source, body)).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST /webhooks/quizapi HTTP/1.1\r\nHost: x\r\n${head.join('')}Content-Length: ${body.length}\r\n\r\n${body.toString()}`;
  });
  socket.write(requests.join(''));
  await until(() => heard.split('HTTP/1.1 ').length === bodies.length + 1, 'all answers');
  socket.destroy();
  return heard;
}

it('answers after the commit, never before', async () => {
  const { db } = database;
  // A deferred trigger runs when the transaction commits: all rows are written, nothing is on disk.
  await db.query(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$`);
  await db.query(`CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON receipt_keys DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hold()`);
  const server = await start();
  const holder = await db.pool.connect();
  await holder.query('SELECT pg_advisory_lock(42)');
  let answered = false;
  const sending = send(server, 1).then((answer) => {
    answered = true;
    return answer;
  });
  await until(async () => {
    const rows = await db.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND application_name = 'gradewire receipts'`,
    );
    return rows.length === 1;
  }, 'the commit to wait');
  expect(answered).toBe(false);
  expect(await receipts(db)).toEqual([]);
  await holder.query('SELECT pg_advisory_unlock(42)');
  holder.release();
  expect(await sending).toMatchObject({ status: 200, duplicate: false });
  expect(await receipts(db)).toHaveLength(1);
});

it('commits with synchronous_commit on, although the server’s default is off', async () => {
  const { db } = database;
  const [row] = await db.query<{ name: string }>(`SELECT current_database() AS name`);
  await db.query(`ALTER DATABASE ${row?.name ?? ''} SET synchronous_commit = off`);
  await db.query(`CREATE TABLE seen (setting text)`);
  await db.query(`CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$`);
  await db.query(`CREATE TRIGGER note AFTER INSERT ON receipt_keys FOR EACH STATEMENT EXECUTE FUNCTION note()`);
  await send(await start(), 1);
  expect(await db.query(`SELECT DISTINCT setting FROM seen`)).toEqual([{ setting: 'on' }]);
});

it('stores each of 200 requests at once exactly once, with repeats among them', async () => {
  const server = await start();
  const numbers = Array.from({ length: 200 }, (_, index) => index % 80);
  const sent = numbers.map((number) => webhook(source, number));
  const bodies = new Map(sent.map((one, index) => [numbers[index], one]));
  const answers = await Promise.all(
    numbers.map(async (number) => {
      const one = bodies.get(number);
      if (one === undefined) throw new Error('No body.');
      const res = await post(server, source, one);
      return { number, status: res.status, body: (await res.json()) as { id: string; duplicate?: boolean } };
    }),
  );
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect(answers.filter((answer) => answer.body.duplicate !== true)).toHaveLength(80);
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(80);
  const rows = await receipts(database.db);
  expect(rows).toHaveLength(80);
  expect(rows.every((row) => row.queued)).toBe(true);
  expect(rows.reduce((sum, row) => sum + row.duplicates, 0)).toBe(120);
  expect(server.stored.reduce((sum, count) => sum + count, 0)).toBe(80);
  expect(server.ingest.inFlight()).toBe(0);
  expect(await server.registry.getSingleMetricAsString('gradewire_ingest_bytes_in_flight')).toMatch(/ 0$/m);
  const requests = await server.registry.getSingleMetricAsString('gradewire_ingest_requests_total');
  expect(requests).toContain('{source="quizapi",provider="quizapi",result="stored"} 80');
  expect(requests).toContain('{source="quizapi",provider="quizapi",result="duplicate"} 120');
});

it('takes the same webhooks on two processes: one row each, one of them is told, no deadlock', async () => {
  const [one, two] = [await start(), await start()];
  for (let round = 0; round < 5; round += 1) {
    const batch = Array.from({ length: 80 }, (_, index) => webhook(source, round * 1000 + index));
    const sendTo = (server: IngestServer, order: typeof batch): Promise<Answer[]> =>
      Promise.all(
        order.map(async (sent) => {
          const res = await post(server, source, sent);
          const body = (await res.json()) as { id: string; duplicate?: boolean };
          return { status: res.status, id: body.id, duplicate: body.duplicate ?? false };
        }),
      );
    const [first, second] = await Promise.all([sendTo(one, batch), sendTo(two, [...batch].reverse())]);
    const answers = [...first, ...second];
    expect(answers.filter((answer) => answer.status !== 200)).toEqual([]);
    expect(answers.filter((answer) => !answer.duplicate)).toHaveLength(80);
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(80);
  }
  const rows = await receipts(database.db);
  expect(rows).toHaveLength(400);
  expect(rows.every((row) => row.duplicates === 1)).toBe(true);
  expect([...one.logged, ...two.logged]).toEqual([]);
});

it('writes keys in one order on all processes, so that slow batches wait for each other instead of a deadlock', async () => {
  await database.db.query(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END $$`);
  const [one, two] = [await start(), await start()];
  await Promise.all([send(one, 1), send(two, 1)]);
  await database.db.query(`CREATE TRIGGER dawdle BEFORE INSERT ON receipt_keys FOR EACH ROW EXECUTE FUNCTION dawdle()`);
  const bodies = Array.from({ length: 8 }, (_, n) => Buffer.from(JSON.stringify({ event: 'quiz.started', n })));
  const [first, second] = await Promise.all([pipeline(one, bodies), pipeline(two, [...bodies].reverse())]);
  expect(`${first}${second}`.match(/HTTP\/1\.1 (?!200)/g)).toBeNull();
  expect(`${first}${second}`.split('"duplicate":true')).toHaveLength(9);
  expect([...one.logged, ...two.logged]).toEqual([]);
});

it('tells known from new in one batch, whether its connection expected a repeat or not', async () => {
  const server = await start();
  const body = (n: number): Buffer => Buffer.from(JSON.stringify({ event: 'quiz.started', n }));
  await pipeline(server, [body(0), body(1), body(2)]);
  // The first repeat fails the plain INSERT of its whole batch; from then on batches are written with ON CONFLICT.
  for (const round of [1, 2]) {
    const heard = await pipeline(server, [body(0), body(10 * round), body(1), body(10 * round + 1), body(10 * round)]);
    expect(heard.match(/HTTP\/1\.1 (?!200)/g)).toBeNull();
    expect(heard.split('"duplicate":true')).toHaveLength(4);
  }
  const rows = await receipts(database.db);
  expect(rows).toHaveLength(7);
  expect(rows.every((row) => row.queued)).toBe(true);
  expect(rows.map((row) => row.duplicates).sort()).toEqual([0, 0, 0, 1, 1, 2, 2]);
  expect(server.logged).toEqual([]);
});

it('numbers receipts in the order of their arrival', async () => {
  const server = await start();
  const at = '2026-04-08T14:30:00Z';
  for (let number = 0; number < 30; number += 1) {
    const body = Buffer.from(JSON.stringify({ event: 'quiz.started', timestamp: at, number }));
    await post(server, source, { headers: quizapiHeaders(source, body), body, query: '' });
  }
  await pipeline(
    server,
    Array.from({ length: 30 }, (_, index) =>
      Buffer.from(JSON.stringify({ event: 'quiz.started', timestamp: at, number: 30 + index })),
    ),
  );
  const numbers = (await receipts(database.db)).map(
    (row) => (JSON.parse(row.body.toString()) as { number: number }).number,
  );
  expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => index));
});

it('lets no row that the database refuses fail the others of its batch', async () => {
  const { db } = database;
  await db.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF position('poison'::bytea IN NEW.body) > 0 THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$`);
  await db.query(`CREATE TRIGGER refuse BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION refuse()`);
  const server = await start();
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, number) => {
      const poison = number === 13 || number === 77;
      const body = Buffer.from(JSON.stringify({ event: 'x', number, note: poison ? 'poison' : 'fine' }));
      const res = await post(server, source, { headers: quizapiHeaders(source, body), body, query: '' });
      await res.arrayBuffer();
      return { number, status: res.status };
    }),
  );
  const refused = answers.filter((answer) => answer.status !== 200);
  expect(refused).toEqual([
    { number: 13, status: 503 },
    { number: 77, status: 503 },
  ]);
  expect(await receipts(db)).toHaveLength(98);
  expect(await db.query(`SELECT 1 FROM receipt_keys`)).toHaveLength(98);
  expect(server.logged.filter((line) => line.includes('not this one'))).toHaveLength(2);
  expect(server.logged.join()).not.toContain('poison');
});

it('forgets a request whose sender goes away in the middle of the body', async () => {
  const server = await start();
  await send(server, 1);
  for (const part of ['Content-Length: 5000\r\n\r\n{"half":', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"hal\r\n']) {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write(`POST /webhooks/quizapi HTTP/1.1\r\nHost: x\r\n${part}`);
    await until(async () => (await bytesInFlight(server)) > 0, 'the request to be taken');
    socket.resetAndDestroy();
    await until(async () => (await bytesInFlight(server)) === 0, 'the request to be forgotten');
  }
  expect(server.ingest.inFlight()).toBe(0);
  expect(await receipts(database.db)).toHaveLength(1);
  expect(server.logged).toEqual([]);
  expect(await send(server, 2)).toMatchObject({ status: 200 });
});

it('forgets a request whose sender goes away while its source is looked up', async () => {
  const server = await start();
  const holder = await database.db.pool.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE sources, source_slugs IN ACCESS EXCLUSIVE MODE');
  const socket = net.connect(server.port, '127.0.0.1');
  // Chunked, so that node:http reads it.
  socket.write('POST /webhooks/quizapi HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n');
  await until(() => server.ingest.inFlight() === 1, 'the request to be taken');
  socket.resetAndDestroy();
  await until(() => server.openRequests() === 0, 'its end to be seen');
  await holder.query('COMMIT');
  holder.release();
  await until(() => server.ingest.inFlight() === 0, 'the request to be forgotten');
  expect(await bytesInFlight(server)).toBe(0);
});

it('stores what was sent whole, although the sender does not wait for the answer', async () => {
  const server = await start();
  await send(server, 1);
  const body = Buffer.from('{"event":"quiz.started"}');
  const head = Object.entries(quizapiHeaders(source, body)).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = net.connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST /webhooks/quizapi HTTP/1.1\r\nHost: x\r\n${head.join('')}Content-Length: ${body.length}\r\n\r\n${body.toString()}`,
  );
  await until(() => server.ingest.inFlight() === 1 || server.stored.length === 2, 'the request to be taken');
  socket.resetAndDestroy();
  await until(async () => (await receipts(database.db)).length === 2, 'the receipt');
  await until(() => server.ingest.inFlight() === 0, 'the end of the request');
});

it('drains: waits for what was taken, however long the commit takes', async () => {
  const server = await start();
  await send(server, 1);
  const holder = await database.db.pool.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE receipt_keys IN SHARE MODE');
  const sending = send(server, 2);
  await until(() => server.ingest.inFlight() === 1, 'the request to be taken');
  let drained = false;
  const draining = server.ingest.drain().then(() => {
    drained = true;
  });
  expect((await post(server, source, webhook(source, 3))).status).toBe(503);
  expect(drained).toBe(false);
  await holder.query('COMMIT');
  holder.release();
  expect(await sending).toMatchObject({ status: 200 });
  await draining;
});
