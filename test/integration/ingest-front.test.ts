/** What is read before node:http (src/ingest/http/front.ts): a sender never sees which of the two read its request. */
import { once } from 'node:events';
import net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSource } from '../../src/sources/create-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import {
  box,
  bytesInFlight,
  type IngestServer,
  post,
  quizapiHeaders,
  receipts,
  startIngest,
  until,
  webhook,
} from '../helpers/ingest-server.ts';

let database: TestDatabase;
let source: Source;
let server: IngestServer;
/** The same receive path behind node:http alone. */
let plain: IngestServer;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await createSource(database.db, box, { workspace: 1, provider: 'quizapi', secret: 'quizapi secret' });
  server = await startIngest(database.url);
  plain = await startIngest(database.url, { front: false });
});
afterAll(async () => {
  await server.close();
  await plain.close();
  await database.drop();
});

let bodies = 0;
const freshBody = (): Buffer => {
  bodies += 1;
  return Buffer.from(JSON.stringify({ event: 'quiz.started', number: bodies }));
};

/** A good request as text; `head` lines stand before those of the signature. */
function request(body = freshBody(), head: readonly string[] = ['Host: x', `Content-Length: ${body.length}`]): string {
  const signed = Object.entries(quizapiHeaders(source, body)).map(([name, value]) => `${name}: ${value}`);
  return ['POST /webhooks/quizapi HTTP/1.1', ...head, ...signed, '', body.toString()].join('\r\n');
}

interface Heard {
  statuses: number[];
  ids: number;
  closed: boolean;
}

/** Sends the pieces, each when the one before is on its way, and hears until nothing more can come: so many answers, or the end. */
async function say(port: number, pieces: readonly string[], answers: number): Promise<Heard> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => {});
  socket.on('close', () => (closed = true));
  await once(socket, 'connect');
  for (const piece of pieces) {
    await new Promise<void>((resolve) => socket.write(piece, 'latin1', () => resolve()));
    await setImmediate();
  }
  const heard = (): RegExpMatchArray[] => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)];
  await until(() => closed || heard().length >= answers, 'the answers');
  // An answer says itself whether it is the last.
  if (/connection: close/i.test(text)) await until(() => closed, 'the end of the connection');
  const all = {
    statuses: heard().map((match) => Number(match[1])),
    ids: text.match(/"id":"rcp_/g)?.length ?? 0,
    closed,
  };
  socket.destroy();
  return all;
}

it('takes plain webhooks from node:http, and nothing else', async () => {
  const { port } = server;
  const before = server.throughNode();
  expect((await post(server, source, webhook(source, 1))).status).toBe(200);
  expect(await say(port, [request(), request()], 2)).toEqual({ statuses: [200, 200], ids: 2, closed: false });
  expect(server.throughNode()).toBe(before);
  expect((await fetch(`${server.origin}/webhooks/quizapi`)).status).toBe(200);
  expect(server.throughNode()).toBe(before + 1);
});

it('answers the same wherever a request is cut', async () => {
  const whole = request();
  for (let cut = 1; cut < whole.length; cut += 3) {
    const text = request();
    const heard = await say(server.port, [text.slice(0, cut), text.slice(cut)], 1);
    expect({ cut, ...heard }).toEqual({ cut, statuses: [200], ids: 1, closed: false });
  }
});

it('puts a body of many pieces together', async () => {
  const body = Buffer.from(JSON.stringify({ event: 'quiz.started', long: 'x'.repeat(900_000) }));
  const text = request(body);
  const pieces = Array.from({ length: Math.ceil(text.length / 50_000) }, (_, i) =>
    text.slice(i * 50_000, (i + 1) * 50_000),
  );
  expect(await say(server.port, pieces, 1)).toEqual({ statuses: [200], ids: 1, closed: false });
  expect((await receipts(database.db)).at(-1)?.body.equals(body)).toBe(true);
});

it('answers requests that come in one piece one after the other, and leaves what is unusual among them to node:http', async () => {
  const check = 'GET /webhooks/quizapi HTTP/1.1\r\nHost: x\r\n\r\n';
  const wrong = request().replace(/sha256=../, 'sha256=zz');
  const unknown = request().replace('/quizapi', '/nobody');
  const all = [request(), wrong, request(), unknown, request(), check, request(), wrong];
  expect(await say(server.port, [all.join('')], 8)).toEqual({
    statuses: [200, 401, 200, 404, 200, 200, 200, 401],
    ids: 4,
    closed: false,
  });
  const many = Array.from({ length: 300 }, () => request());
  expect(await say(server.port, [many.join('')], 300)).toMatchObject({ ids: 300, closed: false });
});

/** Ways in which heads differ, good and bad; none may be read differently than by node:http. */
const lines = fc.constantFrom(
  'Host: y',
  'Content-Length: 7',
  'content-length: 0',
  'Content-Length: +2',
  'Content-Length: 0x2',
  'Content-Length: 2, 2',
  'Content-Length : 2',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity',
  'transfer-encoding:\tchunked',
  'Connection: close',
  'Connection: Keep-Alive',
  'Connection: keep-alive, close',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'Expect: nothing',
  'X-Folded: a\r\n b',
  'X-Bare: a\nb',
  'X-Return: a\rb',
  'X-Latin: caf\u00e9',
  'X-Nul: \u0000',
  'X Space: a',
  ': nameless',
  'no colon',
  'X-Empty:',
  'X-Twice: a\r\nx-twice: b',
  'Cookie: a=1\r\nCookie: b=2',
  'Set-Cookie: a',
  '__proto__: a',
  'constructor: a',
  'X_Under: a',
  `X-Long: ${'a'.repeat(9000)}`,
  `X-Longer: ${'a'.repeat(17_000)}`,
  'Content-Type: text/plain',
  'Content-Encoding: gzip',
  'Origin: https://example.org',
  'X-QuizAPI-Signature: sha256=00',
);
const firstLines = fc.constantFrom(
  ...Array.from({ length: 8 }, () => 'POST /webhooks/quizapi HTTP/1.1'),
  'POST /webhooks/quizapi HTTP/1.0',
  'POST /webhooks/quizapi HTTP/2.0',
  'POST /webhooks/quizapi',
  'POST  /webhooks/quizapi HTTP/1.1',
  'POST /webhooks/quiz api HTTP/1.1',
  'POST /webhooks/nobody HTTP/1.1',
  'POST /webhooks/quizapi/token HTTP/1.1',
  'POST /webhooks/quizapi?a=b HTTP/1.1',
  'POST http://x/webhooks/quizapi HTTP/1.1',
  'post /webhooks/quizapi HTTP/1.1',
  'PUT /webhooks/quizapi HTTP/1.1',
  '\r\nPOST /webhooks/quizapi HTTP/1.1',
);

/** Behind each request, so that the connection ends whatever a server made of it. */
const LAST = 'GET /webhooks/quizapi HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** All that is answered until the connection ends, but for what differs from request to request. */
async function everything(port: number, pieces: readonly string[]): Promise<string> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await setImmediate();
  }
  await closed;
  const text = Buffer.concat(chunks).toString('latin1');
  return text.replaceAll(/Date: [^\r]*/g, 'Date').replaceAll(/rcp_[0-9a-f]{32}/g, 'rcp');
}

it('answers each request as node:http alone does, to the letter', async () => {
  const scenario = fc.record({
    first: firstLines,
    host: fc.boolean(),
    length: fc.integer({ min: 0, max: 9 }),
    extra: fc.array(lines, { maxLength: 3 }),
    end: fc.constantFrom('\r\n\r\n', '\r\n\r\n', '\r\n\r\n', '\n\n', '\r\n\n'),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ first, host, length, extra, end, cut }) => {
      const asked = (port: number): Promise<string> => {
        const body = freshBody();
        const head = [
          first,
          ...(host ? ['Host: x'] : []),
          ...(length > 1 ? [`Content-Length: ${body.length}`] : length === 1 ? ['Content-Length: 3'] : []),
          ...extra,
          ...Object.entries(quizapiHeaders(source, body)).map(([name, value]) => `${name}: ${value}`),
        ];
        const text = `${head.join('\r\n')}${end}${body.toString()}`;
        const at = Math.floor(cut * text.length);
        return everything(port, [text.slice(0, at), text.slice(at) + LAST]);
      };
      const [here, alone] = [await asked(server.port), await asked(plain.port)];
      if (length > 1) expect(here).toBe(alone);
      // What stands behind a body that says it is shorter is no request. When node:http hangs up on that, it may drop the
      // answer that it owes to the request before, or not say why it hangs up.
      else expect(here.endsWith(alone) || alone.startsWith(here)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('gives a sender that never ends its body a 408, and lets an idle connection go', async () => {
  const short = await startIngest(database.url, { requestTimeout: 300, keepAliveTimeout: 300 });
  const half = request().slice(0, -5);
  expect(await say(short.port, [half], 1)).toEqual({ statuses: [408], ids: 0, closed: true });
  expect(await everything(short.port, [request()])).toMatch(/^HTTP\/1\.1 200 /);
  expect(await everything(short.port, [])).toBe('');
  await until(async () => (await bytesInFlight(short)) === 0, 'room to be free again');
  await short.close();
});

/** So many rounds of the event loop, in which a server of this process reads whatever it means to read. */
const ROUNDS = 300;

/** How many bytes have gone out, once nothing more goes: nothing did in ROUNDS rounds of the event loop, or nothing waits. */
async function goneOut(socket: net.Socket): Promise<number> {
  let gone = -1;
  for (let still = 0; still < ROUNDS && socket.writableLength > 0; still += 1) {
    const now = socket.bytesWritten - socket.writableLength;
    if (now !== gone) still = 0;
    gone = now;
    await setImmediate();
  }
  return socket.bytesWritten - socket.writableLength;
}

function countAnswers(socket: net.Socket, status: number): () => number {
  let rest = '';
  let answered = 0;
  socket.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('latin1')).split(`HTTP/1.1 ${status} `);
    answered += parts.length - 1;
    rest = parts.at(-1) ?? '';
  });
  return () => answered;
}

it('does not read on while a sender sends far ahead of its answers', async () => {
  await (await post(server, source, webhook(source, 2))).arrayBuffer();
  const holder = await database.db.pool.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE receipt_keys IN SHARE MODE');
  const socket = net.connect({ port: server.port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const answered = countAnswers(socket, 200);
  socket.write(request());
  await until(() => server.ingest.inFlight() === 1, 'the first to be taken');
  const requests = Array.from({ length: 40 }, (_, i) =>
    request(Buffer.from(JSON.stringify({ i, x: 'x'.repeat(1_000_000) }))),
  );
  for (const text of requests) socket.write(text);
  expect(await goneOut(socket)).toBeLessThan(socket.bytesWritten);
  await holder.query('ROLLBACK');
  holder.release();
  await until(() => answered() === 41, 'all of the answers');
  socket.destroy();
});

it('ends its connections when it has drained, and holds no room', async () => {
  const other = await startIngest(database.url);
  const idle = everything(other.port, [request()]);
  await until(() => other.stored.length === 1, 'the first receipt');
  const half = net.connect({ port: other.port, host: '127.0.0.1' });
  half.on('error', () => {});
  half.write(request().slice(0, -5));
  await until(async () => (await bytesInFlight(other)) > 0, 'half of a request');
  await other.close();
  expect(await idle).toMatch(/^HTTP\/1\.1 200 /);
  if (!half.closed) await once(half, 'close');
  await until(async () => (await bytesInFlight(other)) === 0, 'room to be free again');
});
