/** Two server processes on one database: what is appended through one reaches the clients of the other. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import {
  append,
  type ClassRoom,
  feedIds,
  idsIn,
  type LiveServer,
  makeClassRoom,
  someEvents,
  startLiveServer,
} from '../helpers/live.ts';
import { until } from '../helpers/until.ts';

let database: TestDatabase;
let room: ClassRoom;
const servers: LiveServer[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  room = await makeClassRoom(database.db);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await database.drop();
});

async function start(
  ...options: Parameters<typeof startLiveServer> extends [string, ...infer Rest] ? Rest : never
): Promise<LiveServer> {
  const server = await startLiveServer(database.url, ...options);
  servers.push(server);
  return server;
}

async function listeners(): Promise<number[]> {
  const rows = await database.db.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gradewire listen'
       AND state = 'idle' AND query ILIKE 'LISTEN%'`,
  );
  return rows.map(({ pid }) => pid);
}

test('clients of two servers see the same feed; one that changes servers misses nothing', async () => {
  const { db } = database;
  const one = await start();
  const two = await start();
  const atOne = await one.stream('/api/v1/live');
  const atTwo = await two.stream('/api/v1/live');
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      for (let i = 0; i < 20; i += 1) await append(db, someEvents(room, 1 + (i % 4)));
    }),
  );
  const feed = await feedIds(db);
  await atOne.atLeast(feed.length);
  await atTwo.atLeast(feed.length);
  expect(idsIn(atOne)).toEqual(feed);
  expect(idsIn(atTwo)).toEqual(feed);
  const moved = await two.stream('/api/v1/live', { lastEventId: atOne.messages[29]?.id ?? '' });
  await moved.atLeast(feed.length - 30);
  expect(idsIn(moved)).toEqual(feed.slice(30));
});

test('without a listening connection polling still delivers', async () => {
  // Nothing answers there, so no notification ever comes.
  const server = await start({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
  const client = await server.stream('/api/v1/live');
  await append(database.db, someEvents(room, 2));
  await client.atLeast(2);
  expect(idsIn(client)).toEqual(await feedIds(database.db));
});

test('a listening connection that is killed comes back, and nothing is lost meanwhile', async () => {
  const { db } = database;
  const server = await start();
  const client = await server.stream('/api/v1/live');
  const [first] = await until('the listening connection', async () => {
    const pids = await listeners();
    return pids.length > 0 ? pids : null;
  });
  await db.query('SELECT pg_terminate_backend($1)', [first]);
  await append(db, someEvents(room, 3));
  await client.atLeast(3);
  await until('another listening connection', async () => (await listeners()).some((pid) => pid !== first));
  await append(db, someEvents(room, 3));
  await client.atLeast(6);
  expect(idsIn(client)).toEqual(await feedIds(db));
});

test('all database connections killed in the middle: streams stay open and go on', async () => {
  const { db } = database;
  const server = await start();
  const client = await server.stream('/api/v1/live');
  await append(db, someEvents(room, 2));
  await client.atLeast(2);
  await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name IN ('gradewire listen', 'gradewire live server')`,
  );
  await append(db, someEvents(room, 4));
  await client.atLeast(6);
  expect(client.ended()).toBe(false);
  expect(idsIn(client)).toEqual(await feedIds(db));
});

test('a server that stops ends its streams at once, and the client goes on elsewhere', async () => {
  const { db } = database;
  const one = await start();
  const two = await start();
  const client = await one.stream('/api/v1/live');
  await append(db, someEvents(room, 2));
  await client.atLeast(2);
  const closing = one.close();
  servers.splice(servers.indexOf(one), 1);
  await until('the stream to end', () => client.ended());
  await closing;
  await append(db, someEvents(room, 2));
  const next = await two.stream('/api/v1/live', { lastEventId: client.lastId() });
  await next.atLeast(2);
  expect([...idsIn(client), ...idsIn(next)]).toEqual(await feedIds(db));
});
