/** openapi.json, the page made from it, the vocabulary of events, headers and CORS. */
import { Validator } from '@seriousme/openapi-schema-validator';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/core/vocabulary.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

interface Told {
  method: string;
  url: string;
  operation: unknown;
}

async function operations(): Promise<Told[]> {
  const document = (await test.call('GET', '/openapi.json', { key: null })).json;
  return Object.entries(Object(at(document, 'paths'))).flatMap(([url, path]) =>
    Object.entries(Object(path)).map(([method, operation]) => ({ method, url, operation })),
  );
}

describe('openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = (await test.call('GET', '/openapi.json', { key: null })).json;
    const result = await new Validator().validate(Object(document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(textAt(document, 'openapi')).toMatch(/^3\.1\./);
  });

  it('says of every route what it does, who may call it and what an error looks like', async () => {
    const told = await operations();
    const ids = told.map(({ operation }) => textAt(operation, 'operationId'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { method, url, operation } of told) {
      const name = `${method} ${url}`;
      expect(at(operation, 'summary'), name).toEqual(expect.any(String));
      expect(at(operation, 'tags.0'), name).toEqual(expect.any(String));
      expect(JSON.stringify(at(operation, 'security')), name).toBe(
        url.startsWith('/api') && !WITHOUT_CREDENTIAL.test(url)
          ? url.endsWith('/live') || url.endsWith('/stream')
            ? '[{"apiKey":[]},{"session":[]},{"ticket":[]}]'
            : '[{"apiKey":[]},{"session":[]}]'
          : '[]',
      );
      if (!url.startsWith('/webhooks')) expect(at(operation, 'responses.default'), name).toBeDefined();
    }
    expect(told.map(({ method, url }) => `${method} ${url}`)).toEqual(
      expect.arrayContaining(['post /webhooks/{slug}', 'post /webhooks/{slug}/{token}', 'get /readyz', 'get /metrics']),
    );
  });
});

/** What somebody needs who has no account yet. */
const WITHOUT_CREDENTIAL = /^\/api\/v1\/(?:sign-in-options|setup|invitations\/.*)$/;

describe('/docs', () => {
  it('shows every route with its fields, without a script or anything from elsewhere', async () => {
    const page = await test.call('GET', '/docs', { key: null });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    for (const { operation, url } of await operations()) {
      expect(page.text).toContain(`id="${textAt(operation, 'operationId')}"`);
      expect(page.text).toContain(`<code>${url}</code>`);
    }
    expect(page.text).not.toMatch(/<script|javascript:|src=|@import|https?:\/\/(?!127\.0\.0\.1)[^ <]*\.(js|css)/);
    expect(page.text).toContain('curl');
    expect(String(page.headers['content-security-policy'])).toMatch(/default-src 'none'; style-src 'sha256-/);
  });

  it('is linked from the start page', async () => {
    const page = await test.call('GET', '/', { key: null });
    expect(page.status).toBe(200);
    expect(page.text).toContain('href="/docs"');
  });
});

describe('event types', () => {
  it('are the whole vocabulary, and each example fits its schema', async () => {
    const answer = await test.call('GET', '/api/v1/event-types');
    const entries = Object(at(answer.json, 'data')) as {
      type: string;
      description: string;
      schema: object;
      example: object;
    }[];
    expect(entries.map(({ type }) => type)).toEqual([...EVENT_TYPES]);
    for (const { type, description, schema, example } of entries) {
      expect([type, Schema.Errors(schema, example)]).toEqual([type, [true, []]]);
      expect(Schema.Check(schema, { ...example, type: 'other' })).toBe(false);
      expect(at(example, 'type')).toBe(type);
      expect(description).toMatch(/\.$/);
    }
  });
});

describe('health', () => {
  it('is well, ready, and measured', async () => {
    expect((await test.call('GET', '/healthz', { key: null })).json).toEqual({ status: 'ok', version: '0.0.0-test' });
    expect((await test.call('GET', '/readyz', { key: null })).status).toBe(200);
    const metrics = await test.call('GET', '/metrics', { key: null });
    expect(metrics.status).toBe(200);
    expect(String(metrics.headers['content-type'])).toMatch(/^text\/plain/);
    for (const name of [
      'gradewire_receipts_pending 0',
      'gradewire_receipts_oldest_pending_seconds 0',
      'process_resident_memory_bytes',
    ]) {
      expect(metrics.text).toContain(name);
    }
  });

  it('is not ready while a migration is missing', async () => {
    const [last] = await test.db.query<{ name: string; checksum: string }>(
      'DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations) RETURNING name, checksum',
    );
    const answer = await test.call('GET', '/readyz', { key: null });
    expect([answer.status, at(answer.json, 'error')]).toEqual([503, 'store_unavailable']);
    expect(textAt(answer.json, 'message')).toContain(String(last?.name));
    await test.db.query('INSERT INTO migrations (name, checksum) VALUES ($1, $2)', [last?.name, last?.checksum]);
    expect((await test.call('GET', '/readyz', { key: null })).status).toBe(200);
  });
});

describe('headers', () => {
  it('keep answers from being run, framed, sniffed or told on', async () => {
    for (const url of ['/', '/docs', '/healthz', '/api/v1/keys', '/nothing']) {
      const { headers } = await test.call('GET', url);
      expect([url, headers['x-content-type-options'], headers['referrer-policy'], headers['x-frame-options']]).toEqual([
        url,
        'nosniff',
        'no-referrer',
        'DENY',
      ]);
      expect(String(headers['content-security-policy'])).toContain("frame-ancestors 'none'");
    }
    expect((await test.call('GET', '/api/v1/keys')).headers['cache-control']).toBe('no-store');
  });

  it('let the listed origins read the API, and no others', async () => {
    const from = (origin: string, method: 'GET' | 'OPTIONS', url = '/api/v1/keys') =>
      test.app.inject({
        method,
        url,
        headers: { origin, ...(method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : {}) },
      });
    const preflight = await from('https://dashboard.example', 'OPTIONS');
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('https://dashboard.example');
    expect(preflight.headers['access-control-allow-headers']).toContain('Authorization');
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    expect(preflight.headers.vary).toContain('Origin');
    const read = await from('https://dashboard.example', 'GET');
    expect(read.statusCode).toBe(401);
    expect(read.headers['access-control-allow-origin']).toBe('https://dashboard.example');
    expect(read.headers['access-control-expose-headers']).toContain('Retry-After');
    for (const origin of ['https://evil.example', 'null', 'https://dashboard.example.evil']) {
      for (const method of ['GET', 'OPTIONS'] as const) {
        const answer = await from(origin, method);
        expect([origin, answer.headers['access-control-allow-origin']]).toEqual([origin, undefined]);
        expect(answer.headers.vary).toContain('Origin');
      }
    }
    expect(
      (await from('https://dashboard.example', 'GET', '/healthz')).headers['access-control-allow-origin'],
    ).toBeUndefined();
  });
});
