/** Commit order is not sequence order: what the feed promises whatever the order of commits. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendEvents } from '../../src/live/append.ts';
import { readEvents } from '../../src/live/events.ts';
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

test('a delayed commit is not overtaken, so no reader passes it by', async () => {
  const { db } = database;
  const client = await server.stream('/api/v1/live');
  const early = anEvent(room);
  const late = anEvent(room);
  const commit = Promise.withResolvers<void>();
  const appended = Promise.withResolvers<void>();
  const slow = db.transaction(async (tx) => {
    await appendEvents(tx, 1, [early]);
    appended.resolve();
    await commit.promise;
  });
  await appended.promise;
  let overtook = false;
  const fast = append(db, [late]).then(() => {
    overtook = true;
  });
  // Without the lock the second writer commits now; with it, it waits.
  await until('the second writer waits or is done', async () => {
    const [row] = await db.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS waiting`,
    );
    return overtook || row?.waiting === true;
  });
  // A reader of now goes on from what it sees; what commits later must lie after that.
  const seen = await readEvents(db, { workspace: 1, after: 0, limit: 10 });
  const position = seen.at(-1)?.seq ?? 0;
  commit.resolve();
  await Promise.all([slow, fast]);
  const rest = await readEvents(db, { workspace: 1, after: position, limit: 10 });
  expect([...seen, ...rest].map(({ event }) => event.id)).toEqual(eventIds([early, late]));
  await client.atLeast(2);
  expect(idsIn(client)).toEqual(eventIds([early, late]));
});

test('another workspace does not wait', async () => {
  const { db } = database;
  await db.query(`INSERT INTO workspaces (id, slug, name) VALUES (2, 'second', 'Second')`);
  const second = await makeClassRoom(db, 2);
  await db.transaction(async (tx) => {
    await appendEvents(tx, 1, [anEvent(room)]);
    await append(db, [anEvent(second)], 2);
  });
  expect(await feedIds(db, 2)).toHaveLength(1);
});

test('a batch keeps its order, and a rolled back one leaves nothing', async () => {
  const { db } = database;
  const rows = someEvents(room, 300);
  await append(db, rows);
  const lost = db.transaction(async (tx) => {
    await appendEvents(tx, 1, someEvents(room, 5));
    throw new Error('rolled back');
  });
  await expect(lost).rejects.toThrow('rolled back');
  const last = anEvent(room);
  await append(db, [last]);
  expect(await feedIds(db)).toEqual([...eventIds(rows), ...eventIds([last])]);
});

test('writers that commit when they please: every stream gets all, once, in the feed’s order', async () => {
  const { db } = database;
  const clients = await Promise.all(Array.from({ length: 4 }, () => server.stream('/api/v1/live')));
  let total = 0;
  const writer = async (seed: number) => {
    for (let i = 0; i < 40; i += 1) {
      const rows = someEvents(room, 1 + ((i * seed) % 7));
      total += rows.length;
      await db.transaction(async (tx) => {
        await appendEvents(tx, 1, rows);
        await sleep((i * seed * 7) % 11);
      });
    }
  };
  await Promise.all([writer(3), writer(5), writer(11)]);
  const feed = await feedIds(db);
  expect(feed).toHaveLength(total);
  for (const client of clients) {
    await client.atLeast(total);
    expect(idsIn(client)).toEqual(feed);
  }
});

test('what an event holds: names as they are now, ids and times as outside', async () => {
  const { db } = database;
  const client = await server.stream('/api/v1/live');
  const row = anEvent(room);
  await append(db, [row]);
  const [message] = await client.atLeast(1);
  const [ada] = room.learners;
  if (ada === undefined || message === undefined) throw new Error('nothing came');
  expect(message.event).toBe('attempt.completed');
  expect(message.id).not.toBe('');
  const source = { id: `src_${room.sourceId.replaceAll('-', '')}`, slug: 'quizapi-1' };
  const activity = { id: `act_${room.activityId.replaceAll('-', '')}`, title: 'Title of quiz_1', kind: 'quiz' };
  const at = `${row.occurredAt.slice(0, 23)}Z`;
  expect(JSON.parse(message.data)).toEqual({
    id: eventIds([row])[0],
    type: 'attempt.completed',
    occurredAt: at,
    receivedAt: row.receivedAt.toISOString(),
    source: { ...source, provider: 'quizapi' },
    receiptId: `rcp_${row.receiptKey?.subarray(0, 16).toString('hex')}`,
    verification: 'signature',
    learner: {
      id: ada.publicId,
      name: 'Ada',
      email: 'ada@example.org',
      identities: [{ provider: 'quizapi', realm: source.id, externalId: 'user_Ada' }],
    },
    activity: { ...activity, externalId: 'quiz_1' },
    attempt: {
      id: `att_${row.attemptId?.replaceAll('-', '')}`,
      learner: { id: ada.publicId, name: 'Ada' },
      activity,
      source,
      provider: 'quizapi',
      externalId: null,
      state: 'completed',
      outcome: null,
      score: 8,
      maxScore: 10,
      percentage: 80,
      totalQuestions: 10,
      timeSpentSeconds: 120,
      timeKind: 'reported',
      startedAt: null,
      completedAt: at,
      verification: 'signature',
      test: false,
    },
    previous: null,
    data: { n: expect.any(Number) },
  });
});
