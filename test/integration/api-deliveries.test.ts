/** The log of deliveries through the API, with a sender that really sends. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyring } from '../../src/http/keyring.ts';
import { ADMIN_KEY, at, createTestApp, type TestApp, testSettings, textAt } from '../helpers/http.ts';
import { type PassingOn, passingOn } from '../helpers/passing-on.ts';
import { type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { until } from '../helpers/until.ts';

let place: PassingOn;
let test: TestApp;
let receiver: RecordingServer;
/** What the receiver answers, by path. */
let status: Record<string, number> = {};
let stop: () => Promise<void>;

beforeAll(async () => {
  place = await passingOn();
  receiver = await recordingServer((request, response) =>
    response.writeHead(status[request.url] ?? 200, { 'content-type': 'text/plain' }).end(`answer of ${request.url}`),
  );
  const settings = { ...testSettings(), allowPrivateEndpoints: true };
  const { db } = place;
  test = await createTestApp({
    db,
    settings,
    keyring: createKeyring({ db, adminKey: ADMIN_KEY, log: pino({ level: 'silent' }) }),
  });
  stop = place.send();
});

afterAll(async () => {
  await stop();
  await test.close();
  await place.close();
  await receiver.close();
});

interface Shown {
  id: string;
  endpointId: string;
  eventId: string;
  status: string;
  learnerId: string | null;
  attemptId: string | null;
  nextAttemptAt: string | null;
}

async function endpoint(path: string, body: object = {}): Promise<string> {
  const url = `${receiver.url}${path}`;
  const answer = await test.call('POST', '/api/v1/endpoints', { body: { kind: 'webhook', url, ...body } });
  return textAt(answer.json, 'id');
}

async function list(query: string, key?: string): Promise<Shown[]> {
  const answer = await test.call('GET', `/api/v1/deliveries?${query}`, key === undefined ? {} : { key });
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  return at(answer.json, 'data') as Shown[];
}

/** Waits until an endpoint's deliveries stand so. */
function standing(id: string, wanted: string[]): Promise<Shown[]> {
  return until(`deliveries of ${id} are ${wanted.join()}`, async () => {
    const all = await list(`endpoint=${id}`);
    return all.map((one) => one.status).join() === wanted.join() && all;
  });
}

/** Waits until a pending one was tried. */
function tried(id: string): Promise<Shown> {
  return until('a try that failed', async () => {
    const [one] = await list(`endpoint=${id}&status=pending`);
    return one !== undefined && Number(Reflect.get(one, 'tries')) > 0 && one;
  });
}

describe('the log', () => {
  it('shows request and response of every try, and what is sent', async () => {
    const id = await endpoint('/shown', { eventTypes: ['attempt.completed'], description: 'LMS' });
    await place.complete(['maria']);
    const [listed] = await standing(id, ['succeeded']);
    expect(listed).toMatchObject({
      endpointId: id,
      endpoint: { kind: 'webhook', description: 'LMS', host: new URL(receiver.url).host, to: null },
      eventType: 'attempt.completed',
      nextAttemptAt: null,
      tries: 1,
      lastAttempt: { statusCode: 200, error: null },
      test: false,
    });
    const sent = receiver.requests.find(({ url }) => url === '/shown');
    const one = await test.call('GET', `/api/v1/deliveries/${listed?.id}`);
    expect(one.json).toMatchObject({
      ...listed,
      webhookId: sent?.headers['webhook-id'],
      attempts: [{ statusCode: 200, error: null, responseBody: 'answer of /shown' }],
    });
    expect(at(one.json, 'attempts.0.requestHeaders.webhook-id')).toBe(sent?.headers['webhook-id']);
    const body: unknown = JSON.parse(textAt(one.json, 'requestBody'));
    expect(body).toEqual(JSON.parse(sent?.body.toString() ?? ''));
    expect(at(body, 'data.id')).toBe(listed?.eventId);
  });

  it('is narrowed by every filter, and read page by page', async () => {
    const id = await endpoint('/filtered', { eventTypes: ['attempt.completed'] });
    await place.complete(['ann', 'bob', 'cem']);
    const all = await standing(id, ['succeeded', 'succeeded', 'succeeded']);
    const [first] = all;
    if (first === undefined) throw new Error('nothing was delivered');
    const ids = async (query: string) => (await list(`endpoint=${id}&${query}`)).map((one) => one.id);
    expect(await ids(`event=${first.eventId}`)).toEqual([first.id]);
    expect(await ids(`learner=${first.learnerId}`)).toEqual([first.id]);
    expect(await ids(`attempt=${first.attemptId}`)).toEqual([first.id]);
    expect(await ids('eventType=attempt.completed&status=succeeded')).toHaveLength(3);
    for (const nothing of ['status=failed', 'status=pending', 'eventType=attempt.started', 'to=2020-01-01T00:00:00Z']) {
      expect([nothing, await ids(nothing)]).toEqual([nothing, []]);
    }
    const page = await test.call('GET', `/api/v1/deliveries?endpoint=${id}&limit=2`);
    const rest = await ids(`cursor=${textAt(page.json, 'nextCursor')}`);
    expect([...(at(page.json, 'data') as Shown[]).map((one) => one.id), ...rest]).toEqual(all.map((one) => one.id));

    for (const [query, path] of [
      ['endpoint=lms', 'query/endpoint'],
      ['event=evt_1', 'query/event'],
      ['status=done', 'query/status'],
      ['eventType=quiz.completed', 'query/eventType'],
      ['attempt=att_00000000000000000000000000000000', 'query/attempt'],
      ['from=yesterday', 'query/from'],
      ['cursor=x', 'query/cursor'],
    ] as const) {
      const answer = await test.call('GET', `/api/v1/deliveries?${query}`);
      expect([query, answer.status, at(answer.json, 'details.0.path')]).toEqual([query, 400, path]);
    }
    expect((await test.call('GET', '/api/v1/deliveries/dlv_00000000000000000000000000000000')).status).toBe(404);
  });
});

describe('by hand', () => {
  it('one that failed is retried, with the same webhook-id', async () => {
    status = { '/flaps': 500 };
    const id = await endpoint('/flaps', { eventTypes: ['attempt.completed'] });
    await place.complete(['dora']);
    const failing = await tried(id);
    expect(failing.nextAttemptAt).toEqual(expect.any(String));
    status = {};
    expect((await test.call('POST', `/api/v1/deliveries/${failing.id}/retry`)).status).toBe(202);
    await standing(id, ['succeeded']);
    const again = await test.call('POST', `/api/v1/deliveries/${failing.id}/retry`);
    expect([again.status, at(again.json, 'id')]).toEqual([202, failing.id]);
    const seen = () =>
      receiver.requests.filter(({ url }) => url === '/flaps').map(({ headers }) => headers['webhook-id']);
    await until('it is sent once more', () => seen().length >= 3);
    expect(new Set(seen()).size).toBe(1);
    const one = await standing(id, ['succeeded']);
    expect(Reflect.get(one[0] ?? {}, 'tries')).toBeGreaterThanOrEqual(3);
  });

  it('one that waits is skipped, one that is done is not', async () => {
    status = { '/skipped': 500 };
    const id = await endpoint('/skipped', { eventTypes: ['attempt.completed'] });
    await place.complete(['emil']);
    const waiting = await tried(id);
    const skipped = await test.call('POST', `/api/v1/deliveries/${waiting.id}/skip`);
    expect([skipped.status, at(skipped.json, 'status'), at(skipped.json, 'nextAttemptAt')]).toEqual([
      200,
      'skipped',
      null,
    ]);
    const again = await test.call('POST', `/api/v1/deliveries/${waiting.id}/skip`);
    expect([again.status, at(again.json, 'error'), at(again.json, 'message')]).toEqual([
      409,
      'conflict',
      expect.stringContaining('skipped'),
    ]);
    expect(await list(`endpoint=${id}&status=skipped`)).toHaveLength(1);
  });

  it('what an endpoint never got is sent by a backfill, once', async () => {
    const id = await endpoint('/late', { eventTypes: ['attempt.completed'] });
    const range = { from: '2026-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
    const [row] = await place.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM events WHERE type = 'attempt.completed'`,
    );
    const filled = await test.call('POST', `/api/v1/endpoints/${id}/backfill`, { body: range });
    expect([filled.status, filled.json]).toEqual([202, { count: row?.n }]);
    await until(
      'all arrive',
      async () => at((await test.call('GET', `/api/v1/endpoints/${id}`)).json, 'pending') === 0,
    );
    expect((await test.call('POST', `/api/v1/endpoints/${id}/backfill`, { body: range })).json).toEqual({ count: 0 });
    expect(receiver.requests.filter(({ url }) => url === '/late')).toHaveLength(row?.n ?? 0);
  });

  it('what failed since a time is recovered, and the chart counts the tries', async () => {
    const id = await endpoint('/recovered', { eventTypes: ['attempt.completed'] });
    await place.complete(['finn', 'gwen']);
    await standing(id, ['succeeded', 'succeeded']);
    await place.db.query(
      `UPDATE deliveries SET status = 'failed', failed_at = now() WHERE endpoint_id = (
         SELECT id FROM endpoints WHERE url LIKE '%/recovered')`,
    );
    const none = await test.call('POST', `/api/v1/endpoints/${id}/recover`, {
      body: { since: '2099-01-01T00:00:00Z' },
    });
    expect(none.json).toEqual({ count: 0 });
    const some = await test.call('POST', `/api/v1/endpoints/${id}/recover`, {
      body: { since: '2026-01-01T00:00:00Z' },
    });
    expect([some.status, some.json]).toEqual([202, { count: 2 }]);
    await standing(id, ['succeeded', 'succeeded']);
    const chart = await until('four tries are counted', async () => {
      const answer = await test.call('GET', `/api/v1/endpoints/${id}/activity`);
      const buckets = at(answer.json, 'buckets') as { at: string; succeeded: number; p50Ms: number | null }[];
      return buckets.reduce((sum, { succeeded }) => sum + succeeded, 0) === 4 && buckets;
    });
    expect(chart).toHaveLength(48);
    expect(chart.map((bucket) => bucket.at)).toEqual(chart.map((bucket) => bucket.at).toSorted());
    expect(chart.filter(({ succeeded, p50Ms }) => succeeded > 0 !== (p50Ms !== null))).toEqual([]);
    expect(at((await test.call('GET', `/api/v1/endpoints/${id}`)).json, 'succeeded24h')).toBe(4);
  });
});

it('instructors see where a learner of theirs was passed on to, and nobody else', async () => {
  const id = await endpoint('/taught/secret-path', { eventTypes: ['attempt.completed'] });
  await place.complete(['hana', 'ivan']);
  const [foreign, own] = await until('both are sent', async () => {
    const all = await list(`endpoint=${id}&status=succeeded`);
    return all.length === 2 && new Set(all.map(({ learnerId }) => learnerId)).size === 2 && all;
  });
  const made = await test.call('POST', '/api/v1/cohorts', { body: { name: 'Class' } });
  const cohort = textAt(made.json, 'id');
  await test.call('POST', `/api/v1/cohorts/${cohort}/members`, { body: { learners: [own?.learnerId] } });
  const key = textAt(
    (await test.call('POST', '/api/v1/keys', { body: { name: 'x', role: 'instructor', cohorts: [cohort] } })).json,
    'key',
  );
  expect((await list(`learner=${own?.learnerId}`, key)).map(({ id }) => id)).toContain(own?.id);
  expect((await list(`attempt=${own?.attemptId}`, key)).map(({ id }) => id)).toContain(own?.id);
  expect((await test.call('GET', `/api/v1/deliveries?learner=${own?.learnerId}`, { key })).text).not.toContain(
    'secret-path',
  );
  for (const query of [
    '',
    `endpoint=${own?.endpointId}`,
    `learner=${foreign?.learnerId}`,
    `attempt=${foreign?.attemptId}`,
    `learner=${own?.learnerId}&attempt=${foreign?.attemptId}`,
  ]) {
    const answer = await test.call('GET', `/api/v1/deliveries?${query}`, { key });
    expect([query, answer.status]).toEqual([query, 403]);
  }
  expect((await test.call('GET', `/api/v1/deliveries/${own?.id}`, { key })).status).toBe(403);
});
