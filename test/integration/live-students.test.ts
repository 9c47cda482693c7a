/** The guide's stream: one unnamed message per completed attempt of one learner. */
import { EventSource } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewEvent } from '../../src/live/append.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { ADMIN_KEY, textAt } from '../helpers/http.ts';
import {
  anEvent,
  append,
  type ClassRoom,
  type LiveServer,
  makeClassRoom,
  makeLearner,
  makeSource,
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
  server = await startLiveServer(database.url, { keepAliveMs: 50 });
});

afterEach(async () => {
  await server.close();
  await database.drop();
});

/** The attempt's row and its event, as the projection writes them. */
async function complete(person: Person, told: Partial<NewEvent> & { revoked?: boolean } = {}): Promise<NewEvent> {
  const row = anEvent(room, { learnerId: person.id, ...told });
  await database.db.query(
    `INSERT INTO attempts (workspace, id, source_id, provider, learner_id, activity_id, state, score, max_score, percentage,
       total_questions, time_spent_seconds, time_kind, opened_at, completed_at, ended_at, last_at, verification, test, facts)
     VALUES (1, $1, $2, 'quizapi', $3, $4, 'completed', 8, 10, 80, 10, 120, 'reported', $5, $5, $5, $5, 'signature', $6, '[]')`,
    [row.attemptId, row.sourceId, person.id, row.activityId, row.occurredAt, row.test],
  );
  await append(database.db, [row]);
  return row;
}

const STREAM = '/api/students/user_Ada/progress/stream';

test('each completion is an unnamed message: the row as recentQuizzes has it, with the summary beside it', async () => {
  const client = await server.stream(STREAM);
  const row = await complete(ada);
  const [message] = await client.atLeast(1);
  expect(message?.event).toBe('message');
  const at = `${row.occurredAt.slice(0, 23)}Z`;
  expect(JSON.parse(message?.data ?? '')).toEqual({
    quiz_id: 'quiz_1',
    quiz_title: 'Title of quiz_1',
    score: 8,
    total_questions: 10,
    percentage: 80,
    time_spent_seconds: 120,
    completed_at: at,
    summary: { quizzes_completed: 1, average_score: 80, total_time_seconds: 120, last_activity: at },
  });
  await complete(ada);
  await client.atLeast(2);
  expect(JSON.parse(client.messages[1]?.data ?? '')).toMatchObject({
    summary: { quizzes_completed: 2, total_time_seconds: 240 },
  });
  const answer = await fetch(`${server.origin}/api/students/user_Ada/progress`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  const progress: unknown = await answer.json();
  const { summary, ...newest } = JSON.parse(client.messages[1]?.data ?? '');
  expect(progress).toMatchObject({ summary, recentQuizzes: [newest, expect.anything()] });
});

test('others, tests, test persons and other kinds of events are not shown', async () => {
  const byPlatformId = await server.stream(STREAM);
  const byOurId = await server.stream(`/api/students/${ada.publicId}/progress/stream`);
  await complete(ben);
  await complete(ada, { test: true });
  await append(database.db, [anEvent(room, { type: 'attempt.started' }), anEvent(room, { type: 'attempt.regraded' })]);
  await database.db.query('UPDATE learners SET excluded = true WHERE id = $1', [ada.id]);
  await complete(ada);
  const [last] = await database.db.query<{ seq: number }>('SELECT max(seq) AS seq FROM events');
  // The heartbeat tells how far a stream has read.
  await until('both streams to be past it all', () =>
    [byPlatformId, byOurId].every((client) => client.lastId() === String(last?.seq)),
  );
  expect([...byPlatformId.messages, ...byOurId.messages]).toEqual([]);
});

test('a learner not seen yet: the stream stays open and begins when they appear', async () => {
  const client = await server.stream('/api/students/user_Cleo/progress/stream');
  await complete(ada);
  const cleo = await makeLearner(database.db, 1, room.sourceId, 'Cleo', 'user_Cleo');
  await complete(cleo);
  await client.atLeast(1);
  await complete(ben);
  await complete(cleo);
  await client.atLeast(2);
  expect(client.messages.map(({ data }) => JSON.parse(data).summary.quizzes_completed)).toEqual([1, 2]);
});

test('it resumes with Last-Event-ID', async () => {
  const first = await server.stream(STREAM);
  await complete(ada);
  await first.atLeast(1);
  first.close();
  await complete(ada);
  await complete(ben);
  const second = await server.stream(STREAM, { lastEventId: first.lastId() });
  await second.atLeast(1);
  await complete(ada);
  await second.atLeast(2);
  expect(second.messages.map(({ data }) => JSON.parse(data).quiz_id)).toEqual(['quiz_1', 'quiz_1']);
  expect(JSON.parse(second.messages[1]?.data ?? '').summary.quizzes_completed).toBe(3);
});

test('an id that two learners bear is 409, unless the source says which', async () => {
  const other = await makeSource(database.db, 1, 'other');
  const twin = await makeLearner(database.db, 1, other, 'Twin', 'user_Ada');
  expect(await server.refusal(STREAM)).toBe(409);
  const twins = await server.stream(`${STREAM}?source=other-1`);
  await complete(ada);
  await complete(twin, { sourceId: other });
  await twins.atLeast(1);
  expect(JSON.parse(twins.messages[0]?.data ?? '').summary.quizzes_completed).toBe(1);
  expect(await server.refusal(`${STREAM}?source=nowhere`)).toBe(400);
});

test('keys of one learner, roles without progress, tickets for another', async () => {
  const make = async (body: object) => textAt(await server.post('/api/v1/keys', body), 'key');
  const adas = await make({ name: 'ada', role: 'learner', learner: ada.publicId });
  const integration = await make({ name: 'i', role: 'integration' });
  await server.stream(STREAM, { key: adas });
  expect(await server.refusal('/api/students/user_Ben/progress/stream', { key: adas })).toBe(403);
  expect(await server.refusal('/api/students/user_Nobody/progress/stream', { key: adas })).toBe(403);
  expect(await server.refusal(STREAM, { key: integration })).toBe(403);
  const issue = async () =>
    textAt(await server.post('/api/v1/tickets', { for: 'students', learner: ada.publicId }), 'ticket');
  const used = await issue();
  await server.stream(`${STREAM}?ticket=${used}`, { key: null });
  await server.stream(`${STREAM}?ticket=${used}`, { key: null });
  expect(await server.refusal(`${STREAM}?source=quizapi&ticket=${used}`, { key: null })).toBe(401);
  const ticket = await issue();
  expect(await server.refusal(`/api/students/user_Ben/progress/stream?ticket=${ticket}`, { key: null })).toBe(403);
  expect(await server.refusal(`/api/v1/live?ticket=${ticket}`, { key: null })).toBe(401);
});

test('an EventSource that is not ours reads it with a ticket, onmessage and all', async () => {
  const ticket = textAt(await server.post('/api/v1/tickets', { for: 'students', learner: 'user_Ada' }), 'ticket');
  const source = new EventSource(`${server.origin}${STREAM}?ticket=${ticket}`);
  const got: { id: string; data: string }[] = [];
  source.onmessage = (event) => {
    got.push({ id: event.lastEventId, data: String(event.data) });
  };
  try {
    await until('it to open', () => source.readyState === source.OPEN);
    await complete(ada);
    await until('a message', () => got.length === 1);
    expect(JSON.parse(got[0]?.data ?? '').quiz_id).toBe('quiz_1');
    expect(got[0]?.id).toMatch(/^\d+$/);
  } finally {
    source.close();
  }
});
