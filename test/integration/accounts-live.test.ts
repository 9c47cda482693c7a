/** Streams opened with the session cookie: they work from our own pages, and end with what allowed them. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publicId } from '../../src/core/ids.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { anEvent, append, type ClassRoom, type LiveServer, makeClassRoom, startLiveServer } from '../helpers/live.ts';
import { makeMember, signInAt, type TestMember } from '../helpers/session.ts';
import type { SseClient } from '../helpers/sse.ts';
import { until } from '../helpers/until.ts';

let database: TestDatabase;
let server: LiveServer;
let room: ClassRoom;
let admin: TestMember;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startLiveServer(database.url, { recheckMs: 50 });
  room = await makeClassRoom(database.db);
  admin = await makeMember(database.db);
});
beforeEach(async () => {
  await database.db.query('DELETE FROM sign_in_failures');
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

/** Opens the feed as a signed-in page does. */
async function open(cookie: string, path = '/api/v1/live'): Promise<SseClient> {
  return await server.stream(path, { key: null, headers: { cookie } });
}

async function change(method: 'PATCH' | 'DELETE', path: string, cookie: string, body?: object): Promise<number> {
  const answer = await fetch(`${server.origin}${path}`, {
    method,
    headers: { cookie, origin: server.origin, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.status;
}

test('a stream opens by cookie, shows events, and ends when its session is revoked; others stay', async () => {
  const person = await makeMember(database.db, { role: 'instructor' });
  const [here, there] = [await signInAt(server.origin, person), await signInAt(server.origin, person)];
  const [kept, lost] = [await open(here), await open(there)];
  await append(database.db, [anEvent(room)]);
  await Promise.all([kept.atLeast(1), lost.atLeast(1)]);

  const list = await fetch(`${server.origin}/api/v1/sessions`, { headers: { cookie: here } });
  const { data } = (await list.json()) as { data: { id: string; current: boolean }[] };
  const other = data.find(({ current }) => !current);
  expect(await change('DELETE', `/api/v1/sessions/${other?.id}`, here)).toBe(204);
  await until('the stream of the revoked session ends', () => lost.ended());
  await append(database.db, [anEvent(room)]);
  await kept.atLeast(2);
  expect(kept.ended()).toBe(false);
  expect(await server.refusal('/api/v1/live', { key: null, headers: { cookie: there } })).toBe(401);
});

test('streams of a member end when the role or the limits change, and when the member is removed', async () => {
  const desk = await signInAt(server.origin, admin);
  const person = await makeMember(database.db);
  const cookie = await signInAt(server.origin, person);

  const asAdmin = await open(cookie);
  expect(await change('PATCH', `/api/v1/members/${person.id}`, desk, { role: 'instructor' })).toBe(200);
  await until('the stream of the former administrator ends', () => asAdmin.ended());

  const asInstructor = await open(cookie);
  const [own] = room.learners;
  const learner = publicId('lrn', own?.id ?? '');
  expect(await change('PATCH', `/api/v1/members/${person.id}`, desk, { role: 'learner', learner })).toBe(200);
  await until('the stream of the former instructor ends', () => asInstructor.ended());

  // Now only its own events.
  const asLearner = await open(cookie);
  const other = room.learners[1]?.id ?? null;
  await append(database.db, [anEvent(room, { learnerId: other }), anEvent(room, { learnerId: own?.id ?? null })]);
  const [message] = await asLearner.atLeast(1);
  expect(message?.data).toContain(learner);
  expect(asLearner.messages).toHaveLength(1);

  expect(await change('DELETE', `/api/v1/members/${person.id}`, desk)).toBe(204);
  await until('the stream of the removed member ends', () => asLearner.ended());
});

test('a change that nothing of the stream depends on leaves it open', async () => {
  const desk = await signInAt(server.origin, admin);
  const person = await makeMember(database.db, { role: 'instructor' });
  const stream = await open(await signInAt(server.origin, person));
  expect(await change('PATCH', `/api/v1/members/${person.id}`, desk, { role: 'instructor' })).toBe(200);
  // A stream opened later and revoked shows that the check has been made since.
  const later = await signInAt(server.origin, admin);
  const revoked = await open(later);
  await fetch(`${server.origin}/api/auth/sign-out`, {
    method: 'POST',
    headers: { cookie: later, origin: server.origin },
  });
  await until('the stream of the session that signed out ends', () => revoked.ended());
  await append(database.db, [anEvent(room)]);
  await stream.atLeast(1);
  expect(stream.ended()).toBe(false);
});
