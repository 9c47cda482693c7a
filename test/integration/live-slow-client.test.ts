/** A client that takes nothing is cut after a bounded buffer; the others get everything meanwhile. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { ADMIN_KEY } from '../helpers/http.ts';
import {
  anEvent,
  append,
  type ClassRoom,
  feedIds,
  idsIn,
  type LiveServer,
  makeClassRoom,
  startLiveServer,
} from '../helpers/live.ts';
import { until } from '../helpers/until.ts';

/** Far more than the kernels of both sides hold for a connection that nobody reads. */
const EVENT_BYTES = 40_000;
const EVENTS = 1_000;

let database: TestDatabase;
let server: LiveServer;
let room: ClassRoom;

beforeEach(async () => {
  database = await createTestDatabase();
  room = await makeClassRoom(database.db);
  server = await startLiveServer(database.url, { stallMs: 1_500 });
});

afterEach(async () => {
  await server.close();
  await database.drop();
});

/** A connection that asks for the stream and never reads a byte. */
async function stalled(query = ''): Promise<Socket> {
  const { hostname, port } = new URL(server.origin);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.on('error', () => {});
  socket.write(`GET /api/v1/live${query} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN_KEY}\r\n\r\n`);
  return socket;
}

test('two stalled clients are cut, one live and one catching up; nobody else notices, and nothing piles up', async () => {
  const { db } = database;
  const sockets = new Set<Socket>();
  server.app.server.on('connection', (socket: Socket) => sockets.add(socket));
  const streams = async () =>
    (await server.registry.getSingleMetric('gradewire_live_streams')?.get())?.values[0]?.value;
  const cuts = async () => (await server.registry.getSingleMetric('gradewire_live_cut_total')?.get())?.values[0]?.value;
  const padding = 'x'.repeat(EVENT_BYTES);
  const big = (count: number) =>
    Array.from({ length: count }, () =>
      anEvent(room, { payload: JSON.stringify({ attempt: null, data: { padding } }) }),
    );

  for (let i = 0; i < EVENTS / 100; i += 1) await append(db, big(50));
  const dead = [await stalled(), await stalled('?after=0')];
  const reader = await server.stream('/api/v1/live');
  const late = await server.stream('/api/v1/live?after=0');
  await until('all streams to be open', async () => (await streams()) === 4);

  let most = 0;
  const watch = setInterval(() => {
    for (const socket of sockets) most = Math.max(most, socket.writableLength);
  }, 5);
  for (let i = 0; i < EVENTS / 100; i += 1) await append(db, big(50));
  await reader.atLeast(EVENTS / 2);
  await late.atLeast(EVENTS);
  await until('the stalled ones to be cut', async () => (await streams()) === 2);
  clearInterval(watch);

  expect(await cuts()).toBe(2);
  const feed = await feedIds(db);
  expect(idsIn(late)).toEqual(feed);
  expect(idsIn(reader)).toEqual(feed.slice(EVENTS / 2));
  // The high-water mark, one slice of 64 KiB and one event more.
  expect(most).toBeLessThan(256 * 1024);
  for (const socket of dead) socket.destroy();
});

test('a client that went away without a word is forgotten', async () => {
  const streams = async () =>
    (await server.registry.getSingleMetric('gradewire_live_streams')?.get())?.values[0]?.value;
  const socket = await stalled();
  await until('the stream', async () => (await streams()) === 1);
  socket.destroy();
  await until('it to be gone', async () => (await streams()) === 0);
});

test('stopping does not wait for a client that takes nothing', async () => {
  const { db } = database;
  const padding = 'x'.repeat(EVENT_BYTES);
  for (let i = 0; i < 5; i += 1) {
    await append(
      db,
      Array.from({ length: 50 }, () =>
        anEvent(room, { payload: JSON.stringify({ attempt: null, data: { padding } }) }),
      ),
    );
  }
  const socket = await stalled('?after=0');
  await until(
    'something to be sent',
    () =>
      server.registry
        .getSingleMetric('gradewire_live_streams')
        ?.get()
        .then((m) => m.values[0]?.value === 1) ?? false,
  );
  await server.app.close();
  socket.destroy();
});
