/** Each line of the contract's table, "Ingest". */
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hmac } from '../../src/core/signatures.ts';
import { createSource } from '../../src/sources/create-source.ts';
import { ingestUrl } from '../../src/sources/ingest-url.ts';
import type { Source } from '../../src/sources/source.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import {
  box,
  type IngestServer,
  post,
  quizapiHeaders,
  receipts,
  startIngest,
  until,
  webhook,
} from '../helpers/ingest-server.ts';

const WHSEC = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
const LOGIN = { username: 'gradewire', password: 'right' };

let database: TestDatabase;
let server: IngestServer;
let quizapi: Source;
let testpress: Source;
let synap: Source;
let instruqt: Source;
let easygenerator: Source;
let standard: Source;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const workspace = 1;
  quizapi = await createSource(db, box, { workspace, provider: 'quizapi', secret: 'quizapi secret' });
  testpress = await createSource(db, box, { workspace, provider: 'testpress', publicKey: 'public', secret: 'private' });
  synap = await createSource(db, box, { workspace, provider: 'synap', basicAuth: LOGIN });
  instruqt = await createSource(db, box, { workspace, provider: 'instruqt', secret: WHSEC });
  easygenerator = await createSource(db, box, { workspace, provider: 'easygenerator' });
  standard = await createSource(db, box, { workspace, provider: 'standard', secret: WHSEC });
  server = await startIngest(database.url);
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

async function refusal(res: Response): Promise<{ status: number; error: string; sentence: boolean; fields: string[] }> {
  const body = (await res.json()) as { error: string; message: string };
  return { status: res.status, error: body.error, sentence: body.message.endsWith('.'), fields: Object.keys(body) };
}
const refused = (status: number, error: string): object => ({
  status,
  error,
  sentence: true,
  fields: ['error', 'message'],
});
const stored = async (): Promise<number> => (await receipts(database.db)).length;

describe('200: stored', () => {
  it.each(['quizapi', 'testpress', 'synap', 'instruqt', 'easygenerator', 'standard'] as const)(
    '%s',
    async (provider) => {
      const source = { quizapi, testpress, synap, instruqt, easygenerator, standard }[provider];
      const sent = webhook(source, 1);
      const before = await stored();
      const res = await post(server, source, sent);
      const answer: unknown = await res.json();
      expect(res.status).toBe(200);
      expect(answer).toEqual({ received: true, id: expect.stringMatching(/^rcp_[0-9a-f]{32}$/) });
      expect(res.headers.get('content-type')).toMatch(/^application\/json/);

      const rows = await receipts(database.db);
      const row = rows.at(-1);
      expect(rows.length).toBe(before + 1);
      expect(row?.source_id).toBe(source.id);
      expect(row?.body.equals(sent.body)).toBe(true);
      expect(row?.queued).toBe(true);
      expect(row?.test).toBe(false);
      expect(`rcp_${row?.key.subarray(0, 16).toString('hex')}`).toBe((answer as { id: string }).id);
      expect(Math.abs((row?.received_at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(row?.verification).toBe(
        {
          quizapi: 'signature',
          testpress: 'signature_partial',
          synap: 'basic',
          instruqt: 'signature',
          easygenerator: 'token',
          standard: 'signature',
        }[provider],
      );

      const again = await post(server, source, sent);
      expect(again.status).toBe(200);
      expect(await again.json()).toEqual({ ...(answer as object), duplicate: true });
      expect((await receipts(database.db)).at(-1)?.duplicates).toBe(1);
      expect(await stored()).toBe(before + 1);
    },
  );

  it('keeps the event of a Synap URL, and takes the same body on two URLs as two webhooks', async () => {
    const sent = webhook(synap, 77);
    const ids = new Set<unknown>();
    for (const event of ['attempt.completed', 'exam.completed', 'attempt.completed', '']) {
      const res = await post(server, synap, { ...sent, query: event === '' ? '' : `?event=${event}` });
      ids.add(((await res.json()) as { id: string }).id);
    }
    expect(ids.size).toBe(3);
    const names = (await receipts(database.db)).slice(-3).map((row) => row.event_name);
    expect(names).toEqual(['attempt.completed', 'exam.completed', null]);
  });

  it('lets no unsigned query make one signed body many receipts', async () => {
    const sent = webhook(quizapi, 78);
    const first = (await (await post(server, quizapi, sent)).json()) as { id: string };
    const second = await post(server, quizapi, { ...sent, query: '?event=x' });
    expect(await second.json()).toEqual({ received: true, id: first.id, duplicate: true });
  });

  it('knows a retry by its signed id although its bytes changed', async () => {
    const first = webhook(standard, 79);
    const answer = (await (await post(server, standard, first)).json()) as { id: string };
    const retry = webhook(standard, 80);
    const at = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(WHSEC.slice(6), 'base64');
    const signature = hmac('sha256', key, `msg_79.${at}.`, retry.body).toString('base64');
    const headers = {
      ...retry.headers,
      'webhook-id': 'msg_79',
      'webhook-timestamp': at,
      'webhook-signature': `v1,${signature}`,
    };
    const res = await post(server, standard, { ...retry, headers });
    expect(await res.json()).toEqual({ received: true, id: answer.id, duplicate: true });
  });

  it('keeps headers, but no credentials and no URL token', async () => {
    const sent = webhook(synap, 81);
    const token = synap.tokens[0] ?? '';
    const headers = {
      ...sent.headers,
      cookie: 'session=abc',
      'x-original-url': `/webhooks/synap/${token}?event=x`,
      'x-kept': 'yes',
    };
    await post(server, synap, { ...sent, headers });
    const text = (await receipts(database.db)).at(-1)?.headers ?? '';
    const kept: unknown = JSON.parse(text);
    expect(kept).toMatchObject({
      authorization: '[redacted]',
      cookie: '[redacted]',
      'x-original-url': '/webhooks/synap/[redacted]?event=x',
      'x-kept': 'yes',
    });
    expect(text).not.toContain(token);
    expect(text).not.toContain(Buffer.from('gradewire:right').toString('base64'));
  });

  it('marks tests, and only those that hold the mark of this instance', async () => {
    const sent = webhook(quizapi, 82);
    const mark = server.marks.mark(sent.body, Date.now());
    await post(server, quizapi, { ...sent, headers: { ...sent.headers, 'gradewire-test': mark } });
    expect((await receipts(database.db)).at(-1)?.test).toBe(true);
    for (const [number, forged] of [
      [83, mark],
      [84, 'true'],
      [85, server.marks.mark(webhook(quizapi, 85).body, Date.now() - 10 * 60_000)],
    ] as const) {
      const other = webhook(quizapi, number);
      await post(server, quizapi, { ...other, headers: { ...other.headers, 'gradewire-test': forged } });
      expect((await receipts(database.db)).at(-1)?.test).toBe(false);
    }
  });

  it('wakes workers: the one in this process by callback, the others by NOTIFY', async () => {
    const client = await database.db.pool.connect();
    let heard = 0;
    client.on('notification', (message) => {
      if (message.channel === 'gradewire_receipts') heard += 1;
    });
    await client.query('LISTEN gradewire_receipts');
    const before = server.stored.length;
    await post(server, quizapi, webhook(quizapi, 86));
    await until(() => heard > 0, 'a notification');
    expect(server.stored.length).toBe(before + 1);
    await client.query('UNLISTEN *');
    client.removeAllListeners('notification');
    client.release();
  });
});

describe('200 and 204: checks', () => {
  it.each(['GET', 'HEAD'])('%s on every valid ingest URL', async (method) => {
    const before = await stored();
    for (const source of [quizapi, testpress, synap, instruqt, easygenerator, standard]) {
      const res = await fetch(ingestUrl(server.origin, source), { method });
      expect(res.status).toBe(200);
      expect(await res.text()).toBe(method === 'GET' ? '{"ok":true}' : '');
    }
    expect(await stored()).toBe(before);
  });

  it.each(['', ' \n', '{}'])('an empty POST (%j) to a source that signs nothing', async (body) => {
    const before = await stored();
    for (const source of [synap, easygenerator]) {
      const res = await fetch(ingestUrl(server.origin, source), { method: 'POST', body });
      expect(res.status).toBe(200);
      expect(await res.json()).toEqual({ ok: true });
    }
    expect(await stored()).toBe(before);
    const signing = await fetch(ingestUrl(server.origin, quizapi), { method: 'POST', body });
    expect(await refusal(signing)).toEqual(refused(401, 'missing_signature'));
  });

  it('OPTIONS from an allowed origin, and CORS headers on what follows, refusals too', async () => {
    const url = ingestUrl(server.origin, easygenerator);
    const origin = 'https://elearning.easygenerator.com';
    const asked = {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    };
    const preflight = await fetch(url, { method: 'OPTIONS', headers: asked });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('Content-Type');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(Number(preflight.headers.get('access-control-max-age'))).toBeGreaterThan(0);
    expect(preflight.headers.get('vary')).toBe('Origin');

    const json = { 'content-type': 'application/json', Origin: origin };
    for (const [body, status] of [
      [webhook(easygenerator, 5).body.toString(), 200],
      ['{"cut', 400],
      ['x'.repeat(2 * 1024 * 1024), 413],
    ] as const) {
      const res = await fetch(url, { method: 'POST', headers: json, body });
      expect(res.status).toBe(status);
      expect(res.headers.get('access-control-allow-origin')).toBe(origin);
      expect(res.headers.get('vary')).toBe('Origin');
      await res.arrayBuffer();
    }
  });

  it('OPTIONS from elsewhere gets no CORS headers; the origins of the source replace the platform’s', async () => {
    const own = await createSource(database.db, box, {
      workspace: 1,
      provider: 'easygenerator',
      allowedOrigins: ['https://courses.example'],
    });
    const ask = async (source: Source, origin: string): Promise<string | null> => {
      const res = await fetch(ingestUrl(server.origin, source), { method: 'OPTIONS', headers: { Origin: origin } });
      expect(res.status).toBe(204);
      return res.headers.get('access-control-allow-origin');
    };
    expect(await ask(easygenerator, 'https://evil.example')).toBeNull();
    expect(await ask(own, 'https://courses.example')).toBe('https://courses.example');
    expect(await ask(own, 'https://elearning.easygenerator.com')).toBeNull();
    expect(await ask(quizapi, 'https://elearning.easygenerator.com')).toBeNull();
  });
});

describe('refusals', () => {
  it('401 missing_signature, invalid_signature, stale_timestamp, invalid_credentials', async () => {
    const before = await stored();
    const sent = webhook(quizapi, 9);
    const { 'x-quizapi-signature': _, ...unsigned } = sent.headers;
    expect(await refusal(await post(server, quizapi, { ...sent, headers: unsigned }))).toEqual(
      refused(401, 'missing_signature'),
    );
    const tampered = Buffer.from(sent.body);
    tampered[tampered.length - 2] = (tampered[tampered.length - 2] ?? 0) ^ 1;
    expect(await refusal(await post(server, quizapi, { ...sent, body: tampered }))).toEqual(
      refused(401, 'invalid_signature'),
    );
    const old = webhook(instruqt, 9);
    const at = String(Math.floor(Date.now() / 1000) - 301);
    const signature = hmac('sha256', Buffer.from(WHSEC.slice(6), 'base64'), `msg_9.${at}.`, old.body).toString(
      'base64',
    );
    const names = Object.keys(old.headers).some((name) => name.startsWith('svix-')) ? 'svix' : 'webhook';
    const stale = {
      'content-type': 'application/json',
      [`${names}-id`]: 'msg_9',
      [`${names}-timestamp`]: at,
      [`${names}-signature`]: `v1,${signature}`,
    };
    expect(await refusal(await post(server, instruqt, { ...old, headers: stale }))).toEqual(
      refused(401, 'stale_timestamp'),
    );
    const login = webhook(synap, 9);
    const wrong = { ...login.headers, authorization: `Basic ${Buffer.from('gradewire:wrong').toString('base64')}` };
    expect(await refusal(await post(server, synap, { ...login, headers: wrong }))).toEqual(
      refused(401, 'invalid_credentials'),
    );
    expect(await stored()).toBe(before);
  });

  it('404 unknown_source, for whatever is not an ingest URL, in the same words', async () => {
    const token = synap.tokens[0] ?? '';
    const paths = [
      '/webhooks/',
      '/webhooks/nobody',
      '/webhooks/no%20body',
      '/webhooks/synap',
      '/webhooks/synap/',
      `/webhooks/synap/${token}x`,
      `/webhooks/synap/${token}/`,
      `/webhooks/synap/${token.slice(0, -1)}`,
      `/webhooks/synap/${easygenerator.tokens[0]}`,
      `/webhooks/quizapi/${token}`,
      '/webhooks/quizapi/',
      `/webhooks/${'a'.repeat(64)}`,
    ];
    const bodies = new Set<string>();
    for (const path of paths) {
      for (const method of ['POST', 'GET', 'OPTIONS', 'DELETE']) {
        const res = await fetch(server.origin + path, { method, ...(method === 'POST' ? { body: '{"a":1}' } : {}) });
        expect([path, method, res.status]).toEqual([path, method, 404]);
        bodies.add(await res.text());
      }
    }
    expect([...bodies].map((body) => (JSON.parse(body) as { error: string }).error)).toEqual(['unknown_source']);
  });

  it('405 with Allow for other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const res = await fetch(ingestUrl(server.origin, quizapi), { method, body: method === 'PUT' ? 'x' : null });
      expect(res.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
      expect(await refusal(res)).toEqual(refused(405, 'method_not_allowed'));
    }
  });

  it('413 payload_too_large: announced, and found out on the way; 1 MiB itself is taken', async () => {
    const body = Buffer.alloc(1024 * 1024 + 1, 0x20);
    body.write('{"a":1}');
    const send = (bytes: Uint8Array<ArrayBuffer>, chunked: boolean): Promise<Response> =>
      fetch(ingestUrl(server.origin, quizapi), {
        method: 'POST',
        headers: quizapiHeaders(quizapi, bytes),
        ...(chunked ? { body: new Blob([bytes]).stream(), duplex: 'half' } : { body: bytes }),
      } as RequestInit);
    for (const chunked of [false, true]) {
      expect(await refusal(await send(new Uint8Array(body), chunked))).toEqual(refused(413, 'payload_too_large'));
      const fits = new Uint8Array(body.subarray(0, 1024 * 1024));
      fits[10] = chunked ? 0x0a : 0x20;
      expect((await send(fits, chunked)).status).toBe(200);
    }
  });

  it('413 is answered without waiting for the rest, and the connection is closed after it was heard', async () => {
    for (const head of [
      'Content-Length: 10000000000\r\n\r\n',
      `Transfer-Encoding: chunked\r\n\r\n200000\r\n${'x'.repeat(0x200000)}\r\n`,
    ]) {
      const socket = net.connect(server.port, '127.0.0.1');
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk));
      socket.write(`POST /webhooks/quizapi HTTP/1.1\r\nHost: x\r\n${head}`);
      await until(() => heard.includes('payload_too_large'), 'an answer');
      expect(heard).toMatch(/^HTTP\/1.1 413 /);
      expect(heard).toMatch(/connection: close/i);
      socket.write('and some more of it');
      await once(socket, 'close');
    }
  });

  it('415 unsupported_media_type where the platform sends JSON; Testpress may say what it likes', async () => {
    const sent = webhook(quizapi, 10);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { ...sent.headers, 'content-type': type };
      expect(await refusal(await post(server, quizapi, { ...sent, headers }))).toEqual(
        refused(415, 'unsupported_media_type'),
      );
    }
    for (const [number, type] of [
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/cloudevents+json',
    ].entries()) {
      const one = webhook(quizapi, 20 + number);
      expect((await post(server, quizapi, { ...one, headers: { ...one.headers, 'content-type': type } })).status).toBe(
        200,
      );
    }
    const any = webhook(testpress, 10);
    expect(
      (await post(server, testpress, { ...any, headers: { ...any.headers, 'content-type': 'text/plain' } })).status,
    ).toBe(200);
    const forged = { ...sent.headers, 'content-type': 'text/plain', 'x-quizapi-signature': 'sha256=00' };
    expect(await refusal(await post(server, quizapi, { ...sent, headers: forged }))).toEqual(
      refused(401, 'invalid_signature'),
    );
  });

  it('415 for a compressed body, with a sentence that says so', async () => {
    const sent = webhook(quizapi, 11);
    const res = await post(server, quizapi, { ...sent, headers: { ...sent.headers, 'content-encoding': 'gzip' } });
    expect(res.status).toBe(415);
    expect(((await res.json()) as { message: string }).message).toContain('compressed');
  });

  it('429 rate_limited with Retry-After, for what is proved only', async () => {
    const limited = await createSource(database.db, box, {
      workspace: 1,
      provider: 'quizapi',
      slug: 'limited',
      secret: 'x',
      rateLimit: 3,
    });
    const sent = webhook(limited, 1);
    for (let n = 0; n < 10; n += 1) {
      const forged = await post(server, limited, {
        ...sent,
        headers: { ...sent.headers, 'x-quizapi-signature': 'sha256=00' },
      });
      expect(forged.status).toBe(401);
    }
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => post(server, limited, webhook(limited, n))));
    const late = answers.filter((res) => res.status === 429);
    expect(answers.filter((res) => res.status === 200).length).toBeGreaterThanOrEqual(3);
    expect(late.length).toBeGreaterThan(0);
    for (const res of late) {
      expect(Number(res.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(await refusal(res)).toEqual(refused(429, 'rate_limited'));
    }
    await until(async () => (await post(server, limited, webhook(limited, 99))).status === 200, 'the limit to pass');
  });

  it('503 while it drains, after the requests that were taken are answered', async () => {
    const own = await startIngest(database.url);
    expect((await post(own, quizapi, webhook(quizapi, 30))).status).toBe(200);
    await own.ingest.drain();
    const res = await post(own, quizapi, webhook(quizapi, 31));
    expect(Number(res.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(res.headers.get('connection')).toBe('close');
    expect(await refusal(res)).toEqual(refused(503, 'store_unavailable'));
    await own.close();
  });
});
