/** Who may call what: over every route there is, taken from the app's own route table. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/core/ids.ts';
import { authenticate } from '../../src/http/authenticate.ts';
import { type App, ROLES, type Role } from '../../src/http/context.ts';
import { ADMIN_KEY, at, createTestApp, type Method, type TestApp, textAt } from '../helpers/http.ts';

let test: TestApp;
let paths: { method: Method; url: string; access: readonly Role[] }[];
const keys = new Map<Role, string>();

beforeAll(async () => {
  test = await createTestApp();
  const document = (await test.call('GET', '/openapi.json')).json;
  paths = routesIn(document);
  for (const role of ROLES)
    keys.set(role, await test.keyFor(role, role === 'learner' ? await someLearner() : undefined));
});

afterAll(() => test.close());

async function someLearner(): Promise<string> {
  const id = newUuid();
  await test.db.query('INSERT INTO learners (workspace, id, name) VALUES (1, $1, $2)', [id, 'Asha Rao']);
  return publicId('lrn', id);
}

const PUBLIC = new Set([
  '/api/v1/sign-in-options',
  '/api/v1/setup',
  '/api/v1/invitations/{token}',
  '/api/v1/invitations/{token}/accept',
]);

/** The routes under /api with the roles that their description names. */
function routesIn(document: unknown): typeof paths {
  const routes: typeof paths = [];
  for (const [url, operations] of Object.entries(Object(at(document, 'paths')))) {
    for (const [method, operation] of Object.entries(Object(operations))) {
      // Public ones (setup, invitations) have tests of their own.
      if (!url.startsWith('/api') || PUBLIC.has(url)) continue;
      const named = /Roles: ([a-z, ]+)\./.exec(String(at(operation, 'description')))?.[1]?.split(', ') ?? [];
      const upper = method.toUpperCase() as Method;
      routes.push({
        method: upper,
        url: url.replace(/\{\w+\}/g, 'x'),
        access: ROLES.filter((role) => named.includes(role)),
      });
    }
  }
  return routes;
}

describe('access', () => {
  it('knows the routes of the contract', () => {
    const known = paths.map(({ method, url }) => `${method} ${url}`);
    expect(known).toEqual(
      expect.arrayContaining([
        'POST /api/v1/keys',
        'POST /api/v1/sources',
        'POST /api/v1/sources/x/rotate',
        'POST /api/v1/sources/x/test',
        'POST /api/v1/receipts/replay',
        'GET /api/v1/rejections',
        'GET /api/v1/events',
        'GET /api/v1/event-types',
        'GET /api/v1/live',
        'POST /api/v1/tickets',
        'GET /api/students/x/progress/stream',
      ]),
    );
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.every(({ access }) => access.length > 0)).toBe(true);
  });

  it('is refused on every route without a key, with a wrong one, and with a key in the URL', async () => {
    for (const { method, url } of paths) {
      for (const attempt of [
        { url, key: null },
        { url, key: 'gw_no-such-key' },
        {
          url: `${url}?key=${ADMIN_KEY}&api_key=${ADMIN_KEY}&access_token=${ADMIN_KEY}&ticket=${ADMIN_KEY}`,
          key: null,
        },
      ]) {
        const answer = await test.call(method, encodeURI(attempt.url), { key: attempt.key });
        expect([method, url, answer.status, at(answer.json, 'error')]).toEqual([method, url, 401, 'unauthorized']);
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      }
    }
  });

  it('goes by the role on every route', async () => {
    for (const { method, url, access } of paths) {
      for (const role of ROLES) {
        if (access.includes(role)) {
          // Streams stay open; that they let in is shown in their own tests.
          if (url.endsWith('/live') || url.endsWith('/stream')) continue;
          const answer = await test.call(method, url, { key: keys.get(role) ?? null });
          expect([method, url, role, [401, 500, 503].includes(answer.status)]).toEqual([method, url, role, false]);
          if (role === 'admin') expect([method, url, answer.status === 403]).toEqual([method, url, false]);
        } else {
          const answer = await test.call(method, url, { key: keys.get(role) ?? null });
          expect([method, url, role, answer.status, at(answer.json, 'error')]).toEqual([
            method,
            url,
            role,
            403,
            'forbidden',
          ]);
        }
      }
    }
  });

  it('stops the start when a route under /api does not say who may call it', async () => {
    const app: App = Fastify().withTypeProvider<TypeBoxTypeProvider>();
    authenticate(app, test.context);
    app.register(async (routes) => {
      routes.get('/api/v1/forgotten', async () => 'open');
    });
    await expect(app.ready()).rejects.toThrow('GET /api/v1/forgotten does not say who may call it');
  });
});

describe('API keys', () => {
  it('are shown once, listed by their first characters, and revoked at once', async () => {
    const made = await test.call('POST', '/api/v1/keys', { body: { name: 'LMS', role: 'integration' } });
    expect(made.status).toBe(201);
    const key = textAt(made.json, 'key');
    const id = textAt(made.json, 'id');
    expect(key).toMatch(/^gw_[\w-]{40,}$/);

    const listed = await test.call('GET', '/api/v1/keys');
    expect(listed.text).not.toContain(key);
    expect(at(listed.json, 'data')).toContainEqual(
      expect.objectContaining({
        id,
        name: 'LMS',
        role: 'integration',
        hint: key.slice(0, 9),
        learner: null,
        expiresAt: null,
      }),
    );
    const stored = await test.db.query<{ row: string }>('SELECT row_to_json(k)::text AS row FROM api_keys k');
    expect(stored.map(({ row }) => row).join()).not.toContain(key);

    expect((await test.call('GET', '/api/v1/workspaces', { key })).status).toBe(200);
    expect((await test.call('DELETE', `/api/v1/keys/${id}`)).status).toBe(204);
    expect((await test.call('GET', '/api/v1/workspaces', { key })).status).toBe(401);
    expect((await test.call('DELETE', `/api/v1/keys/${id}`)).status).toBe(404);
    expect(test.log.join()).not.toContain(key);
  });

  it('note when they were last used', async () => {
    const made = await test.call('POST', '/api/v1/keys', { body: { name: 'noted', role: 'admin' } });
    await test.call('GET', '/api/v1/workspaces', { key: textAt(made.json, 'key') });
    await expect
      .poll(async () => {
        const rows = await test.db.query<{ used: boolean }>(
          `SELECT last_used_at IS NOT NULL AS used FROM api_keys WHERE name = 'noted'`,
        );
        return rows[0]?.used;
      })
      .toBe(true);
  });

  it('end when they expire', async () => {
    const made = await test.call('POST', '/api/v1/keys', {
      body: { name: 'short', role: 'admin', expiresAt: '2090-01-01T00:00:00Z' },
    });
    const key = textAt(made.json, 'key');
    await test.db.query(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE name = 'short'`);
    expect((await test.call('GET', '/api/v1/workspaces', { key })).status).toBe(401);
    const past = await test.call('POST', '/api/v1/keys', {
      body: { name: 'x', role: 'admin', expiresAt: '2020-01-01T00:00:00Z' },
    });
    expect([past.status, at(past.json, 'details.0.path')]).toEqual([400, 'body/expiresAt']);
  });

  it('of any role can be limited to one learner, and then open nothing about others', async () => {
    const [mine, other] = [await someLearner(), await someLearner()];
    for (const role of ['admin', 'instructor', 'integration'] as const) {
      const body = { name: 'x', role, learner: mine, cohorts: null, expiresAt: null };
      const made = await test.call('POST', '/api/v1/keys', { body });
      expect([made.status, at(made.json, 'learner'), at(made.json, 'role')]).toEqual([201, mine, role]);
      const key = textAt(made.json, 'key');
      const status = async (url: string, method: 'GET' | 'POST' | 'PATCH' = 'GET', sent?: object) =>
        (await test.call(method, url, { key, body: sent })).status;
      if (role === 'integration') {
        expect(await status(`/api/v1/events?learner=${mine}`)).toBe(200);
        expect(await status(`/api/v1/events?learner=${other}`)).toBe(403);
        continue;
      }
      const listed = (await test.call('GET', '/api/v1/learners', { key })).json;
      expect((Object(at(listed, 'data')) as object[]).map((learner) => textAt(learner, 'id'))).toEqual([mine]);
      expect(await status(`/api/v1/learners/${mine}/progress`)).toBe(200);
      for (const url of [`/api/v1/learners/${other}/progress`, `/api/v1/attempts?learner=${other}`]) {
        expect([url, await status(url)]).toEqual([url, 403]);
      }
      // Above all it makes no key without the limit.
      expect(await status('/api/v1/keys', 'POST', { name: 'y', role: 'admin' })).toBe(403);
      expect(await status(`/api/v1/learners/${mine}`, 'PATCH', { excluded: true })).toBe(403);
      expect(await status('/api/v1/receipts')).toBe(403);
      expect(await status('/api/v1/activities')).toBe(200);
    }
    const plain = { name: 'x', role: 'integration', learner: null, cohorts: null, expiresAt: null };
    expect((await test.call('POST', '/api/v1/keys', { body: plain })).status).toBe(201);
  });

  it('are refused when they would not mean what they say', async () => {
    const wrong = [
      [{ name: 'x', role: 'learner' }, 'body/learner'],
      [{ name: 'x', role: 'learner', learner: publicId('lrn', newUuid()) }, 'body/learner'],
      [{ name: 'x', role: 'admin', learner: publicId('lrn', newUuid()) }, 'body/learner'],
      [{ name: 'x', role: 'instructor', cohorts: [publicId('coh', newUuid())] }, 'body/cohorts'],
      [{ name: 'x', role: 'owner' }, 'body/role'],
      [{ role: 'admin' }, 'body/name'],
      [{ name: 'x', role: 'admin', admin: true }, 'body/admin'],
    ] as const;
    for (const [body, path] of wrong) {
      const answer = await test.call('POST', '/api/v1/keys', { body });
      expect([answer.status, at(answer.json, 'error'), at(answer.json, 'details.0.path')]).toEqual([
        400,
        'invalid_request',
        path,
      ]);
    }
  });

  it('are listed page by page, each once', async () => {
    for (let i = 0; i < 5; i += 1) await test.keyFor('integration');
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const page = await test.call('GET', `/api/v1/keys?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const data = Object(at(page.json, 'data')) as unknown[];
      seen.push(...data.map((key) => textAt(key, 'id')));
      const next = at(page.json, 'nextCursor');
      if (typeof next !== 'string') break;
      cursor = next;
    }
    const rows = await test.db.query<{ id: string }>(
      'SELECT id FROM api_keys WHERE workspace = 1 ORDER BY created_at DESC, id DESC',
    );
    expect(seen).toEqual(rows.map(({ id }) => publicId('key', id)));
  });

  it('see only their own workspace', async () => {
    await test.db.query(`INSERT INTO workspaces (id, slug, name) VALUES (77, 'other', 'Other') ON CONFLICT DO NOTHING`);
    const key = await test.keyFor('admin');
    const id = textAt((await test.call('POST', '/api/v1/keys', { body: { name: 'mine', role: 'admin' } })).json, 'id');
    await test.db.query(`UPDATE api_keys SET workspace = 77 WHERE name = 'test admin' AND hint = $1`, [
      key.slice(0, 9),
    ]);
    expect(at((await test.call('GET', '/api/v1/workspaces', { key })).json, 'data.0.id')).toBe('other');
    expect((await test.call('GET', '/api/v1/keys', { key })).text).not.toContain(id);
    expect((await test.call('DELETE', `/api/v1/keys/${id}`, { key })).status).toBe(404);
  });
});
