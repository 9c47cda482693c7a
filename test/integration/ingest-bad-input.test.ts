/** The list of bad input: a clear 4xx or a stored receipt; the process stays up and nothing else is lost. */
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSource } from '../../src/sources/create-source.ts';
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

let database: TestDatabase;
let server: IngestServer;
let quizapi: Source;
let open: Source;
let number = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  quizapi = await createSource(database.db, box, { workspace: 1, provider: 'quizapi', secret: 'secret' });
  open = await createSource(database.db, box, { workspace: 1, provider: 'easygenerator' });
  server = await startIngest(database.url);
});
beforeEach(async () => {
  // Whatever the test before did: the next good one goes through.
  number += 1;
  expect((await post(server, quizapi, webhook(quizapi, number))).status).toBe(200);
});
afterAll(async () => {
  expect(server.ingest.inFlight()).toBe(0);
  expect(server.logged).toEqual([]);
  await server.close();
  await database.drop();
});

const signed = (body: Buffer): Promise<Response> =>
  post(server, quizapi, { headers: quizapiHeaders(quizapi, body), body, query: '' });

async function error(res: Response): Promise<unknown> {
  return ((await res.json()) as { error?: string }).error;
}

describe('400 malformed_json', () => {
  const bodies: [string, Buffer][] = [
    ['truncated', Buffer.from('{"event":"quiz.completed","data":{"user')],
    ['empty', Buffer.alloc(0)],
    ['a word', Buffer.from('hello')],
    ['two values', Buffer.from('{}{}')],
    ['a trailing comma', Buffer.from('{"a":1,}')],
    ['NaN', Buffer.from('{"a":NaN}')],
    ['a raw NUL', Buffer.from('{"a":"\0"}')],
    ['a form', Buffer.from('a=1&b=2')],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d])],
    ['UTF-8 cut in a character', Buffer.from('{"a":"é"}').subarray(0, 7)],
    ['an encoded surrogate', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d])],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['a byte order mark', Buffer.from('\ufeff{"a":1}')],
  ];
  it.each(bodies)('%s', async (_, body) => {
    const res = await signed(body);
    expect(res.status).toBe(400);
    expect(await error(res)).toBe('malformed_json');
  });
});

describe('stored as it came', () => {
  const bodies: [string, string][] = [
    ['not an object', '[1,2,3]'],
    ['null', 'null'],
    ['a number', '42'],
    ['nested 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['nested 50,000 deep in objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['duplicate keys', '{"event":"a","event":"b"}'],
    ['__proto__', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
    ['an escaped NUL', '{"userId":"a\\u0000b"}'],
    ['an escaped lone surrogate', '{"userId":"\\ud800"}'],
    ['absurd numbers', `{"score":1e400,"total":-1e-400,"n":${'9'.repeat(5000)}}`],
    ['absurd dates', '{"timestamp":"9999-99-99T99:99:99Z","other":"-271821-04-20"}'],
    ['100,000 keys', `{${Array.from({ length: 100_000 }, (_, n) => `"${n}":0`).join(',')}}`],
  ];
  it.each(bodies)('%s', async (_, text) => {
    const body = Buffer.from(text);
    const res = await signed(body);
    expect(res.status).toBe(200);
    const last = (await receipts(database.db)).at(-1);
    expect(last?.body.equals(body)).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

it('odd event names in the URL are cleaned, cut and stored', async () => {
  const synap = await createSource(database.db, box, { workspace: 1, provider: 'synap' });
  const names: [string, string | null][] = [
    ['a%00b%0Ac', 'abc'],
    ['%ED%A0%80', '\ufffd\ufffd\ufffd'],
    ['%E0%A4%A', expect.any(String)],
    ['x'.repeat(500), 'x'.repeat(100)],
    ['', null],
    ['%20%20', null],
  ];
  for (const [index, [event, stored]] of names.entries()) {
    const body = Buffer.from(`{"attempt":${index}}`);
    const res = await post(server, synap, {
      headers: { 'content-type': 'application/json' },
      body,
      query: `?x=1&event=${event}`,
    });
    expect(res.status).toBe(200);
    expect((await receipts(database.db)).at(-1)?.event_name).toEqual(stored);
  }
});

it('headers of any bytes and any number are stored as JSON', async () => {
  const body = Buffer.from('{"courseId":"latin"}');
  const socket = net.connect(server.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk));
  const many = Array.from({ length: 150 }, (_, n) => `X-Many-${n}: ${'"\\'.repeat(20)}\r\n`).join('');
  const head = `POST /webhooks/easygenerator/${open.tokens[0]} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
  socket.write(
    `${head}X-Odd: \xe9\xff\t"\\\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n${many}Content-Length: ${body.length}\r\n\r\n`,
    'latin1',
  );
  socket.write(body);
  await until(() => heard.includes('"received":true'), 'the answer');
  socket.end();
  await once(socket, 'close');
  const text = (await receipts(database.db)).at(-1)?.headers ?? '';
  const headers = JSON.parse(text) as Record<string, string>;
  expect(headers['x-odd']).toBe('éÿ\t"\\');
  expect(headers['set-cookie']).toBe('[redacted]');
  expect(text.length).toBeLessThanOrEqual(16 * 1024);
});

it('what is no HTTP at all ends its own connection only', async () => {
  for (const noise of [
    '\x00\x01\x02\r\n\r\n',
    'POST /webhooks/quizapi HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
    'GET\r\n\r\n',
  ]) {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write(noise);
    await once(socket, 'close');
  }
});

it('2 MiB is a 413, and the sender can read it', async () => {
  const res = await signed(Buffer.alloc(2 * 1024 * 1024, 0x61));
  expect(res.status).toBe(413);
  expect(await error(res)).toBe('payload_too_large');
});
