/** With Last-Event-ID nothing is missed and nothing comes twice; a cursor that cannot be honoured says so. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import {
  anEvent,
  append,
  type ClassRoom,
  eventIds,
  feedIds,
  idsIn,
  type LiveServer,
  makeClassRoom,
  someEvents,
  startLiveServer,
} from '../helpers/live.ts';
import { until } from '../helpers/until.ts';

let database: TestDatabase;
let server: LiveServer;
let room: ClassRoom;

beforeEach(async () => {
  database = await createTestDatabase();
  room = await makeClassRoom(database.db);
  server = await startLiveServer(database.url);
});

afterEach(async () => {
  await server.close();
  await database.drop();
});

test('a new stream begins at the end: nothing from before, everything from after its head', async () => {
  const { db } = database;
  await append(db, someEvents(room, 20));
  const client = await server.stream('/api/v1/live');
  const after = someEvents(room, 3);
  await append(db, after);
  await client.atLeast(3);
  expect(idsIn(client)).toEqual(eventIds(after));
});

test('a stream that broke before its first message resumes where it was opened', async () => {
  const { db } = database;
  await append(db, someEvents(room, 2));
  const first = await server.stream('/api/v1/live');
  await until('a cursor', () => first.lastId() !== '');
  first.close();
  const missed = someEvents(room, 4);
  await append(db, missed);
  const second = await server.stream('/api/v1/live', { lastEventId: first.lastId() });
  await second.atLeast(4);
  expect(idsIn(second)).toEqual(eventIds(missed));
});

test('clients that break off all the time, under load, with and without filters: no gap and no double', async () => {
  const { db } = database;
  const [ada] = room.learners;
  if (ada === undefined) throw new Error('no learner');
  const total = 3_000;
  const writing = (async () => {
    for (let written = 0, batch = 1; written < total; batch = (batch * 7 + 3) % 90) {
      const count = Math.min(1 + batch, total - written);
      const rows = Array.from({ length: count }, (_, i) =>
        anEvent(room, { learnerId: room.learners[(written + i) % 2]?.id ?? null }),
      );
      await append(db, rows);
      written += count;
    }
  })();
  let adas = total;
  const restless = async (path: string, stay: number, enough: () => number): Promise<string[]> => {
    const got: string[] = [];
    let cursor = '0';
    for (let round = 1; got.length < enough(); round += 1) {
      const client = await server.stream(path, {
        lastEventId: cursor,
        leaveAfter: Math.min(stay + ((round * 13) % stay), enough() - got.length),
      });
      await until('the client to leave', () => client.ended() || got.length + client.messages.length >= enough());
      client.close();
      got.push(...idsIn(client));
      cursor = client.messages.at(-1)?.id ?? cursor;
    }
    return got;
  };
  const reading = [
    restless('/api/v1/live', 40, () => total),
    restless('/api/v1/live', 170, () => total),
    restless(`/api/v1/live?learner=${ada.publicId}`, 60, () => adas),
  ];
  adas = total / 2;
  await writing;
  const feed = await feedIds(db);
  const [often, seldom, one] = await Promise.all(reading);
  expect(often).toEqual(feed);
  expect(seldom).toEqual(feed);
  expect(one).toEqual(feed.filter((_, i) => i % 2 === 0));
});

test('a cursor further back than memory reaches is served from the database and joins the living feed', async () => {
  const { db } = database;
  // More than the reader keeps in memory, so that nobody can be served from there.
  for (let i = 0; i < 5; i += 1) await append(db, someEvents(room, 500));
  const watching = await server.stream('/api/v1/live');
  let going = true;
  const writing = (async () => {
    while (going) await append(db, someEvents(room, 25));
  })();
  const late = await server.stream('/api/v1/live', { lastEventId: '0' });
  await late.atLeast(2_500);
  await watching.atLeast(200);
  going = false;
  await writing;
  const feed = await feedIds(db);
  await late.atLeast(feed.length);
  await watching.atLeast(feed.length - 2_500);
  expect(idsIn(late)).toEqual(feed);
  expect(idsIn(watching)).toEqual(feed.slice(2_500));
});

test.each([
  ['is none', 'yesterday'],
  ['is none, in disguise', '-1'],
  ['is from a future that never came', '999999'],
])('a cursor that %s gets a reset, and the stream goes on', async (_, cursor) => {
  const { db } = database;
  await append(db, someEvents(room, 3));
  const client = await server.stream('/api/v1/live', { lastEventId: cursor });
  const [reset] = await client.atLeast(1);
  expect(reset?.event).toBe('reset');
  const next = anEvent(room);
  await append(db, [next]);
  await client.atLeast(2);
  expect(idsIn(client)).toEqual(eventIds([next]));
  // The reset's own id is good to resume from.
  const again = await server.stream('/api/v1/live', { lastEventId: reset?.id ?? '' });
  await again.atLeast(1);
  expect(idsIn(again)).toEqual(eventIds([next]));
});

test('a cursor older than the oldest event kept gets a reset; one after that is served', async () => {
  const { db } = database;
  await db.query(`CREATE TABLE events_2020_01 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')`);
  await append(db, someEvents(room, 3));
  await db.query(`UPDATE events SET recorded_at = '2020-01-15' WHERE seq <= 2`);
  await db.query('SELECT drop_events_before(now())');
  const old = await server.stream('/api/v1/live', { lastEventId: '1' });
  const [reset] = await old.atLeast(1);
  expect(reset?.event).toBe('reset');
  const young = await server.stream('/api/v1/live', { lastEventId: '2' });
  const [kept] = await young.atLeast(1);
  expect(kept?.event).toBe('attempt.completed');
});

test('a page may say where it stands with `after`; EventSource’s header counts more', async () => {
  const { db } = database;
  const rows = someEvents(room, 3);
  await append(db, rows);
  const fromStart = await server.stream('/api/v1/live?after=0');
  await fromStart.atLeast(3);
  expect(idsIn(fromStart)).toEqual(eventIds(rows));
  const resumed = await server.stream('/api/v1/live?after=0', { lastEventId: fromStart.messages[1]?.id ?? '' });
  await resumed.atLeast(1);
  expect(idsIn(resumed)).toEqual(eventIds(rows.slice(2)));
});
