import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { adapterFor } from '../../src/adapters/registry.ts';
import { PROVIDERS, type Provider } from '../../src/core/vocabulary.ts';
import { type FaultShares, withFaults } from '../../src/simulator/faults.ts';
import { run } from '../../src/simulator/run.ts';
import { scenario } from '../../src/simulator/scenario.ts';
import { Sender } from '../../src/simulator/sender.ts';
import { type Summary, Tally } from '../../src/simulator/tally.ts';
import { signsTime } from '../../src/simulator/target.ts';
import { accept, type Recorded, type RecordingServer, recordingServer, refuse } from '../helpers/recording-server.ts';
import { secretsFor } from '../helpers/simulated.ts';

const ORIGIN = 'https://elearning.easygenerator.com';
const CORS = { 'access-control-allow-origin': ORIGIN, 'access-control-allow-headers': 'Content-Type' };

let server: RecordingServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function receiver(
  answer: (request: Recorded, response: ServerResponse, number: number) => void,
): Promise<RecordingServer> {
  server = await recordingServer(answer);
  return server;
}

interface Sending {
  count?: number;
  learners?: number;
  faults?: FaultShares;
  rate?: number;
  concurrency?: number;
  retries?: number;
  event?: string;
}

async function send(provider: Provider, url: string, options: Sending = {}): Promise<Summary> {
  const adapter = adapterFor(provider);
  const sender = new Sender({ connections: options.concurrency ?? 8, retries: options.retries ?? 3 });
  const tally = new Tally();
  const events = scenario({
    seed: 'sending',
    adapters: [adapter],
    learners: options.learners ?? 10,
    start: Date.UTC(2026, 0, 12, 8),
    rhythm: 'history',
    event: options.event,
  }).take(options.count ?? 20);
  await run({
    deliveries: withFaults(events, options.faults ?? {}, 'sending', () => signsTime(adapter)),
    target: () => ({
      adapter,
      url: new URL(`${url}/webhooks/${provider}${adapter.needs.urlToken ? '/secret-token' : ''}`),
      secrets: secretsFor(provider),
      origin: adapter.needs.origins ? ORIGIN : null,
    }),
    sender,
    tally,
    concurrency: options.concurrency ?? 8,
    rate: options.rate ?? null,
  });
  await sender.close();
  return tally.summary();
}

function verify(provider: Provider, request: Recorded) {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
  return adapterFor(provider).verify({ headers, body: request.body, receivedAt: request.at }, secretsFor(provider));
}

test.each(PROVIDERS)('%s: what arrives is signed as the platform signs, and counted', async (provider) => {
  const { url, requests } = await receiver((_, response) => accept(response, CORS));
  const summary = await send(provider, url, { count: 40 });
  const posts = requests.filter((request) => request.method === 'POST');
  expect(posts).toHaveLength(40);
  for (const post of posts) {
    expect(verify(provider, post)).toMatchObject({ ok: true });
    expect(post.headers['content-type']).toBe('application/json');
  }
  expect(summary).toMatchObject({ sent: 40, accepted: 40, duplicates: 0, refused: [], failed: [], asExpected: true });
});

test('QuizAPI says the event and a delivery id of its own in headers', async () => {
  const { url, requests } = await receiver((_, response) => accept(response));
  await send('quizapi', url);
  for (const { headers, body } of requests) {
    expect(headers['x-quizapi-event']).toBe((JSON.parse(body.toString()) as { event: string }).event);
    expect(headers['x-quizapi-delivery']).toMatch(/^evt_/);
  }
  expect(new Set(requests.map(({ headers }) => headers['x-quizapi-delivery'])).size).toBe(requests.length);
});

test('Synap posts each event to its own URL', async () => {
  const { url, requests } = await receiver((_, response) => accept(response));
  await send('synap', url, { count: 30 });
  const paths = new Set(requests.map((request) => request.url));
  expect(paths).toContain('/webhooks/synap/secret-token?event=attempt.submitted');
  expect(paths).toContain('/webhooks/synap/secret-token?event=attempt.completed');
});

test('Svix keeps the id on a retry, with a new time and signature; Retry-After is waited for', async () => {
  const { url, requests } = await receiver((_, response, number) => {
    if (number === 0) refuse(response, 503, 'store_unavailable', { 'retry-after': '2' });
    else accept(response);
  });
  const summary = await send('instruqt', url, { count: 1 });
  expect(summary).toMatchObject({ sent: 1, accepted: 1, retried: 1, asExpected: true });
  const [first, second] = requests.map(({ headers }) => headers);
  expect(second?.['svix-id']).toBe(first?.['svix-id']);
  expect(second?.['svix-timestamp']).not.toBe(first?.['svix-timestamp']);
  expect(second?.['svix-signature']).not.toBe(first?.['svix-signature']);
  expect(requests[1]?.body).toEqual(requests[0]?.body);
  // Timers of Node may fire a millisecond early.
  expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThanOrEqual(1990);
});

test('QuizAPI sends the same bytes and headers again', async () => {
  const { url, requests } = await receiver((_, response, number) => {
    if (number === 0) refuse(response, 500, 'internal');
    else accept(response);
  });
  expect(await send('quizapi', url, { count: 1 })).toMatchObject({ accepted: 1, retried: 1 });
  expect(requests[1]?.body).toEqual(requests[0]?.body);
  expect(requests[1]?.headers).toEqual(requests[0]?.headers);
});

test('a refusal is an answer: it is not tried again, and its reason is told', async () => {
  const { url, requests } = await receiver((_, response) => refuse(response, 401, 'invalid_signature'));
  const summary = await send('quizapi', url, { count: 5 });
  expect(requests).toHaveLength(5);
  expect(summary.refused).toEqual([{ status: 401, reason: 'invalid_signature', count: 5, expected: 0, faults: {} }]);
  expect(summary.asExpected).toBe(false);
});

test('what is never taken is given up after the last try', async () => {
  const { url, requests } = await receiver((_, response) => refuse(response, 503, 'store_unavailable'));
  const summary = await send('quizapi', url, { count: 2, retries: 1 });
  expect(requests).toHaveLength(4);
  expect(summary).toMatchObject({ sent: 2, accepted: 0, retried: 2, asExpected: false });
  expect(summary.failed).toMatchObject([{ reason: 'store_unavailable', count: 2 }]);
});

test('nobody there is told in words, at once', async () => {
  const { url, close } = await receiver((_, response) => accept(response));
  await close();
  server = undefined;
  const summary = await send('quizapi', url, { count: 1, retries: 3 });
  expect(summary).toMatchObject({ retried: 0, failed: [{ reason: 'nothing listens there', count: 1 }] });
});

test('Easygenerator: each browser asks first, sends its origin, and asks again only when the permission is over', async () => {
  const { url, requests } = await receiver((request, response) => {
    if (request.method === 'OPTIONS') response.writeHead(204, { ...CORS, 'access-control-max-age': '600' }).end();
    else accept(response, CORS);
  });
  await send('easygenerator', url, { count: 30, learners: 3 });
  const preflights = requests.filter((request) => request.method === 'OPTIONS');
  expect(preflights).toHaveLength(3);
  for (const { headers } of preflights) {
    expect(headers).toMatchObject({
      origin: ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    });
  }
  const posts = requests.filter((request) => request.method === 'POST');
  expect(posts).toHaveLength(30);
  for (const { headers } of posts) expect(headers.origin).toBe(ORIGIN);
});

test.each([
  ['another origin', 204, { ...CORS, 'access-control-allow-origin': 'https://elsewhere.example' }],
  ['no Content-Type', 204, { 'access-control-allow-origin': ORIGIN }],
  ['an error', 404, CORS],
])('Easygenerator: a preflight that answers with %s keeps the POST in the browser', async (_, status, headers) => {
  const { url, requests } = await receiver((_request, response) => {
    response.writeHead(status, headers).end();
  });
  const summary = await send('easygenerator', url, { count: 3 });
  expect(requests.map((request) => request.method)).toEqual(['OPTIONS', 'OPTIONS', 'OPTIONS']);
  expect(summary.refused.reduce((sum, row) => sum + row.count, 0)).toBe(3);
  expect(summary.asExpected).toBe(false);
});

test('duplicates are the same bytes and headers again, also where the time is signed', async () => {
  const seen = new Set<string>();
  const { url, requests } = await receiver((request, response) => {
    const id = String(request.headers['svix-id']);
    const duplicate = seen.has(id);
    seen.add(id);
    response.writeHead(200).end(JSON.stringify({ received: true, id: 'rcp_1', ...(duplicate ? { duplicate } : {}) }));
  });
  const summary = await send('instruqt', url, { count: 100, faults: { duplicate: 0.3 } });
  expect(summary.faults.duplicate).toBeGreaterThan(15);
  expect(summary).toMatchObject({ accepted: 100, duplicates: summary.faults.duplicate, asExpected: true });
  const whole = requests.map(({ headers, body }) => `${JSON.stringify(headers)} ${body.toString('hex')}`);
  expect(new Set(whole).size).toBe(100);
});

test('refusals of faults are expected, and a receiver that takes them is found out', async () => {
  const shares = { tamper: 0.2, malformed: 0.2, late: 0.2 };
  const strict = await receiver((request, response) => {
    const verdict = verify('instruqt', request);
    if (verdict.ok) accept(response);
    else refuse(response, 401, verdict.code);
  });
  const summary = await send('instruqt', strict.url, { count: 100, faults: shares });
  expect(summary).toMatchObject({ accepted: 100, wronglyAccepted: 0, asExpected: true });
  expect(summary.refused.map((row) => row.reason).toSorted()).toEqual(['invalid_signature', 'stale_timestamp']);
  for (const row of summary.refused) expect(row.expected).toBe(row.count);
  await strict.close();

  const lax = await receiver((_, response) => accept(response));
  const fooled = await send('instruqt', lax.url, { count: 100, faults: shares });
  expect(fooled.wronglyAccepted).toBe(summary.sent - 100);
  expect(fooled.asExpected).toBe(false);
});

test('with a rate, webhooks go out at their time whether the ones before are answered or not', async () => {
  const held: ServerResponse[] = [];
  const { url } = await receiver((_, response) => {
    held.push(response);
    // Nothing is answered before all have arrived: a sender that waits for answers would wait for ever.
    if (held.length === 12) for (const one of held) accept(one);
  });
  const summary = await send('quizapi', url, { count: 12, rate: 200, concurrency: 32, learners: 2 });
  expect(summary).toMatchObject({ accepted: 12, retried: 0 });
});

test('without a rate, one learner’s webhooks wait for each other and the learners’ do not', async () => {
  const open = new Map<string, number>();
  let together = 0;
  const { url, requests } = await receiver((request, response) => {
    const { userId } = (JSON.parse(request.body.toString()) as { data: { userId: string } }).data;
    open.set(userId, (open.get(userId) ?? 0) + 1);
    expect(open.get(userId)).toBe(1);
    together = Math.max(together, [...open.values()].filter((n) => n > 0).length);
    setTimeout(() => {
      open.set(userId, 0);
      accept(response);
    }, 5);
  });
  const summary = await send('quizapi', url, { count: 80, learners: 6, concurrency: 32 });
  expect(summary.accepted).toBe(80);
  expect(together).toBeGreaterThan(1);
  const times = new Map<string, string[]>();
  for (const { body } of requests) {
    const { timestamp, data } = JSON.parse(body.toString()) as { timestamp: string; data: { userId: string } };
    times.set(data.userId, [...(times.get(data.userId) ?? []), timestamp]);
  }
  for (const list of times.values()) expect(list).toEqual(list.toSorted());
});
