/** Every error in the catalogue's shape, and our own faults never as a 4xx. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isDatabaseAway } from '../../src/db/away.ts';
import { openDatabase } from '../../src/db/database.ts';
import { createKeyring } from '../../src/http/keyring.ts';
import { ADMIN_KEY, at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { createTcpProxy } from '../helpers/tcp-proxy.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

const asAdmin = { authorization: `Bearer ${ADMIN_KEY}` };

describe('errors', () => {
  it('of unknown addresses and methods', async () => {
    for (const url of ['/nothing', '/api/v1/nothing', '/api/v1/keys/x/y', '/%zz']) {
      const answer = await test.call('GET', url);
      expect([url, answer.status, at(answer.json, 'error')]).toEqual([url, 404, 'not_found']);
    }
    const answer = await test.call('PUT', '/api/v1/keys');
    expect([answer.status, at(answer.json, 'error'), answer.headers.allow]).toEqual([
      405,
      'method_not_allowed',
      'GET, HEAD, POST',
    ]);
    expect((await test.call('DELETE', `/api/v1/sources/${'x'.repeat(600)}`)).status).toBe(404);
  });

  it('of bodies that are none', async () => {
    const send = (payload: string | Buffer, type = 'application/json') =>
      test.app.inject({ method: 'POST', url: '/api/v1/keys', headers: { ...asAdmin, 'content-type': type }, payload });
    const cases = [
      [await send('{"name":'), 400, 'malformed_json'],
      [await send('{"name":"x","role":"admin","__proto__":{"admin":true}}'), 400, 'malformed_json'],
      [await send('{"name":"x","role":"admin","constructor":{"prototype":{}}}'), 400, 'malformed_json'],
      [await send(''), 400, 'invalid_request'],
      [await send('[]'), 400, 'invalid_request'],
      [await send('null'), 400, 'invalid_request'],
      [await send('name=x', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type'],
      [await send(`{"name":"${'x'.repeat(1024 * 1024)}"}`), 413, 'payload_too_large'],
      [await send(`${'['.repeat(200_000)}`), 400, 'malformed_json'],
    ] as const;
    for (const [response, status, code] of cases) {
      expect([response.statusCode, at(response.json(), 'error')]).toEqual([status, code]);
      expect(textAt(response.json(), 'message').length).toBeGreaterThan(10);
    }
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it('of bodies that are too large name the limit of the address', async () => {
    const told = async (url: string, bytes: number) => {
      const payload = `{"rows":"${'x'.repeat(bytes)}"}`;
      const headers = { ...asAdmin, 'content-type': 'application/json' };
      return textAt((await test.app.inject({ method: 'POST', url, headers, payload })).json(), 'message');
    };
    expect(await told('/api/v1/keys', 1024 * 1024)).toContain('limit of 1 MiB');
    expect(await told('/api/v1/learners/import', 16 * 1024 * 1024)).toContain('limit of 16 MiB');
  });

  it('of requests that do not fit name each place', async () => {
    const answer = await test.call('POST', '/api/v1/sources', {
      body: { provider: 'moodle', rateLimit: 0, colour: 'red' },
    });
    expect(answer.status).toBe(400);
    const details = Object(at(answer.json, 'details')) as { path: string; message: string }[];
    expect(details.map(({ path }) => path).toSorted()).toEqual(['body/colour', 'body/provider', 'body/rateLimit']);
    expect(details.find(({ path }) => path === 'body/provider')?.message).toContain('quizapi');
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'cursor=x',
      'cursor=WzEsMl0',
      'status=done',
      'from=yesterday',
      'source=nobody',
    ]) {
      const list = await test.call('GET', `/api/v1/receipts?${query}`);
      const path = `query/${query.split('=')[0]}`;
      expect([query, list.status, at(list.json, 'details.0.path')]).toEqual([query, 400, path]);
    }
  });

  it('of cursors that somebody made up are no faults of ours', async () => {
    const cursor = (keyset: unknown) => Buffer.from(JSON.stringify(keyset)).toString('base64url');
    const id = '00000000-0000-4000-8000-000000000000';
    for (const list of ['receipts', 'rejections', 'keys', 'sources', 'learners', 'attempts', 'activities', 'events']) {
      for (const keyset of [[1e300], [1e300, id], [Number.MAX_SAFE_INTEGER, id], ['9999-12-31T23:59:60Z', id]]) {
        const answer = await test.call('GET', `/api/v1/${list}?cursor=${cursor(keyset)}`);
        expect([list, keyset, answer.status < 500]).toEqual([list, keyset, true]);
      }
    }
  });

  it('of a page too large say the range', async () => {
    const answer = await test.call('GET', '/api/v1/receipts?limit=500');
    expect(at(answer.json, 'details')).toEqual([
      { path: 'query/limit', message: 'This must be a whole number from 1 to 200.' },
    ]);
  });

  it('take text that PostgreSQL cannot hold as wrong, not as a fault of ours', async () => {
    for (const url of ['/api/v1/receipts?source=%00', '/api/v1/rejections?source=a%00b', '/api/v1/sources/src_%00']) {
      expect([url, (await test.call('GET', url)).status]).toEqual([url, url.includes('?') ? 400 : 404]);
    }
    const name = await test.call('POST', '/api/v1/keys', { body: { name: 'a\u0000b', role: 'admin' } });
    expect([name.status, at(name.json, 'details.0.path')]).toEqual([400, 'body/name']);
    const ticket = await test.call('POST', '/api/v1/tickets', { body: { for: 'students', learner: 'a\u0000b' } });
    expect(ticket.status).toBe(400);
  });

  it('of ours have an id that is in the log, and tell nothing else', async () => {
    const broken = await createTestApp({
      keyring: {
        principalOf: () => Promise.reject(new Error('secret detail of the inside')),
        principalOfSession: () => Promise.resolve(null),
        principalById: () => Promise.resolve(null),
        stillValid: () => Promise.resolve(false),
        forget: () => undefined,
        idle: () => Promise.resolve(),
      },
    });
    try {
      const answer = await broken.call('GET', '/api/v1/keys');
      expect([answer.status, at(answer.json, 'error')]).toEqual([500, 'internal']);
      expect(answer.text).not.toContain('secret detail');
      const id = /look for (\S+) in the log/.exec(textAt(answer.json, 'message'))?.[1] ?? 'none';
      const line = broken.log.find((text) => text.includes(id));
      expect(line).toContain('secret detail of the inside');
    } finally {
      await broken.close();
    }
  });
});

describe('a database that is away', () => {
  it('is a 503 with Retry-After within 2 s, on every route and on /readyz, while /healthz stays well', async () => {
    // Nothing listens on port 9 of the loopback.
    const db = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none', max: 2, name: 'away' });
    const keyring = createKeyring({ db, adminKey: ADMIN_KEY, log: test.context.log });
    const away = await createTestApp({ db, keyring });
    try {
      for (const url of ['/api/v1/keys', '/api/v1/sources', '/api/v1/receipts', '/api/v1/events', '/readyz']) {
        const start = performance.now();
        const answer = await away.call('GET', url);
        expect([url, answer.status, at(answer.json, 'error')]).toEqual([url, 503, 'store_unavailable']);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        expect(performance.now() - start).toBeLessThan(2_000);
      }
      expect((await away.call('GET', '/api/v1/keys', { key: 'gw_some-key' })).status).toBe(503);
      expect((await away.call('GET', '/healthz')).status).toBe(200);
      expect((await away.call('GET', '/metrics')).text).toMatch(/^gradewire_receipts_pending nan$/im);
    } finally {
      await away.close();
      await db.close();
    }
  });

  it('that froze is a 503 within 2 s, on connections that are open already too, and all goes on when it thaws', async () => {
    const proxy = await createTcpProxy(test.url);
    const db = openDatabase({ url: proxy.url, max: 3, name: 'frozen', failsWhenFrozen: true });
    const keyring = createKeyring({ db, adminKey: ADMIN_KEY, log: test.context.log });
    const frozen = await createTestApp({ db, keyring });
    try {
      const key = await test.keyFor('admin');
      const urls = ['/api/v1/keys', '/api/v1/sources', '/api/v1/receipts', '/api/v1/activities', '/readyz'];
      const askAll = () => Promise.all(urls.map(async (url) => (await frozen.call('GET', url)).status));
      expect(await askAll()).toEqual([200, 200, 200, 200, 200]);
      proxy.silence();
      for (let round = 0; round < 2; round += 1) {
        const start = performance.now();
        expect(await askAll()).toEqual([503, 503, 503, 503, 503]);
        expect((await frozen.call('GET', '/api/v1/keys', { key })).status).toBe(503);
        expect(performance.now() - start).toBeLessThan(4_000);
      }
      const change = await frozen.call('POST', '/api/v1/keys', { body: { name: 'lost', role: 'integration' } });
      expect([change.status, at(change.json, 'message')]).toEqual([503, expect.stringMatching(/may have been done/)]);
      expect((await frozen.call('GET', '/metrics')).text).toMatch(/^gradewire_receipts_pending nan$/im);
      proxy.mend();
      await expect.poll(askAll, { timeout: 10_000 }).toEqual([200, 200, 200, 200, 200]);
    } finally {
      await frozen.close();
      await db.close();
      await proxy.close();
    }
  });

  it('that is well lets a statement take longer than any probe', async () => {
    const db = openDatabase({ url: test.url, max: 1, name: 'slow', failsWhenFrozen: true });
    try {
      expect(await db.query('SELECT 1 AS one FROM pg_sleep(2.5)')).toEqual([{ one: 1 }]);
      await expect(db.transaction((tx) => tx.query('SELECT 1/0'))).rejects.toThrow(/division/);
      expect(await db.transaction((tx) => tx.query('SELECT 2 AS two'))).toEqual([{ two: 2 }]);
    } finally {
      await db.close();
    }
  });

  it('that never lets go is a 503 in the end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const frozen = new Promise<never>(() => {});
      const stuck = await createTestApp({ keyring: { ...test.context.keyring, principalOf: () => frozen } });
      const answer = stuck.call('GET', '/api/v1/keys');
      await vi.advanceTimersByTimeAsync(61_000);
      expect([(await answer).status, at((await answer).json, 'error')]).toEqual([503, 'store_unavailable']);
      vi.useRealTimers();
      await stuck.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is told from faults by its error', () => {
    const error = (fields: object) => Object.assign(new Error('x'), fields);
    for (const away of [
      error({ code: '57P01' }),
      error({ code: '08006' }),
      error({ code: '53300' }),
      error({ code: 'ECONNREFUSED' }),
      error({ code: 'ENOENT', syscall: 'connect' }),
      new Error('Connection terminated unexpectedly'),
      new Error('timeout exceeded when trying to connect'),
      new Error('wrapped', { cause: error({ code: '57P03' }) }),
      new AggregateError([error({ code: 'ECONNREFUSED' })]),
    ]) {
      expect([String(away), isDatabaseAway(away)]).toEqual([String(away), true]);
    }
    for (const fault of [
      error({ code: '42P01' }),
      error({ code: '23505' }),
      error({ code: 'ENOENT', syscall: 'open' }),
      new Error('x'),
      'text',
      null,
    ]) {
      expect([String(fault), isDatabaseAway(fault)]).toEqual([String(fault), false]);
    }
  });
});
