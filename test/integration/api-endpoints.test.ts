/** Endpoints through the API: made, shown, changed, switched, refused in sentences; secrets that do not come back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/core/ids.ts';
import { EVENT_TYPES } from '../../src/core/vocabulary.ts';
import { at, createTestApp, type TestApp, testSettings, textAt } from '../helpers/http.ts';
import { addActivity, addSource } from '../helpers/progress-rows.ts';

const URL_ = 'https://lms.example/hooks/gradewire';
let test: TestApp;
/** A server that may call private addresses. */
let intranet: TestApp;

beforeAll(async () => {
  test = await createTestApp();
  intranet = await createTestApp({ settings: { ...testSettings(), allowPrivateEndpoints: true } });
});

afterAll(async () => {
  await test.close();
  await intranet.close();
});

async function made(body: object = {}, app = test): Promise<{ id: string; secret: string; json: unknown }> {
  const answer = await app.call('POST', '/api/v1/endpoints', { body: { kind: 'webhook', url: URL_, ...body } });
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return { id: textAt(answer.json, 'id'), secret: textAt(answer.json, 'secret'), json: answer.json };
}

/** What is refused, by path. */
async function refused(body: object, app = test, to = '/api/v1/endpoints', method: 'POST' | 'PATCH' = 'POST') {
  const answer = await app.call(method, to, { body });
  expect([answer.status, at(answer.json, 'error')]).toEqual([400, 'invalid_request']);
  return Object.fromEntries(
    (at(answer.json, 'details') as { path: string; message: string }[]).map(({ path, message }) => [path, message]),
  );
}

describe('endpoints', () => {
  it('are made with a signing secret and shown without it', async () => {
    const { id, secret, json } = await made({ description: 'The LMS', eventTypes: ['attempt.completed'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(json).toMatchObject({
      kind: 'webhook',
      url: URL_,
      to: null,
      description: 'The LMS',
      eventTypes: ['attempt.completed'],
      filter: {},
      rateLimit: null,
      ordered: false,
      personalData: 'full',
      config: {},
      secretsSet: [],
      enabled: true,
      disabledReason: null,
      failingSince: null,
      pending: 0,
      succeeded24h: 0,
      failed24h: 0,
    });
    const one = await test.call('GET', `/api/v1/endpoints/${id}`);
    expect([one.status, at(one.json, 'id'), at(one.json, 'secret')]).toEqual([200, id, undefined]);
    const listed = await test.call('GET', '/api/v1/endpoints');
    expect(at(listed.json, 'data.0.id')).toBe(id);
    expect(listed.text).not.toContain(secret);
    expect((await test.call('GET', `/api/v1/endpoints/${id}/secret`)).json).toEqual({ secret, previousUntil: null });
    const stored = await test.db.query<{ row: string }>('SELECT row_to_json(e)::text AS row FROM endpoints e');
    expect(stored.map(({ row }) => row).join()).not.toContain(secret.slice(6));
  });

  it('page by page, newest first, each once', async () => {
    for (let i = 0; i < 3; i += 1) await made();
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await test.call('GET', `/api/v1/endpoints?limit=2${cursor}`);
      seen.push(...(at(page.json, 'data') as { id: string }[]).map(({ id }) => id));
      const next = at(page.json, 'nextCursor');
      if (typeof next !== 'string') break;
      cursor = `&cursor=${next}`;
    }
    const rows = await test.db.query<{ id: string }>('SELECT id FROM endpoints ORDER BY created_at DESC, id DESC');
    expect(seen).toEqual(rows.map(({ id }) => publicId('end', id)));
  });

  it('change what a PATCH names and nothing else', async () => {
    const { id } = await made({ eventTypes: ['attempt.completed'], rateLimit: { perSecond: 5 }, ordered: true });
    const to = `/api/v1/endpoints/${id}`;
    const changed = await test.call('PATCH', to, { body: { description: 'New', eventTypes: null } });
    expect(changed.json).toMatchObject({
      description: 'New',
      eventTypes: [],
      rateLimit: { perSecond: 5 },
      ordered: true,
    });
    const lifted = await test.call('PATCH', to, { body: { rateLimit: null, url: 'https://other.example/x' } });
    expect(lifted.json).toMatchObject({ description: 'New', rateLimit: null, url: 'https://other.example/x' });
    expect((await test.call('PATCH', to, { body: {} })).json).toEqual(lifted.json);
  });

  it('are disabled, enabled and removed', async () => {
    const { id } = await made();
    const to = `/api/v1/endpoints/${id}`;
    const off = await test.call('POST', `${to}/disable`);
    expect([off.status, at(off.json, 'enabled'), at(off.json, 'disabledReason')]).toEqual([200, false, null]);
    expect(at(off.json, 'disabledAt')).toEqual(expect.any(String));
    for (const [path, body] of [
      ['recover', { since: '2026-01-01T00:00:00Z' }],
      ['backfill', { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' }],
    ] as const) {
      const answer = await test.call('POST', `${to}/${path}`, { body });
      expect([path, answer.status, at(answer.json, 'error')]).toEqual([path, 409, 'conflict']);
    }
    const on = await test.call('POST', `${to}/enable`);
    expect([at(on.json, 'enabled'), at(on.json, 'disabledAt')]).toEqual([true, null]);
    expect((await test.call('DELETE', to)).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/secret'],
      ['POST', '/secret/rotate'],
      ['POST', '/test'],
      ['POST', '/enable'],
      ['GET', '/activity'],
    ] as const) {
      expect([method, path, (await test.call(method, `${to}${path}`)).status]).toEqual([method, path, 404]);
    }
    expect((await test.call('GET', '/api/v1/endpoints')).text).not.toContain(id);
  });

  it('rotate their secret with an overlap in which both hold', async () => {
    const { id, secret } = await made();
    const to = `/api/v1/endpoints/${id}/secret`;
    const rotated = await test.call('POST', `${to}/rotate`, { body: { overlapSeconds: 3600 } });
    const fresh = textAt(rotated.json, 'secret');
    expect(fresh).not.toBe(secret);
    const left = Date.parse(textAt(rotated.json, 'previousUntil')) - Date.now();
    expect(left).toBeGreaterThan(3_500_000);
    expect(left).toBeLessThan(3_601_000);
    expect((await test.call('GET', to)).json).toEqual(rotated.json);
    const day = await test.call('POST', `${to}/rotate`);
    expect(Date.parse(textAt(day.json, 'previousUntil')) - Date.now()).toBeGreaterThan(86_000_000);
    const atOnce = await test.call('POST', `${to}/rotate`, { body: { overlapSeconds: 0 } });
    expect(at(atOnce.json, 'previousUntil')).toBeNull();
  });

  it('are managed by admins and integrations, and by nobody else', async () => {
    const { id } = await made();
    const key = await test.keyFor('integration');
    expect((await test.call('GET', `/api/v1/endpoints/${id}/secret`, { key })).status).toBe(200);
    const instructor = await test.keyFor('instructor');
    for (const path of ['', `/${id}`, `/${id}/secret`, `/${id}/activity`]) {
      expect((await test.call('GET', `/api/v1/endpoints${path}`, { key: instructor })).status).toBe(403);
    }
  });

  it('belong to one workspace', async () => {
    const { id } = await made();
    await test.db.query(`INSERT INTO workspaces (id, slug, name) VALUES (78, 'elsewhere', 'X') ON CONFLICT DO NOTHING`);
    const key = await test.keyFor('admin');
    await test.db.query('UPDATE api_keys SET workspace = 78 WHERE hint = $1', [key.slice(0, 9)]);
    expect((await test.call('GET', `/api/v1/endpoints/${id}`, { key })).status).toBe(404);
    expect((await test.call('POST', `/api/v1/endpoints/${id}/secret/rotate`, { key })).status).toBe(404);
    expect((await test.call('GET', '/api/v1/endpoints', { key })).json).toEqual({ data: [], nextCursor: null });
  });
});

describe('secrets in config', () => {
  const auth = { type: 'basic', username: 'gradewire', password: 'a secret word' };

  it('never come back, and stay when a change leaves them out', async () => {
    const { id, json } = await made({ config: { auth, headers: { 'x-school': 'north' } } });
    expect(JSON.stringify(json)).not.toContain('a secret word');
    expect(json).toMatchObject({
      config: { auth: { type: 'basic', username: 'gradewire' }, headers: { 'x-school': 'north' } },
      secretsSet: ['auth.password'],
    });
    const to = `/api/v1/endpoints/${id}`;
    const changed = await test.call('PATCH', to, { body: { config: { auth: { type: 'basic', username: 'other' } } } });
    expect(changed.json).toMatchObject({ config: { auth: { username: 'other' } }, secretsSet: ['auth.password'] });
    expect(at(changed.json, 'config.headers')).toBeUndefined();
    const other = await refused({ config: { auth: { type: 'bearer' } } }, test, to, 'PATCH');
    expect(Object.keys(other).join()).toContain('body/config/auth');
    for (const read of [await test.call('GET', to), await test.call('GET', '/api/v1/endpoints')]) {
      expect(read.text).not.toContain('a secret word');
    }
  });

  it('are not sent to another host than they were given for', async () => {
    const { id } = await made({ config: { auth } });
    const to = `/api/v1/endpoints/${id}`;
    const moved = { url: 'https://evil.example/collect' };
    expect(await refused(moved, test, to, 'PATCH')).toEqual({
      'body/config/auth/password': expect.stringContaining('another host'),
    });
    expect((await test.call('PATCH', to, { body: { url: 'https://lms.example/other' } })).status).toBe(200);
    expect((await test.call('PATCH', to, { body: { ...moved, config: { auth } } })).status).toBe(200);
    const back = { url: URL_, config: { auth: { type: 'none' } } };
    expect((await test.call('PATCH', to, { body: back })).json).toMatchObject({ secretsSet: [] });

    const oauth = { type: 'oauth2', tokenUrl: 'https://id.example/token', clientId: 'a', clientSecret: 'b' };
    const { id: second } = await made({ config: { auth: oauth } });
    const { clientSecret: _, ...elsewhere } = { ...oauth, tokenUrl: 'https://evil.example/token' };
    expect(
      Object.keys(await refused({ config: { auth: elsewhere } }, test, `/api/v1/endpoints/${second}`, 'PATCH')),
    ).toEqual(['body/config/auth/clientSecret']);
  });
});

describe('what cannot work is refused in sentences', () => {
  it('about the address', async () => {
    for (const [url, part] of [
      ['lms', 'https://'],
      ['ftp://lms.example/', 'https://'],
      ['http://lms.example/', 'https'],
      ['https://user:pass@lms.example/', 'user name or password'],
      ['https://127.0.0.1/', 'loopback'],
      ['https://2130706433/', 'loopback'],
      ['https://[::ffff:10.0.0.1]/', 'private'],
      ['https://169.254.169.254/latest/meta-data', '169.254.169.254'],
    ] as const) {
      const problems = await refused({ kind: 'webhook', url });
      expect([url, Object.keys(problems)]).toEqual([url, ['body/url']]);
      expect(problems['body/url']).toContain(part);
    }
    const { id } = await made();
    expect(Object.keys(await refused({ url: 'https://10.1.2.3/' }, test, `/api/v1/endpoints/${id}`, 'PATCH'))).toEqual([
      'body/url',
    ]);
    expect((await made({ url: 'http://127.0.0.1:3000/hook' }, intranet)).id).toMatch(/^end_/);
    expect(Object.keys(await refused({ kind: 'webhook' }))).toEqual(['body/url']);
    expect(Object.keys(await refused({ kind: 'webhook', url: URL_, to: 'a@school.example' }))).toEqual(['body/to']);
  });

  it('about what is asked for', async () => {
    expect(await refused({ kind: 'webhook', url: URL_, eventTypes: ['attempt.finished'] })).toEqual({
      'body/eventTypes/0': expect.stringContaining('attempt.completed'),
    });
    expect(Object.keys(await refused({ kind: 'fax', url: URL_ }))).toEqual(['body/kind']);
    expect(Object.keys(await refused({ url: URL_ }))).toEqual(['body/kind']);
    expect(Object.keys(await refused({ kind: 'webhook', url: URL_, rateLimit: { perSecond: 0 } }))).toEqual([
      'body/rateLimit/perSecond',
    ]);
    expect(Object.keys(await refused({ kind: 'webhook', url: URL_, retries: 3 }))).toEqual(['body/retries']);
    const filter = { activity: publicId('act', newUuid()), cohort: 'nurses', outcome: 'great' };
    expect(Object.keys(await refused({ kind: 'webhook', url: URL_, filter }))).toEqual(['body/filter/outcome']);
    expect(
      await refused({ kind: 'webhook', url: URL_, filter: { activity: filter.activity, cohort: filter.cohort } }),
    ).toEqual({
      'body/filter/activity': expect.stringContaining('GET /api/v1/activities'),
      'body/filter/cohort': expect.stringContaining('GET /api/v1/cohorts'),
    });
  });

  it('about the settings of the kind, by their paths', async () => {
    const wrong = async (config: object) => Object.keys(await refused({ kind: 'webhook', url: URL_, config }));
    expect(await wrong({ method: 'DELETE' })).toEqual(['body/config/method']);
    expect(await wrong({ template: '{ "a": ' })).toEqual(['body/config/template']);
    expect(
      await wrong({ auth: { type: 'oauth2', tokenUrl: 'https://10.0.0.1/t', clientId: 'a', clientSecret: 'b' } }),
    ).toEqual(['body/config/auth/tokenUrl']);
    expect((await wrong({ auth: { type: 'basic', username: 'x' } })).join()).toContain('body/config/auth');
    expect((await wrong({ retries: 1 })).join()).toContain('body/config');
  });

  it('about mail that cannot be sent', async () => {
    const problems = await refused({ kind: 'email', to: 'head@school.example' });
    expect(Object.values(problems).join()).toContain('SMTP_URL');
    expect(Object.keys(await refused({ kind: 'email', url: URL_, to: 'head@school.example' }))).toContain('body/url');
  });

  it('about times and windows', async () => {
    const { id } = await made();
    const to = `/api/v1/endpoints/${id}`;
    expect(Object.keys(await refused({ since: 'yesterday' }, test, `${to}/recover`))).toEqual(['body/since']);
    expect(Object.keys(await refused({}, test, `${to}/recover`))).toEqual(['body/since']);
    expect(
      Object.keys(await refused({ from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, test, `${to}/backfill`)),
    ).toEqual(['body/to']);
    expect(Object.keys(await refused({ eventType: 'quiz.completed' }, test, `${to}/test`))).toEqual(['body/eventType']);
    for (const window of ['24', 'day', '0h', '91d']) {
      const answer = await test.call('GET', `${to}/activity?window=${window}`);
      expect([window, answer.status, at(answer.json, 'details.0.path')]).toEqual([window, 400, 'query/window']);
    }
  });
});

it('a filter keeps its ids', async () => {
  const source = await addSource(test.db);
  const activity = publicId('act', await addActivity(test.db, source));
  const cohort = textAt((await test.call('POST', '/api/v1/cohorts', { body: { name: 'Nurses' } })).json, 'id');
  const filter = { provider: 'quizapi', activity, cohort, outcome: 'passed', verification: 'signature' };
  expect((await made({ filter })).json).toMatchObject({ filter });
});

it('a test may be of any event type', async () => {
  const { id } = await made();
  for (const eventType of EVENT_TYPES) {
    const sent = await test.call('POST', `/api/v1/endpoints/${id}/test`, { body: { eventType } });
    expect([eventType, sent.status]).toEqual([eventType, 202]);
    const delivery = await test.call('GET', `/api/v1/deliveries/${textAt(sent.json, 'deliveryId')}`);
    expect(delivery.json).toMatchObject({ endpointId: id, eventType, status: 'pending', test: true, attempts: [] });
  }
  const plain = await test.call('POST', `/api/v1/endpoints/${id}/test`);
  expect(plain.status).toBe(202);
  expect(at((await test.call('GET', `/api/v1/endpoints/${id}`)).json, 'pending')).toBe(EVENT_TYPES.length + 1);
});
