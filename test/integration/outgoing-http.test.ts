/** The way out: rebinding, TLS, redirects, peers that hang, never end, lie about their length or hang up. */
import { execFile } from 'node:child_process';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GuardedHttp, guardedHttp } from '../../src/delivery/http/client.ts';
import { OutgoingError } from '../../src/delivery/http/failure.ts';
import { type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { TEST_CA, tlsServer } from '../helpers/tls-server.ts';
import { until } from '../helpers/until.ts';

const LOOPBACK = ['127.0.0.1/32'];
let server: RecordingServer;
let http: GuardedHttp;
/** Does not wait the usual 15 s. */
let hasty: GuardedHttp;
const BOMB = gzipSync(Buffer.alloc(2 ** 24, 'a'));
/** Connections of the receiver that are open. */
const open = new Set<object>();

beforeAll(async () => {
  server = await recordingServer(({ url, headers }, response) => {
    const socket = response.socket;
    if (socket !== null && !open.has(socket)) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    if (url === '/redirect-inside') response.writeHead(302, { location: 'http://inside.test/secret' }).end();
    else if (url === '/redirect') response.writeHead(302, { location: '/secret' }).end();
    else if (url === '/endless') {
      const more = () => {
        while (response.write(Buffer.alloc(8192, 'a')));
      };
      response.on('drain', more);
      more();
    } else if (url === '/trickle') {
      const timer = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(timer));
    } else if (url === '/bomb') {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB);
    } else if (url.startsWith('/hang')) return;
    else if (url === '/reset') socket?.destroy();
    else if (url === '/half') {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => socket?.destroy(), 10);
    } else if (url === '/half-chunked') {
      response.writeHead(200).write('half');
      setTimeout(() => socket?.destroy(), 10);
    } else if (url === '/early-hints') {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('after hints');
    } else if (url === '/odd-text')
      response.end(Buffer.concat([Buffer.from('a\0b'), Buffer.from([0xff]), Buffer.from('é').subarray(0, 1)]));
    else response.end(JSON.stringify({ url, accept: headers['accept-encoding'] }));
  });
  http = guardedHttp({ allowPrivate: LOOPBACK });
  hasty = guardedHttp({ allowPrivate: LOOPBACK, tryMs: 1500 });
});
afterAll(async () => {
  await http.close();
  await hasty.close();
  await server.close();
});

function post(client: GuardedHttp, url: string, signal?: AbortSignal) {
  return client.request({ method: 'POST', url, headers: {}, body: '{}', ...(signal === undefined ? {} : { signal }) });
}

/** How often this was asked for. */
function arrived(path: string): number {
  return server.requests.filter(({ url }) => url === path).length;
}

async function failure(client: GuardedHttp, url: string, signal?: AbortSignal): Promise<OutgoingError> {
  const error: unknown = await post(client, url, signal).then(
    (answer) => new Error(`answered ${answer.status}`),
    (thrown) => thrown,
  );
  if (!(error instanceof OutgoingError)) throw error;
  return error;
}

describe('what a receiver can do', () => {
  it('answers, and the connection is kept', async () => {
    const quick = guardedHttp({ allowPrivate: LOOPBACK });
    const before = open.size;
    for (let i = 0; i < 5; i += 1) {
      const answer = await post(quick, `${server.url}/ok?n=${i}`);
      expect(answer).toMatchObject({ status: 200, body: `{"url":"/ok?n=${i}","accept":"identity"}` });
    }
    // undici frees a connection a moment after the answer is there, so one after the other may take turns on two.
    expect(open.size).toBeLessThanOrEqual(before + 2);
    await quick.close();
  });

  it('redirects: not followed', async () => {
    expect(await post(http, `${server.url}/redirect`)).toMatchObject({ status: 302, headers: { location: '/secret' } });
    expect(server.requests.some(({ url }) => url === '/secret')).toBe(false);
  });

  it('sends without end: 16 KiB are kept and the connection is closed', async () => {
    const answer = await post(http, `${server.url}/endless`);
    expect([answer.status, answer.body.length]).toEqual([200, 16 * 1024]);
    await until('the endless answer’s connection is closed', () => open.size <= 1);
  });

  it('trickles, hangs: the try ends in time, with what had come', async () => {
    const before = open.size;
    const trickle = await failure(hasty, `${server.url}/trickle`);
    expect([trickle.failure, trickle.status, trickle.body]).toEqual(['timeout', 200, expect.stringMatching(/^\.+$/)]);
    expect(trickle.message).toMatch(/began to answer \(200\) and did not finish within 1.5 seconds/);
    const hang = await failure(hasty, `${server.url}/hang`);
    expect([hang.failure, hang.status, hang.message]).toEqual([
      'timeout',
      null,
      expect.stringMatching(/did not answer/),
    ]);
    await until('connections of tries that ended are closed', () => open.size <= before);
  });

  it('compresses a bomb: it is not opened', async () => {
    expect((await post(http, `${server.url}/bomb`)).body).toBe('(compressed with gzip, not shown)');
  });

  it('hangs up before or in the middle of the answer', async () => {
    const reset = await failure(http, `${server.url}/reset`);
    expect([reset.failure, reset.message]).toEqual(['reset', expect.stringMatching(/without an answer/)]);
    for (const path of ['/half', '/half-chunked']) {
      const half = await failure(http, `${server.url}${path}`);
      expect([half.failure, half.status, half.body]).toEqual(['reset', 200, 'half']);
    }
  });

  it('gives hints first, or text that cannot be stored as it is', async () => {
    expect((await post(http, `${server.url}/early-hints`)).body).toBe('after hints');
    expect((await post(http, `${server.url}/odd-text`)).body).toBe('a\uFFFDb\uFFFD');
  });

  it('speaks no HTTP, or sends headers without end', async () => {
    const tcp = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        socket.write(
          data.includes('/headers') ? `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(70_000)}\r\n\r\n` : 'SSH-2.0-x\r\n',
        );
      });
    });
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const url = `http://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
    expect((await failure(http, `${url}/`)).message).toMatch(/is not HTTP/);
    expect((await failure(http, `${url}/headers`)).message).toMatch(/headers that are too long/);
    tcp.close();
    await once(tcp, 'close');
    const refused = await failure(http, `${url}/`);
    expect([refused.failure, refused.message]).toEqual(['refused', expect.stringMatching(/refused the connection/)]);
  });

  it('is left when the caller stops, before and during a call', async () => {
    const stop = new AbortController();
    const slow = guardedHttp({ allowPrivate: LOOPBACK });
    const call = failure(slow, `${server.url}/hang?stop`, stop.signal);
    await until('the call arrived', () => arrived('/hang?stop') === 1);
    stop.abort();
    expect((await call).failure).toBe('aborted');
    const sent = server.requests.length;
    expect((await failure(slow, `${server.url}/never`, stop.signal)).failure).toBe('aborted');
    expect(server.requests.length).toBe(sent);
    await slow.close();
  });

  it('is reached by a bounded number of connections, and none is late for the next', async () => {
    const few = guardedHttp({ allowPrivate: LOOPBACK, connections: 2, tryMs: 1500 });
    const hanging = [0, 1, 2, 3].map(() => failure(few, `${server.url}/hang?few`));
    await until('two are open', () => arrived('/hang?few') === 2);
    const failures = await Promise.all(hanging);
    expect(failures.map((each) => each.failure)).toEqual(['timeout', 'timeout', 'timeout', 'timeout']);
    // The ones that never got a connection were not sent afterwards.
    expect(server.requests.filter(({ url }) => url.startsWith('/hang')).length).toBeLessThanOrEqual(5);
    expect((await post(few, `${server.url}/ok`)).status).toBe(200);
    await few.close();
  });
});

describe('names', () => {
  const port = () => new URL(server.url).port;
  const resolving = (answers: readonly (readonly string[])[], allowPrivate: boolean | readonly string[] = LOOPBACK) => {
    let asked = 0;
    const client = guardedHttp({
      allowPrivate,
      connections: 1,
      resolve: async () => {
        const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
        asked += 1;
        return answer.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
    });
    return { client, asked: () => asked };
  };

  it('cannot be rebound: the answer that was checked is the one connected to', async () => {
    // Allowed at first, the metadata service at the next connection.
    const { client, asked } = resolving([['127.0.0.1'], ['169.254.169.254']]);
    expect((await post(client, `http://rebind.test:${port()}/ok`)).status).toBe(200);
    // The same connection serves on, and nobody is asked.
    expect((await post(client, `http://rebind.test:${port()}/ok`)).status).toBe(200);
    expect(asked()).toBe(1);
    await failure(client, `http://rebind.test:${port()}/reset`);
    const refused = await failure(client, `http://rebind.test:${port()}/ok`);
    expect([refused.failure, refused.message, asked()]).toEqual([
      'address',
      expect.stringMatching(/^rebind\.test leads to an address that is a cloud’s metadata service/),
      2,
    ]);
    expect(refused.message).not.toContain('169.254');
    await client.close();
  });

  it('that lead to allowed and other addresses are called at the allowed ones only', async () => {
    const { client } = resolving([['10.0.0.1', 'fd00:ec2::254', '127.0.0.1']]);
    expect((await post(client, `http://mixed.test:${port()}/ok`)).status).toBe(200);
    await client.close();
  });

  it('that lead to this machine are refused where nothing is allowed', async () => {
    const { client } = resolving([['::1', '127.0.0.1', '::ffff:127.0.0.1']], false);
    const refused = await failure(client, `https://inside.test:${port()}/`);
    expect([refused.failure, refused.message]).toEqual(['address', expect.stringMatching(/a loopback address/)]);
    expect((await failure(client, `http://inside.test:${port()}/`)).message).toMatch(/^Use https/);
    expect((await failure(client, 'https://127.0.0.1/')).failure).toBe('address');
    expect((await failure(client, 'nonsense')).failure).toBe('url');
    await client.close();
  });

  it('that are public are not called in plain text, whatever the list allows', async () => {
    const { client } = resolving([['93.184.215.14']]);
    expect((await failure(client, 'http://public.test/')).message).toMatch(/without encryption/);
    await client.close();
  });

  it('that do not exist say so', async () => {
    const missing = await failure(http, 'http://no-such-name.invalid/');
    expect(missing.failure).toBe('dns');
    expect(missing.message).toMatch(/no-such-name\.invalid/);
  });
});

describe('libraries that fetch by themselves', () => {
  it('are under the guard too, redirects included; the rest of the process is not', async () => {
    const client = guardedHttp({
      allowPrivate: LOOPBACK,
      resolve: async (name) => [{ address: name === 'inside.test' ? '10.0.0.1' : '127.0.0.1', family: 4 }],
    });
    const { port } = new URL(server.url);
    const within = async (url: string) =>
      await client.fetchWithin(async () => {
        await Promise.resolve();
        return await fetch(url);
      });
    expect((await within(`http://outside.test:${port}/ok`)).status).toBe(200);
    for (const url of [
      `http://outside.test:${port}/redirect-inside`,
      `http://inside.test:${port}/ok`,
      'http://10.0.0.1/',
    ]) {
      await expect(within(url)).rejects.toMatchObject({ cause: { failure: 'address' } });
    }
    // Answers are bounded, opened ones with them.
    await expect(within(`http://outside.test:${port}/endless`).then((answer) => answer.text())).rejects.toThrow();
    expect((await fetch(`${server.url}/ok`)).status).toBe(200);
    await client.close();
  });
});

describe('TLS', () => {
  it('trusts nobody unknown, no other name and nothing expired', async () => {
    const good = await tlsServer((_, response) => response.end('hello'));
    const expired = await tlsServer((_, response) => response.end('hello'), 'expired');
    const before = getCACertificates('default');
    const loopback = async () => [{ address: '127.0.0.1', family: 4 }];
    try {
      const strangers = guardedHttp({ allowPrivate: LOOPBACK, resolve: loopback });
      const unknown = await failure(strangers, `https://127.0.0.1:${good.port}/`);
      expect([unknown.failure, unknown.message]).toEqual([
        'tls',
        expect.stringMatching(/NODE_EXTRA_CA_CERTS|whole chain/),
      ]);
      setDefaultCACertificates([...before, TEST_CA.pem]);
      const trusting = guardedHttp({ allowPrivate: LOOPBACK, resolve: loopback });
      expect(await post(trusting, `https://receiver.test:${good.port}/`)).toMatchObject({ status: 200, body: 'hello' });
      expect((await failure(trusting, `https://another.test:${good.port}/`)).message).toMatch(/for another name/);
      expect((await failure(trusting, `https://receiver.test:${expired.port}/`)).message).toMatch(/has expired/);
      expect((await failure(trusting, `https://127.0.0.1:${new URL(server.url).port}/`)).message).toMatch(
        /does not speak TLS/,
      );
      await strangers.close();
      await trusting.close();
    } finally {
      setDefaultCACertificates(before);
      await good.close();
      await expired.close();
    }
  });

  it('trusts the authority of NODE_EXTRA_CA_CERTS', async () => {
    const good = await tlsServer((_, response) => response.end('hello'));
    const script = `
      import { guardedHttp } from './src/delivery/http/client.ts';
      const http = guardedHttp({ allowPrivate: true });
      const url = 'https://localhost:${good.port}/';
      const answer = await http.request({ method: 'POST', url, headers: {}, body: '' }).catch((error) => ({ body: error.failure }));
      console.log(answer.body);
      await http.close();`;
    const run = async (env: NodeJS.ProcessEnv) =>
      (
        await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], { env })
      ).stdout.trim();
    try {
      expect(await run({ ...process.env, NODE_EXTRA_CA_CERTS: TEST_CA.path })).toBe('hello');
      expect(await run({ ...process.env, NODE_EXTRA_CA_CERTS: undefined })).toBe('tls');
    } finally {
      await good.close();
    }
  });
});
