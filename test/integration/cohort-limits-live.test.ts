/** Streams of somebody limited to a cohort: nothing of others, and whoever leaves the cohort is gone from the open stream. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newUuid, publicId, type Uuid } from '../../src/core/ids.ts';
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
import type { SseClient } from '../helpers/sse.ts';
import { until } from '../helpers/until.ts';

let database: TestDatabase;
let server: LiveServer;
let room: ClassRoom;
let ada: Person;
let ben: Person;
let cohort: Uuid;
let key: string;

beforeEach(async () => {
  database = await createTestDatabase();
  room = await makeClassRoom(database.db);
  const [first, second] = room.learners;
  if (first === undefined || second === undefined) throw new Error('no learners');
  ada = first;
  ben = second;
  server = await startLiveServer(database.url, { keepAliveMs: 50, recheckMs: 50 });
  cohort = newUuid();
  await database.db.query(`INSERT INTO cohorts (workspace, id, name) VALUES (1, $1, 'Mine')`, [cohort]);
  await join(ada);
  const body = { name: 'limited', role: 'instructor', cohorts: [publicId('coh', cohort)] };
  key = textAt(await server.post('/api/v1/keys', body), 'key');
});

afterEach(async () => {
  await server.close();
  await database.drop();
});

async function join(person: Person): Promise<void> {
  await server.post(`/api/v1/cohorts/${publicId('coh', cohort)}/members`, { learners: [person.publicId] });
}

async function leave(person: Person): Promise<void> {
  await server.remove(`/api/v1/cohorts/${publicId('coh', cohort)}/members/${person.publicId}`);
}

/** Appends an event of each and gives their ids. */
async function happens(...people: Person[]): Promise<string[]> {
  const rows = people.map((person) => anEvent(room, { learnerId: person.id }));
  await append(database.db, rows);
  return eventIds(rows).map(String);
}

/** Appends events of Ben and Ada until the stream, which always shows Ada's, shows Ben's or does not: memberships hold for half a second. */
async function benShows(client: SseClient, wanted: boolean): Promise<void> {
  await until(`Ben ${wanted ? 'shows' : 'is gone'}`, async () => {
    const [his, hers] = await happens(ben, ada);
    await until('Ada', () => idsIn(client).includes(hers ?? ''));
    return idsIn(client).includes(his ?? '') === wanted;
  });
}

test('an open stream shows its cohort, gains who joins and loses who leaves', async () => {
  const own = await server.stream('/api/v1/live', { key });
  const all = await server.stream('/api/v1/live');
  const [first, hidden, second] = await happens(ada, ben, ada);
  await until('the second of Ada', () => idsIn(own).length >= 2);
  expect(idsIn(own)).toEqual([first, second]);
  await until('the admin has all', () => idsIn(all).includes(hidden ?? ''));

  await join(ben);
  await benShows(own, true);
  await leave(ben);
  await benShows(own, false);
  const [never, witness] = await happens(ben, ada);
  await until('the witness', () => idsIn(own).includes(witness ?? ''));
  expect(idsIn(own)).not.toContain(never);
});

test('nor does a stream that resumes or reads from memory show others; events about nobody are not for it', async () => {
  const before = await server.stream('/api/v1/live', { key });
  const [first] = await happens(ada);
  await until('the first', () => idsIn(before).includes(first ?? ''));
  const cursor = before.lastId();
  before.close();
  const nobody = anEvent(room, { learnerId: null, attemptId: null, type: 'source.silent', payload: '{"data":{}}' });
  const [hidden] = await happens(ben);
  await append(database.db, [nobody]);
  const [second] = await happens(ada);
  const resumed = await server.stream('/api/v1/live', { key, lastEventId: cursor });
  await until('the second', () => idsIn(resumed).includes(second ?? ''));
  expect(idsIn(resumed)).toEqual([second]);
  expect(resumed.messages.map(({ data }) => data).join()).not.toContain(hidden);
});

test('cohort= narrows anybody’s stream; a foreign cohort, learner or student is refused', async () => {
  const other = newUuid();
  await database.db.query(`INSERT INTO cohorts (workspace, id, name) VALUES (1, $1, 'Other')`, [other]);
  const narrowed = await server.stream(`/api/v1/live?cohort=${publicId('coh', cohort)}`);
  const [, kept] = await happens(ben, ada);
  await until('Ada', () => idsIn(narrowed).includes(kept ?? ''));
  expect(idsIn(narrowed)).toEqual([kept]);
  for (const path of [
    `/api/v1/live?cohort=${publicId('coh', other)}`,
    `/api/v1/live?learner=${ben.publicId}`,
    `/api/students/${ben.publicId}/progress/stream`,
    `/api/students/${ben.externalId}/progress/stream`,
    '/api/students/not-seen-yet/progress/stream',
  ]) {
    expect([path, await server.refusal(path, { key })]).toEqual([path, 403]);
  }
  expect((await server.stream(`/api/students/${ada.externalId}/progress/stream`, { key })).status).toBe(200);
});

test('a ticket opens no more than the key that asked for it', async () => {
  const ticket = textAt(await server.post('/api/v1/tickets', { for: 'live' }, key), 'ticket');
  const stream = await server.stream(`/api/v1/live?ticket=${ticket}`, { key: null });
  const [, own] = await happens(ben, ada);
  await until('Ada', () => idsIn(stream).includes(own ?? ''));
  expect(idsIn(stream)).toEqual([own]);
});
