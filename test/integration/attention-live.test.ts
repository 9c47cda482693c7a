/** The real server with signed webhooks: a learner gets stuck and leaves the list, a source's first webhook and why one is refused. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signStandardWebhook } from '../../src/core/signatures.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { failing, told } from '../helpers/school.ts';
import { ADMIN_KEY, type RealServer, startRealServer } from '../helpers/server.ts';
import { openSseClient, type SseClient } from '../helpers/sse.ts';
import { until } from '../helpers/until.ts';

const SECRET = `whsec_${Buffer.from('a secret of this very test').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('a secret of somebody else').toString('base64')}`;

let database: TestDatabase;
let server: RealServer;
let source: { id: string; slug: string; ingestUrl: string; reach: { ok: boolean; problem: string | null } };
const open: SseClient[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  server = await startRealServer({ DATABASE_URL: database.url });
  source = await server.post('/api/v1/sources', { provider: 'standard', slug: 'lab', secret: SECRET });
}, 90_000);

afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await server.stop();
  await database.drop();
});

async function stream(path: string, key = ADMIN_KEY): Promise<SseClient> {
  const client = await openSseClient(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect(client.status).toBe(200);
  open.push(client);
  return client;
}

/** Posts a webhook as the platform does; `behindMinutes`: by a clock that is off. */
async function post(body: Buffer, secret = SECRET, behindMinutes = 0): Promise<number> {
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000) - behindMinutes * 60);
  const answer = await fetch(`${server.url}/webhooks/lab`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signStandardWebhook(secret, id, timestamp, body),
    },
    body: new Uint8Array(body),
  });
  return answer.status;
}

test('a learner gets stuck, pages hear of it, and leaves the list when the step is done', async () => {
  const ada = { learner: 'Ada', activity: 'Linux', step: 2, ago: 5 };
  const live = await stream('/api/v1/live?notices=true');
  for (const { body } of failing(ada, 3)) expect(await post(body)).toBe(200);

  await until('the event', () => live.messages.some(({ event }) => event === 'learner.needs_attention'));
  const event = live.messages.find((message) => message.event === 'learner.needs_attention');
  expect(JSON.parse(event?.data ?? '')).toMatchObject({
    learner: { name: 'Ada' },
    data: {
      flag: { rule: 'stuck_tries', learner: { name: 'Ada' }, activity: { title: 'Linux' }, facts: { tries: 3 } },
    },
  });
  const running = await server.get<{ data: { standing: string }[]; counts: object }>('/api/v1/running');
  expect(running.counts).toEqual({ active: 0, idle: 0, stuck: 1, expired: 0 });
  expect(running.data[0]).toMatchObject({
    standing: 'stuck',
    stepsDone: 0,
    stepsTotal: 4,
    currentStep: { externalId: 'step-2', attempts: 3 },
  });
  const [flag] = (await server.get<{ data: { id: string }[] }>('/api/v1/attention')).data;

  await post(told('step.completed', { ...ada, ago: 0 }).body);
  const notices = () => live.messages.filter(({ event }) => event === 'attention').map(({ data }) => JSON.parse(data));
  await until('the flag to be resolved', () => notices().some(({ state }) => state === 'resolved'));
  expect(notices()).toEqual([
    { id: flag?.id, state: 'open' },
    { id: flag?.id, state: 'resolved' },
  ]);
  expect((await server.get<{ data: unknown[] }>('/api/v1/attention')).data).toEqual([]);
  const after = await server.get<{ counts: object }>('/api/v1/running');
  expect(after.counts).toEqual({ active: 1, idle: 0, stuck: 0, expired: 0 });
}, 60_000);

test('an instructor of another class hears nothing of it, by page or by stream', async () => {
  const cohort = await server.post<{ id: string }>('/api/v1/cohorts', { name: 'Others' });
  const { key } = await server.post<{ key: string }>('/api/v1/keys', {
    name: 'an instructor',
    role: 'instructor',
    cohorts: [cohort.id],
  });
  const live = await stream('/api/v1/live?notices=true');
  const theirs = await stream('/api/v1/live?notices=true', key);
  const ben = { learner: 'Ben', activity: 'Linux', step: 1, ago: 5 };
  const [begun, ...tries] = failing(ben, 3);
  await post(begun?.body ?? Buffer.alloc(0));
  const learner = await until('the learner', async () => {
    const { data } = await server.get<{ data: { id: string }[] }>('/api/v1/learners');
    return data[0]?.id ?? null;
  });
  const own = await server.post<{ key: string }>('/api/v1/keys', { name: 'Ben', role: 'learner', learner });
  const bens = await stream('/api/v1/live?notices=true', own.key);
  for (const { body } of tries) await post(body);
  await until('the flag', () => live.messages.some(({ event }) => event === 'attention'));
  await post(told('step.completed', { ...ben, ago: 0 }).body);
  await until('the flag to be resolved', () => live.messages.some(({ data }) => data.includes('"resolved"')));
  expect(theirs.messages).toEqual([]);
  // Ben sees what happened, and not what those who teach are told about it.
  await until('the step', () => bens.messages.some(({ event }) => event === 'step.completed'));
  expect(new Set(bens.messages.map(({ event }) => event))).toEqual(new Set(['step.attempted', 'step.completed']));
  for (const path of ['/api/v1/attention', '/api/v1/running']) {
    const answer = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect(((await answer.json()) as { data: unknown[] }).data).toEqual([]);
  }
  const refused = await fetch(`${server.url}/api/v1/attention?learner=${learner}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(refused.status).toBe(403);
}, 60_000);

test('the first webhook of a source shows, and why others are refused', async () => {
  expect(source.reach).toEqual({ ok: false, problem: 'loopback' });
  const watch = await stream(`/api/v1/sources/${source.id}/watch`);
  const { body } = told('attempt.completed', { learner: 'Ada', activity: 'Quiz', percentage: 80, ago: 0 });
  expect(await post(body, OTHER)).toBe(401);
  await until('the rejection', () => watch.messages.length === 1);
  expect(watch.messages[0]?.event).toBe('rejection');
  expect(JSON.parse(watch.messages[0]?.data ?? '')).toMatchObject({
    reason: 'invalid_signature',
    explanation: expect.stringContaining('another key'),
  });
  expect(await post(body, SECRET, 7)).toBe(401);
  await until('the second rejection', () => watch.messages.length === 2);
  expect(JSON.parse(watch.messages[1]?.data ?? '')).toMatchObject({
    reason: 'stale_timestamp',
    explanation: expect.stringContaining('7 minutes behind'),
  });
  expect(await post(body)).toBe(200);
  await until('the receipt, read', () => watch.messages.some(({ data }) => data.includes('"processed"')));
  const last = JSON.parse(watch.messages.at(-1)?.data ?? '') as { id: string };
  expect(last).toMatchObject({
    status: 'processed',
    event: 'attempt.completed',
    events: ['attempt.completed'],
    test: false,
  });
  expect(
    new Set(watch.messages.filter(({ event }) => event === 'receipt').map(({ data }) => JSON.parse(data).id)),
  ).toEqual(new Set([last.id]));
  // It resumes without a gap.
  watch.close();
  const again = told('attempt.completed', { learner: 'Ben', activity: 'Quiz', percentage: 60, ago: 0 });
  await post(again.body);
  const resumed = await openSseClient(`${server.url}/api/v1/sources/${source.id}/watch`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    lastEventId: watch.lastId(),
  });
  open.push(resumed);
  await until('what was missed', () => resumed.messages.some(({ data }) => data.includes('"processed"')));
  expect(resumed.messages.every(({ data }) => !data.includes(last.id))).toBe(true);

  const health = await server.get(`/api/v1/sources/${source.id}/health`);
  expect(health).toMatchObject({
    receipts24h: 2,
    rejections24h: 2,
    silent: false,
    expectedEveryHours: null,
    lastRejection: { reason: 'stale_timestamp' },
  });
}, 60_000);
