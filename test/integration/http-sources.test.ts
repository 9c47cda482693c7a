/** Sources over the API: their life, their checks, and that no secret ever comes back. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVIDERS, type Provider } from '../../src/core/vocabulary.ts';
import { at, createTestApp, type TestApp, testSettings, textAt } from '../helpers/http.ts';
import { box, type IngestServer, startIngest } from '../helpers/ingest-server.ts';
import { projectAll } from '../helpers/receipts.ts';

let test: TestApp;
let ingest: IngestServer;
/** Everything that must stay inside. */
const secrets: string[] = [];
/** Everything that was answered. */
const answers: string[] = [];

beforeAll(async () => {
  test = await createTestApp({
    box,
    settings: { ...testSettings(), encryptionKey: 'an encryption key that only the tests know' },
    ingestOrigin: () => ingest.origin,
  });
  ingest = await startIngest(test.url);
});
afterAll(async () => {
  await ingest.close();
  await test.close();
});

const call: TestApp['call'] = async (...request) => {
  const answer = await test.call(...request);
  answers.push(answer.text);
  return answer;
};

function secret(): string {
  const text = `whsec_${randomBytes(24).toString('base64')}`;
  secrets.push(text);
  return text;
}

const password = () => {
  const text = randomBytes(12).toString('hex');
  secrets.push(text);
  return text;
};

function settingsFor(provider: Provider): object {
  switch (provider) {
    case 'testpress':
      return { provider, publicKey: 'YDRAXrgV3STf7EH5', secret: secret() };
    case 'synap':
      return { provider, basicAuth: { username: 'synap', password: password() } };
    case 'easygenerator':
      return { provider };
    case 'quizapi':
    case 'instruqt':
    case 'standard':
      return { provider, secret: secret() };
    default:
      return provider satisfies never;
  }
}

describe('sources', () => {
  it('are made for every platform, listed, found, and tried through the real ingest path', async () => {
    for (const provider of PROVIDERS) {
      const made = await call('POST', '/api/v1/sources', { body: settingsFor(provider) });
      expect([provider, made.status]).toEqual([provider, 201]);
      const id = textAt(made.json, 'id');
      const slug = textAt(made.json, 'slug');
      const unsigned = provider === 'synap' || provider === 'easygenerator';
      expect(textAt(made.json, 'ingestUrl')).toMatch(
        unsigned
          ? new RegExp(`^http://127.0.0.1:8080/webhooks/${slug}/[\\w-]{30,}$`)
          : `http://127.0.0.1:8080/webhooks/${slug}`,
      );
      expect((await call('GET', `/api/v1/sources/${id}`)).json).toEqual(made.json);
      expect(at((await call('GET', '/api/v1/sources')).json, 'data')).toContainEqual(made.json);

      const events = Object(at(made.json, 'events')) as string[];
      for (const event of [undefined, events[0]]) {
        const tried = await call('POST', `/api/v1/sources/${id}/test`, event === undefined ? {} : { body: { event } });
        expect([provider, tried.status, at(tried.json, 'status'), at(tried.json, 'body.received')]).toEqual([
          provider,
          200,
          200,
          true,
        ]);
        const receipt = await call('GET', `/api/v1/receipts/${textAt(tried.json, 'receiptId')}`);
        expect([
          receipt.status,
          at(receipt.json, 'test'),
          at(receipt.json, 'source.id'),
          at(receipt.json, 'verification'),
        ]).toEqual([200, true, id, at(made.json, 'verification')]);
        if (provider === 'testpress')
          expect(at(receipt.json, 'covers')).toEqual(expect.arrayContaining(['attempt_id', 'score']));
        else expect(at(receipt.json, 'covers')).toBeNull();
      }
    }
    const wrong = await call('POST', `/api/v1/sources/${await idOf('quizapi')}/test`, { body: { event: 'no.such' } });
    expect([wrong.status, at(wrong.json, 'details.0.path')]).toEqual([400, 'body/event']);
  });

  it('keep what a test means out of every figure', async () => {
    await projectAll(test.db);
    const attempts = await test.db.query<{ test: boolean }>('SELECT test FROM attempts');
    expect(attempts.length).toBeGreaterThan(0);
    expect(attempts.every((attempt) => attempt.test)).toBe(true);
    const events = await call('GET', '/api/v1/events');
    expect(Object(at(events.json, 'data')).length).toBeGreaterThan(0);
    expect(at(events.json, 'data.0.attempt.test')).toBe(true);
  });

  it('change, and say what does not fit', async () => {
    const id = await idOf('synap');
    const changed = await call('PATCH', `/api/v1/sources/${id}`, {
      body: {
        name: 'Synap, 2026',
        slug: 'synap-2026',
        rateLimit: 50,
        basicAuth: null,
        identityFrom: { email: 'mail' },
      },
    });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({
      name: 'Synap, 2026',
      slug: 'synap-2026',
      rateLimit: 50,
      basicAuth: null,
      verification: 'token',
      identityFrom: { email: 'mail' },
    });
    expect(textAt(changed.json, 'ingestUrl')).toContain('/webhooks/synap-2026/');
    const taken = await call('PATCH', `/api/v1/sources/${id}`, { body: { slug: 'quizapi' } });
    expect([taken.status, at(taken.json, 'error')]).toEqual([409, 'conflict']);
    for (const [body, path] of [
      [{ slug: 'No Slug' }, 'body/slug'],
      [{ secret: 'x' }, 'body/secret'],
      [{ allowedOrigins: ['example.com/path'] }, 'body/allowedOrigins/0'],
      [{ identityFrom: { password: 'x' } }, 'body/identityFrom/password'],
    ] as const) {
      const answer = await call('PATCH', `/api/v1/sources/${id}`, { body });
      expect([answer.status, at(answer.json, 'details.0.path')]).toEqual([400, path]);
    }
    const made = await call('POST', '/api/v1/sources', { body: { provider: 'quizapi' } });
    expect([made.status, at(made.json, 'details.0.path')]).toEqual([400, 'body/secret']);
  });

  it('rotate: the old and the new one both hold', async () => {
    const id = await idOf('easygenerator');
    const before = textAt((await call('GET', `/api/v1/sources/${id}`)).json, 'ingestUrl');
    const rotated = await call('POST', `/api/v1/sources/${id}/rotate`);
    const after = textAt(rotated.json, 'ingestUrl');
    expect(after).not.toBe(before);
    for (const url of [before, after]) {
      await expect
        .poll(async () => (await fetch(url.replace('http://127.0.0.1:8080', ingest.origin))).status, {
          timeout: 10_000,
        })
        .toBe(200);
    }
    const quizapi = await idOf('quizapi');
    expect(
      (await call('POST', `/api/v1/sources/${quizapi}/rotate`, { body: { secret: secret(), overlapSeconds: 60 } }))
        .status,
    ).toBe(200);
    const missing = await call('POST', `/api/v1/sources/${quizapi}/rotate`, { body: {} });
    expect([missing.status, at(missing.json, 'details.0.path')]).toEqual([400, 'body/secret']);
  });

  it('are removed: a 404 for all, their receipts still there', async () => {
    const id = await idOf('instruqt');
    expect((await call('DELETE', `/api/v1/sources/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/rotate'],
      ['POST', '/test'],
    ] as const) {
      const answer = await call(
        method,
        `/api/v1/sources/${id}${path}`,
        method === 'GET' || method === 'DELETE' ? {} : { body: {} },
      );
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    const receipts = await call('GET', '/api/v1/receipts?source=instruqt');
    expect(at(receipts.json, 'data.0.provider')).toBe('instruqt');
    await expect
      .poll(async () => (await fetch(`${ingest.origin}/webhooks/instruqt`)).status, { timeout: 10_000 })
      .toBe(404);
  });

  it('are seen by their own workspace only', async () => {
    const id = await idOf('standard');
    await test.db.query(`INSERT INTO workspaces (id, slug, name) VALUES (77, 'other', 'Other')`);
    const key = await test.keyFor('admin');
    await test.db.query('UPDATE api_keys SET workspace = 77 WHERE hint = $1', [key.slice(0, 9)]);
    expect(at((await call('GET', '/api/v1/sources', { key })).json, 'data')).toEqual([]);
    expect((await call('GET', `/api/v1/sources/${id}`, { key })).status).toBe(404);
    expect((await call('DELETE', `/api/v1/sources/${id}`, { key })).status).toBe(404);
    expect(at((await call('GET', '/api/v1/receipts', { key })).json, 'data')).toEqual([]);
    expect(at((await call('GET', '/api/v1/events', { key })).json, 'data')).toEqual([]);
  });

  // Last, so that every answer and every line of the tests above is looked at.
  it('never give a secret back: not in an answer, not in a log, not in the database', async () => {
    for (const text of secrets)
      await call('POST', '/api/v1/sources', { body: { provider: 'quizapi', secret: `${text}\n`, slug: 'x' } });
    const [row] = await test.db.query<{ rows: string }>(
      `SELECT coalesce(string_agg(s::text, ''), '') || coalesce((SELECT string_agg(r::text, '') FROM receipts r), '') AS rows FROM sources s`,
    );
    expect(secrets.length).toBeGreaterThan(4);
    for (const text of secrets) {
      const bare = text.replace('whsec_', '');
      for (const place of [answers.join('\n'), test.log.join('\n'), ingest.logged.join('\n'), row?.rows ?? '']) {
        expect(place.includes(bare)).toBe(false);
      }
    }
  });
});

async function idOf(provider: Provider): Promise<string> {
  const list = await test.call('GET', '/api/v1/sources');
  const found = (Object(at(list.json, 'data')) as object[]).find((source) => at(source, 'provider') === provider);
  return textAt(found, 'id');
}
