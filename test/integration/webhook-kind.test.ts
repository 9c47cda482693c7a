/** What an endpoint of kind webhook gets: proved by the packages of Svix and Standard Webhooks, over plain HTTP and TLS. */

import type { ServerResponse } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/vocabulary.ts';
import type { Endpoint } from '../../src/delivery/endpoint.ts';
import { type GuardedHttp, guardedHttp } from '../../src/delivery/http/client.ts';
import type { KindTools, Outgoing, Try } from '../../src/delivery/kinds/kind.ts';
import { webhookKind } from '../../src/delivery/kinds/webhook/webhook.ts';
import { exampleEvent, kindTools, OLDER_SECRET, outgoing, SIGNING_SECRET, testEndpoint } from '../helpers/delivery.ts';
import { type Recorded, type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { TEST_CA, tlsServer } from '../helpers/tls-server.ts';

let server: RecordingServer;
let http: GuardedHttp;
let answer: (request: Recorded, response: ServerResponse) => void;
const accept = (_: Recorded, response: ServerResponse) => void response.writeHead(200).end('thanks');

beforeAll(async () => {
  server = await recordingServer((request, response) => answer(request, response));
  http = guardedHttp({ allowPrivate: ['127.0.0.0/8'], tryMs: 2000 });
  answer = accept;
});
afterEach(() => {
  answer = accept;
  server.requests.length = 0;
});
afterAll(async () => {
  await http.close();
  await server.close();
});

async function send(endpoint: Endpoint, delivery: Outgoing = outgoing(), tools: Partial<KindTools> = {}): Promise<Try> {
  const signal = new AbortController().signal;
  const [first] = await webhookKind.send(endpoint, [delivery], kindTools(http, tools), signal);
  if (first === undefined) throw new Error('No try came back.');
  return first;
}

function received(at = -1): Recorded {
  const request = server.requests.at(at);
  if (request === undefined) throw new Error('Nothing arrived.');
  return request;
}

function headersOf({ headers }: Pick<Recorded, 'headers'>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

describe('what arrives', () => {
  it('is the contract’s body and headers, signed so that svix and standardwebhooks verify it', async () => {
    const tried = await send(testEndpoint(`${server.url}/hook?x=1`));
    expect(tried).toMatchObject({ outcome: { kind: 'delivered' }, statusCode: 200, responseBody: 'thanks' });
    const request = received();
    expect([request.method, request.url]).toEqual(['POST', '/hook?x=1']);
    const event = exampleEvent();
    const body = { type: 'attempt.completed', timestamp: event.occurredAt, data: event };
    expect(JSON.parse(request.body.toString())).toEqual(body);
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Gradewire/1.2.3',
      'webhook-id': 'msg_2b1f0a9e8d7c6b5a49382716f5e4d3c2',
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
    expect(Number(request.headers['webhook-timestamp'])).toBeCloseTo(Date.now() / 1000, -2);
    for (const Webhook of [SvixWebhook, StandardWebhook]) {
      const verifier = new Webhook(SIGNING_SECRET);
      verifier.verify(request.body.toString(), headersOf(request));
      expect(() => verifier.verify(`${request.body} `, headersOf(request))).toThrow();
      expect(() => new Webhook(OLDER_SECRET).verify(request.body.toString(), headersOf(request))).toThrow();
    }
  });

  it('is signed with both secrets while one is being rotated, and with one afterwards', async () => {
    const rotated = (until: number) =>
      testEndpoint(
        `${server.url}/hook`,
        {},
        {
          signingSecrets: [
            { secret: SIGNING_SECRET, until: null },
            { secret: OLDER_SECRET, until: new Date(until) },
          ],
        },
      );
    const verifies = (secret: string) =>
      [SvixWebhook, StandardWebhook].map((Webhook) => {
        try {
          new Webhook(secret).verify(received().body.toString(), headersOf(received()));
          return true;
        } catch {
          return false;
        }
      });
    await send(rotated(Date.now() + 60_000));
    expect(received().headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    expect([verifies(SIGNING_SECRET), verifies(OLDER_SECRET)]).toEqual([
      [true, true],
      [true, true],
    ]);
    await send(rotated(Date.now() - 1));
    expect([verifies(SIGNING_SECRET), verifies(OLDER_SECRET)]).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('has method, headers and credentials as set, which the log does not show', async () => {
    const config: JsonObject = {
      method: 'PUT',
      headers: { 'X-School': 'north', 'X-Api-Key': 'visible to the receiver only' },
      secretHeaders: { 'X-Tenant': 'hidden tenant' },
      auth: { type: 'basic', username: 'gradewire', password: 'päss:word' },
    };
    const endpoint = testEndpoint(`${server.url}/hook`, config);
    expect(webhookKind.check(endpoint, kindTools(http))).toEqual([]);
    const tried = await send(endpoint);
    expect(received()).toMatchObject({
      method: 'PUT',
      headers: {
        'x-school': 'north',
        'x-api-key': 'visible to the receiver only',
        'x-tenant': 'hidden tenant',
        authorization: `Basic ${Buffer.from('gradewire:päss:word').toString('base64')}`,
      },
    });
    expect(tried.requestHeaders).toMatchObject({
      'X-School': 'north',
      'X-Api-Key': '[redacted]',
      'X-Tenant': '[redacted]',
      authorization: 'Basic [redacted]',
      'webhook-id': 'msg_2b1f0a9e8d7c6b5a49382716f5e4d3c2',
    });
    const bearer = await send(testEndpoint(`${server.url}/hook`, { auth: { type: 'bearer', token: 'tok-123' } }));
    expect(received().headers.authorization).toBe('Bearer tok-123');
    expect(JSON.stringify(bearer)).not.toContain('tok-123');
  });

  it('goes over TLS', async () => {
    const bodies: string[] = [];
    const secure = await tlsServer(async (request, response) => {
      bodies.push(Buffer.concat(await request.toArray()).toString());
      new StandardWebhook(SIGNING_SECRET).verify(bodies[0] ?? '', headersOf(request));
      response.writeHead(204).end();
    });
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, TEST_CA.pem]);
    const trusting = guardedHttp({ allowPrivate: ['127.0.0.1/32'] });
    try {
      const tried = await send(testEndpoint(`https://localhost:${secure.port}/hook`), outgoing(), { http: trusting });
      expect(tried).toMatchObject({ outcome: { kind: 'delivered' }, statusCode: 204, responseBody: '' });
      expect(bodies).toHaveLength(1);
    } finally {
      setDefaultCACertificates(before);
      await trusting.close();
      await secure.close();
    }
  });
});

describe('answers', () => {
  const failed = (error: RegExp, retryAfterSeconds: number | null = null) => ({
    kind: 'failed',
    error: expect.stringMatching(error),
    retryAfterSeconds,
  });
  const now = Date.parse('2026-04-08T14:30:00.000Z');
  it.each([
    [201, {}, { kind: 'delivered' }],
    [204, {}, { kind: 'delivered' }],
    [410, {}, { kind: 'gone' }],
    [302, { location: '/elsewhere' }, failed(/redirect \(302\), which is never followed/)],
    [308, { location: '/elsewhere' }, failed(/redirect/)],
    [400, {}, failed(/refused the request \(400\)/)],
    [401, {}, failed(/credentials \(401\)/)],
    [404, {}, failed(/404/)],
    [429, { 'retry-after': '120' }, failed(/429/, 120)],
    [429, { 'retry-after': 'Wed, 08 Apr 2026 14:31:30 GMT' }, failed(/429/, 90)],
    [503, { 'retry-after': 'Wed, 08 Apr 2026 14:00:00 GMT' }, failed(/503/, 0)],
    [503, { 'retry-after': 'soon' }, failed(/503/, null)],
    [503, { 'retry-after': '-5' }, failed(/503/, null)],
    [500, { 'retry-after': '120' }, failed(/own side \(500\)/, null)],
  ] as const)('%s %j', async (status, headers, outcome) => {
    answer = (_, response) => void response.writeHead(status, headers).end('because');
    const tried = await send(testEndpoint(`${server.url}/hook`), outgoing(), { now: () => now });
    expect(tried.outcome).toEqual(outcome);
    expect([tried.statusCode, tried.responseBody]).toEqual([status, status === 204 ? '' : 'because']);
    expect(server.requests).toHaveLength(1);
  });

  it('that break off keep what had come', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 50 }).write('half');
      setTimeout(() => response.socket?.destroy(), 10);
    };
    const tried = await send(testEndpoint(`${server.url}/hook`));
    expect(tried).toMatchObject({ outcome: failed(/before the end/), statusCode: 200, responseBody: 'half' });
  });
});

describe('OAuth 2 client credentials', () => {
  let tokens: RecordingServer;
  let issued = 0;
  let expiresIn: number | undefined = 3600;
  let valid = new Set<string>();
  let tokenAnswer: ((request: Recorded, response: ServerResponse) => void) | null = null;

  beforeAll(async () => {
    tokens = await recordingServer((request, response) => {
      if (tokenAnswer !== null) return tokenAnswer(request, response);
      const form = new URLSearchParams(request.body.toString());
      const right =
        request.headers.authorization === `Basic ${Buffer.from('client%3A1:s%26cret').toString('base64')}` ||
        (form.get('client_id') === 'client:1' && form.get('client_secret') === 's&cret');
      if (!right || form.get('grant_type') !== 'client_credentials') {
        return void response.writeHead(401).end('{"error":"invalid_client","error_description":"s&cret is wrong"}');
      }
      issued += 1;
      valid.add(`token-${issued}`);
      const body = { access_token: `token-${issued}`, token_type: 'bearer', expires_in: expiresIn };
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)), 20);
    });
  });
  afterAll(async () => await tokens.close());
  afterEach(() => {
    tokens.requests.length = 0;
    tokenAnswer = null;
    expiresIn = 3600;
    valid = new Set();
    issued = 0;
  });

  const config = (changes: JsonObject = {}): JsonObject => ({
    auth: { type: 'oauth2', tokenUrl: `${tokens.url}/token`, clientId: 'client:1', clientSecret: 's&cret', ...changes },
  });
  const protectedAnswer = (request: Recorded, response: ServerResponse) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    response.writeHead(valid.has(token) ? 200 : 401).end();
  };
  /** A client of its own: tokens live as long as that. */
  const fresh = async <T>(work: (client: GuardedHttp) => Promise<T>): Promise<T> => {
    const client = guardedHttp({ allowPrivate: true });
    answer = protectedAnswer;
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  };

  it.each(['basic', 'body'])(
    'fetches one token for many deliveries (%s), and the log shows none',
    async (clientAuth) => {
      await fresh(async (client) => {
        const endpoint = testEndpoint(`${server.url}/hook`, config({ clientAuth, scope: 'grades' }));
        const tries = await Promise.all(
          Array.from({ length: 10 }, async () => await send(endpoint, outgoing(), { http: client })),
        );
        tries.push(await send(endpoint, outgoing(), { http: client }));
        expect(tries.map((each) => each.outcome.kind)).toEqual(new Array(11).fill('delivered'));
        expect(tokens.requests).toHaveLength(1);
        expect(new URLSearchParams(tokens.requests[0]?.body.toString()).get('scope')).toBe('grades');
        expect(tries[0]?.requestHeaders.authorization).toBe('Bearer [redacted]');
        expect(JSON.stringify(tries)).not.toMatch(/token-1|s&cret/);
      });
    },
  );

  it('fetches anew before the token ends, and once when it is refused', async () => {
    await fresh(async (client) => {
      let now = Date.now();
      const tools = { http: client, now: () => now };
      const endpoint = testEndpoint(`${server.url}/hook`, config());
      await send(endpoint, outgoing(), tools);
      now += 3530_000;
      await send(endpoint, outgoing(), tools);
      now += 20_000;
      expect((await send(endpoint, outgoing(), tools)).outcome.kind).toBe('delivered');
      expect(tokens.requests).toHaveLength(2);
      // Revoked before its time.
      valid.clear();
      expect((await send(endpoint, outgoing(), tools)).outcome.kind).toBe('delivered');
      expect(tokens.requests).toHaveLength(3);
      answer = (_, response) => void response.writeHead(401).end('no');
      const before = server.requests.length;
      const refused = await send(endpoint, outgoing(), tools);
      expect(refused).toMatchObject({ statusCode: 401, outcome: { kind: 'failed' } });
      expect([tokens.requests.length, server.requests.length - before]).toEqual([4, 2]);
    });
  });

  it('says what is wrong with the token, and sends nothing without', async () => {
    await fresh(async (client) => {
      const tools = { http: client };
      const wrong = await send(testEndpoint(`${server.url}/hook`, config({ clientSecret: 'no' })), outgoing(), tools);
      expect(wrong.outcome).toMatchObject({ error: expect.stringMatching(/^No access token: .*401, invalid_client/) });
      expect(JSON.stringify(wrong)).not.toContain('s&cret');
      for (const body of ['<html>', '[]', '{"access_token": 1}', '{"access_token": "a b"}', 'null', '{}']) {
        tokenAnswer = (_, response) => void response.writeHead(200).end(body);
        const odd = await send(testEndpoint(`${server.url}/hook`, config()), outgoing(), tools);
        expect(odd.outcome).toMatchObject({ kind: 'failed', error: expect.stringMatching(/holds none/) });
      }
      const away = await send(
        testEndpoint(`${server.url}/hook`, config({ tokenUrl: 'http://127.0.0.1:1/' })),
        outgoing(),
        tools,
      );
      expect(away.outcome).toMatchObject({ error: expect.stringMatching(/^No access token: 127.0.0.1:1 refused/) });
      expect(server.requests).toHaveLength(0);
      const guarded = guardedHttp({ allowPrivate: false });
      const url = 'https://hooks.example.com/';
      const inside = config({ tokenUrl: 'https://169.254.169.254/token' });
      expect(webhookKind.check(testEndpoint(url, inside), kindTools(guarded))).toEqual([
        { path: 'config.auth.tokenUrl', message: expect.stringMatching(/metadata/) },
      ]);
      expect((await send(testEndpoint(url, inside), outgoing(), { http: guarded })).outcome).toMatchObject({
        error: expect.stringMatching(/metadata/),
      });
      await guarded.close();
    });
  });
});
