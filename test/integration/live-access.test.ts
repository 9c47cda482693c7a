/** Who may see what in streams: roles, filters, tickets, workspaces, revocation; and what the head says. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicId } from '../../src/core/ids.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { textAt } from '../helpers/http.ts';
import {
  anEvent,
  append,
  type ClassRoom,
  eventIds,
  idsIn,
  type LiveServer,
  makeClassRoom,
  type Person,
  startLiveServer,
} from '../helpers/live.ts';
import { until } from '../helpers/until.ts';

let database: TestDatabase;
let server: LiveServer;
let room: ClassRoom;
let ada: Person;
let ben: Person;

beforeEach(async () => {
  database = await createTestDatabase();
  room = await makeClassRoom(database.db);
  const [first, second] = room.learners;
  if (first === undefined || second === undefined) throw new Error('no learners');
  ada = first;
  ben = second;
  server = await startLiveServer(database.url, { keepAliveMs: 50, recheckMs: 50 });
});

afterEach(async () => {
  await server.close();
  await database.drop();
});

async function makeKey(role: string, more: object = {}): Promise<{ id: string; key: string }> {
  const made = await server.post('/api/v1/keys', { name: `a ${role}`, role, ...more });
  return { id: textAt(made, 'id'), key: textAt(made, 'key') };
}

async function ticketFor(body: object, key?: string): Promise<string> {
  return textAt(await server.post('/api/v1/tickets', body, key), 'ticket');
}

test('filters by learner and activity, together and alone', async () => {
  const rows = [
    anEvent(room, { learnerId: ada.id }),
    anEvent(room, { learnerId: ben.id }),
    anEvent(room, { learnerId: ada.id, activityId: room.otherActivityId }),
    anEvent(room, {
      learnerId: null,
      activityId: null,
      attemptId: null,
      type: 'source.silent',
      sourceId: null,
      receiptKey: null,
      receiptSeq: null,
      verification: null,
      payload: '{"data":{}}',
    }),
  ];
  const quiz = publicId('act', room.activityId);
  const all = await server.stream('/api/v1/live');
  const byLearner = await server.stream(`/api/v1/live?learner=${ada.publicId}`);
  const byActivity = await server.stream(`/api/v1/live?activity=${quiz}`);
  const both = await server.stream(`/api/v1/live?activity=${quiz}&learner=${ada.publicId}`);
  await append(database.db, rows);
  const ids = eventIds(rows);
  await all.atLeast(4);
  await byLearner.atLeast(2);
  await byActivity.atLeast(2);
  await both.atLeast(1);
  // Everything was sent to all of them before this one, which all want.
  const last = anEvent(room);
  await append(database.db, [last]);
  const [lastId] = eventIds([last]);
  await until('the last', () => [all, byLearner, byActivity, both].every((client) => idsIn(client).at(-1) === lastId));
  expect(idsIn(all)).toEqual([...ids, lastId]);
  expect(idsIn(byLearner)).toEqual([ids[0], ids[2], lastId]);
  expect(idsIn(byActivity)).toEqual([ids[0], ids[1], lastId]);
  expect(idsIn(both)).toEqual([ids[0], lastId]);
  const own = JSON.parse(all.messages[3]?.data ?? '');
  expect(own).toMatchObject({
    type: 'source.silent',
    source: null,
    learner: null,
    activity: null,
    attempt: null,
    data: {},
  });
});

test('a learner’s key sees that learner only, live and in what it catches up', async () => {
  const { key } = await makeKey('learner', { learner: ada.publicId });
  const client = await server.stream('/api/v1/live', { key });
  const rows = [
    anEvent(room, { learnerId: ben.id }),
    anEvent(room, { learnerId: ada.id }),
    anEvent(room, { learnerId: null }),
  ];
  await append(database.db, rows);
  const last = anEvent(room, { learnerId: ada.id });
  await append(database.db, [last]);
  await client.atLeast(2);
  expect(idsIn(client)).toEqual(eventIds([rows[1] ?? last, last]));
  const again = await server.stream('/api/v1/live', { key, lastEventId: '0' });
  await again.atLeast(2);
  expect(idsIn(again)).toEqual(idsIn(client));
  expect(await server.refusal(`/api/v1/live?learner=${ben.publicId}`, { key })).toBe(403);
});

test('no credential, a wrong one, a key in the URL, or an id of another kind is refused before anything is sent', async () => {
  const { key } = await makeKey('admin');
  expect(await server.refusal('/api/v1/live', { key: null })).toBe(401);
  expect(await server.refusal('/api/v1/live', { key: 'gw_wrong' })).toBe(401);
  expect(await server.refusal(`/api/v1/live?ticket=${key}`, { key: null })).toBe(401);
  expect(await server.refusal('/api/v1/live?learner=user_Ada')).toBe(400);
});

test('a ticket opens its stream without a header, again on reconnect, and for its learner only', async () => {
  const open = await ticketFor({ for: 'live' });
  const limited = await ticketFor({ for: 'live', learner: ben.publicId });
  const first = await server.stream(`/api/v1/live?ticket=${open}`, { key: null });
  const bens = await server.stream(`/api/v1/live?ticket=${limited}`, { key: null });
  const rows = [anEvent(room, { learnerId: ada.id }), anEvent(room, { learnerId: ben.id })];
  await append(database.db, rows);
  await first.atLeast(2);
  await bens.atLeast(1);
  expect(idsIn(bens)).toEqual(eventIds(rows.slice(1)));
  first.close();
  const again = await server.stream(`/api/v1/live?ticket=${open}`, {
    key: null,
    lastEventId: first.messages[0]?.id ?? '',
  });
  await again.atLeast(1);
  expect(idsIn(again)).toEqual(eventIds(rows.slice(1)));
  expect(await server.refusal(`/api/students/user_Ben/progress/stream?ticket=${limited}`, { key: null })).toBe(401);
});

test('a revoked key loses its open streams and those of its tickets; others stay', async () => {
  const { id, key } = await makeKey('instructor');
  const byKey = await server.stream('/api/v1/live', { key });
  const byTicket = await server.stream(`/api/v1/live?ticket=${await ticketFor({ for: 'live' }, key)}`, { key: null });
  const admin = await server.stream('/api/v1/live');
  await server.remove(`/api/v1/keys/${id}`);
  await until('the streams to end', () => byKey.ended() && byTicket.ended());
  expect(admin.ended()).toBe(false);
  await append(database.db, [anEvent(room)]);
  await admin.atLeast(1);
  expect(byKey.messages).toEqual([]);
  expect(await server.refusal('/api/v1/live', { key })).toBe(401);
});

test('a key that expires loses its open streams', async () => {
  const { id, key } = await makeKey('admin', { expiresAt: '2099-01-01T00:00:00Z' });
  const client = await server.stream('/api/v1/live', { key });
  await database.db.query(`UPDATE api_keys SET expires_at = now() WHERE name = 'a admin'`);
  await until('the stream to end', () => client.ended());
  expect(id).toMatch(/^key_/);
});

test('workspaces do not see each other', async () => {
  const { db } = database;
  await db.query(`INSERT INTO workspaces (id, slug, name) VALUES (2, 'second', 'Second')`);
  const second = await makeClassRoom(db, 2);
  const client = await server.stream('/api/v1/live?after=0');
  await append(db, [anEvent(second)], 2);
  const mine = anEvent(room);
  await append(db, [mine]);
  await client.atLeast(1);
  expect(idsIn(client)).toEqual(eventIds([mine]));
});

test('an idle stream gets comments, and each brings the cursor on', async () => {
  const client = await server.stream(`/api/v1/live?learner=${ben.publicId}`);
  await until('comments', () => client.comments.filter((comment) => comment === 'keep-alive').length >= 3);
  const before = client.lastId();
  await append(database.db, [anEvent(room, { learnerId: ada.id })]);
  // Not for this stream, but read: a reconnect need not go through it again.
  await until('the cursor to move', () => client.lastId() !== before);
  expect(client.messages).toEqual([]);
});

test('the head: event stream, nothing in between may hold or keep it, CORS for listed origins', async () => {
  const client = await server.stream('/api/v1/live', { headers: { origin: 'https://dashboard.example' } });
  expect(client.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': expect.stringMatching(/no-cache.*no-transform/),
    'x-accel-buffering': 'no',
    'access-control-allow-origin': 'https://dashboard.example',
    'x-content-type-options': 'nosniff',
  });
  await until('the first comment', () => client.comments.length > 0);
  const stranger = await server.stream('/api/v1/live', { headers: { origin: 'https://elsewhere.example' } });
  expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
});

test('open streams are counted, and gone ones no longer', async () => {
  const count = async () => (await server.registry.getSingleMetric('gradewire_live_streams')?.get())?.values[0]?.value;
  const clients = await Promise.all([server.stream('/api/v1/live'), server.stream('/api/v1/live')]);
  expect(await count()).toBe(2);
  for (const client of clients) client.close();
  await until('both to be gone', async () => (await count()) === 0);
});
