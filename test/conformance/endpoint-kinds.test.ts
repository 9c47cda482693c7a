/** What every kind of endpoint keeps to, whatever its peer does. A new kind adds its peer to PEERS. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/vocabulary.ts';
import { ENDPOINT_KINDS, type Endpoint, type EndpointKind } from '../../src/delivery/endpoint.ts';
import { type GuardedHttp, guardedHttp } from '../../src/delivery/http/client.ts';
import type { KindTools, Outgoing, Try } from '../../src/delivery/kinds/kind.ts';
import { kindOf } from '../../src/delivery/kinds/registry.ts';
import { createMailer } from '../../src/mail/mailer.ts';
import { exampleEvent, kindTools, outgoing, testEndpoint } from '../helpers/delivery.ts';
import { startMailServer } from '../helpers/mail-server.ts';
import { recordingServer } from '../helpers/recording-server.ts';

/** Where a peer listens, and how an endpoint of the kind is told so. */
interface Peer {
  /** Takes everything; `seen` gives what names each message that arrived. */
  start(): Promise<{ port: number; seen(): string[]; close(): Promise<void> }>;
  endpoint(port: number, config: JsonObject): Partial<Endpoint>;
  /** Whether the kind’s way there is mail. */
  mail: boolean;
}

const overHttp = (seen: (request: { headers: NodeJS.Dict<string | string[]>; body: Buffer }) => string[]): Peer => ({
  mail: false,
  endpoint: (port) => ({ url: `http://127.0.0.1:${port}/in` }),
  async start() {
    const server = await recordingServer(({ body }, response) => {
      const given: unknown = JSON.parse(body.toString());
      const answer = Array.isArray(given) ? given.map(({ id }: { id: string }) => id) : { ok: true };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    return {
      port: Number(new URL(server.url).port),
      seen: () => server.requests.flatMap(seen),
      close: () => server.close(),
    };
  },
});

const PEERS: Readonly<Record<EndpointKind, Peer>> = {
  webhook: overHttp(({ headers }) => [String(headers['webhook-id'])]),
  xapi: overHttp(({ body }) => (JSON.parse(body.toString()) as { id: string }[]).map(({ id }) => id)),
  email: {
    mail: true,
    endpoint: () => ({ url: null, to: 'staff@school.example' }),
    async start() {
      const server = await startMailServer();
      return {
        port: Number(new URL(server.url).port),
        seen: () => server.mails.map(({ headers }) => String(headers.get('message-id'))),
        close: () => server.close(),
      };
    },
  },
};

/** Peers that keep to no protocol: what is done with each connection. */
const BAD: Readonly<Record<string, (socket: Socket) => void>> = {
  'hangs up at once': (socket) => socket.destroy(),
  'hangs up after a moment': (socket) => void setTimeout(() => socket.destroy(), 20),
  'talks nonsense': (socket) => socket.end('\0\xff garbage \r\n\r\n'),
  'talks without end': (socket) => {
    const more = () => {
      while (socket.write(`${'a'.repeat(8192)}\r\n`));
    };
    socket.on('drain', more);
    more();
  },
};

let http: GuardedHttp;
beforeAll(() => {
  http = guardedHttp({ allowPrivate: ['127.0.0.1/32'], tryMs: 1500 });
});
afterAll(async () => await http.close());

async function badPeer(act: (socket: Socket) => void): Promise<{ server: Server; port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    act(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

async function close({ server, sockets }: { server: Server; sockets: Set<Socket> }): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
}

/** Every text in a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

for (const name of ENDPOINT_KINDS) {
  const kind = kindOf(name);
  const peer = PEERS[name];
  const endpointAt = (port: number, config: JsonObject = {}, changes: Partial<Endpoint> = {}) =>
    testEndpoint(null, config, { kind: name, ...peer.endpoint(port, config), ...changes });
  const toolsAt = (port: number): KindTools =>
    kindTools(http, {
      mailer: peer.mail
        ? createMailer({ smtpUrl: `smtp://127.0.0.1:${port}?from=a@school.example`, publicUrl: 'http://a' })
        : null,
    });
  const sendAt = async (
    port: number,
    deliveries: readonly Outgoing[],
    signal = new AbortController().signal,
    endpoint = endpointAt(port),
  ): Promise<readonly Try[]> => {
    const tools = toolsAt(port);
    try {
      return await kind.send(endpoint, deliveries, tools, signal);
    } finally {
      tools.mailer?.close();
    }
  };

  /** A try that came to nothing, told in a way that helps. */
  const expectFailed = (one: Try | undefined) => {
    expect(one?.outcome).toMatchObject({
      kind: expect.stringMatching(/^(failed|refused)$/),
      error: expect.any(String),
    });
    const error = one?.outcome.kind === 'failed' || one?.outcome.kind === 'refused' ? one.outcome.error : '';
    expect(error).toMatch(/^\S.{15,}[.!]$/s);
    expect(error).not.toMatch(/undefined|\[object|\bat \/|node:internal/);
    expectTry(one);
  };
  const expectTry = (one: Try | undefined) => {
    // PostgreSQL cannot store it, and the log of a try must never be what fails.
    expect(textsOf(one).join('')).not.toContain('\0');
    expect(one?.durationMs).toBeGreaterThanOrEqual(0);
    for (const value of Object.values(one?.requestHeaders ?? {})) expect(typeof value).toBe('string');
    expect(one?.statusCode === null || Number.isInteger(one?.statusCode)).toBe(true);
    expect(Buffer.byteLength(one?.responseBody ?? '')).toBeLessThanOrEqual(64 * 1024);
  };

  describe(`endpoints of kind ${name}`, () => {
    it('have the name they are registered under, and an example that fits their own schema', () => {
      expect(kind.name).toBe(name);
      expect([...Value.Errors(kind.configSchema, kind.exampleConfig)]).toEqual([]);
      expect([...Value.Errors(kind.configSchema, {})]).toEqual([]);
      expect(kind.check(endpointAt(25, kind.exampleConfig), toolsAt(25))).toEqual([]);
      expect(Number.isInteger(kind.batch) && kind.batch >= 1).toBe(true);
    });

    it('name secret paths that their schema has', () => {
      const schema = JSON.stringify(kind.configSchema);
      for (const path of kind.secretPaths) {
        for (const part of path.split('.')) expect([path, schema.includes(`"${part}":`)]).toEqual([path, true]);
      }
    });

    it('refuse what cannot work, with a path and a sentence each', () => {
      const nonsense = [
        endpointAt(1, {}, { url: null, to: null }),
        ...[{ auth: 'x' }, { headers: [] }, { template: '{{' }, { nonsense: { deep: [1] } }].map((config) =>
          endpointAt(1, config as JsonObject, { url: null, to: null }),
        ),
      ];
      for (const endpoint of nonsense) {
        const problems = kind.check(endpoint, toolsAt(1));
        expect(problems.length).toBeGreaterThan(0);
        for (const { path, message } of problems) {
          expect(path).toMatch(/^(url|to|kind|personalData|config)\b/);
          expect(message).toMatch(/^[\p{Lu}`].{10,}[.!]$/su);
        }
      }
    });

    it('deliver, in order, and say the same names for repeats', async () => {
      const working = await peer.start();
      const events = (['attempt.completed', 'attempt.started'] as const).map((type, i) =>
        outgoing(exampleEvent(type), { webhookId: `msg_${i}`, deliveryId: `0198a5d0-c6e7-4b0f-8c1d-00000000000${i}` }),
      );
      try {
        const tries: Try[] = [];
        const names: string[][] = [];
        for (const tryNumber of [1, 2]) {
          for (let at = 0; at < events.length; at += kind.batch) {
            const some = events.slice(at, at + kind.batch).map((each) => ({ ...each, tryNumber }));
            const answered = await sendAt(working.port, some);
            expect(answered).toHaveLength(some.length);
            tries.push(...answered);
          }
          names.push(working.seen().slice(names.flat().length));
        }
        expect(tries.map(({ outcome }) => outcome)).toEqual(new Array(4).fill({ kind: 'delivered' }));
        for (const one of tries) expectTry(one);
        expect(names[0]?.length).toBeGreaterThanOrEqual(2);
        expect(names[1]).toEqual(names[0]);
        expect(new Set(names[0]).size).toBe(names[0]?.length);
      } finally {
        await working.close();
      }
    });

    it('show what they would send', async () => {
      const shown = await kind.preview(endpointAt(1), outgoing(), {
        publicUrl: 'https://gradewire.example',
        now: Date.now,
      });
      expect(JSON.stringify(shown)).toContain('Fractions, part 1');
    });

    it.each(Object.entries(BAD))('outlive a peer that %s', async (_, act) => {
      const bad = await badPeer(act);
      try {
        const tries = await sendAt(bad.port, [outgoing()]);
        expect(tries).toHaveLength(1);
        expectFailed(tries[0]);
      } finally {
        await close(bad);
      }
    });

    it('outlive a peer that is not there', async () => {
      const gone = await badPeer(() => {});
      await close(gone);
      const tries = await sendAt(gone.port, [outgoing()]);
      expectFailed(tries[0]);
    });

    it('leave a peer that says nothing as soon as they are told to', async () => {
      const stop = new AbortController();
      const silent = await badPeer(() => setTimeout(() => stop.abort(), 50));
      try {
        expectFailed((await sendAt(silent.port, [outgoing()], stop.signal))[0]);
        // Already stopped: nothing is begun.
        expectFailed((await sendAt(silent.port, [outgoing()], stop.signal))[0]);
      } finally {
        await close(silent);
      }
    });

    it('show none of their secrets in what is logged', async () => {
      const secrets = kind.secretPaths.flatMap((path) => {
        const value = path
          .split('.')
          .reduce<unknown>((at, part) => (at as JsonObject | undefined)?.[part], kind.exampleConfig);
        return textsOf(value);
      });
      const working = await peer.start();
      const bad = await badPeer((socket) => socket.destroy());
      const signal = new AbortController().signal;
      try {
        for (const port of [working.port, bad.port]) {
          const tries = await sendAt(port, [outgoing()], signal, endpointAt(port, kind.exampleConfig));
          const logged = JSON.stringify(tries);
          for (const secret of secrets) {
            expect(logged).not.toContain(secret);
            expect(logged).not.toContain(Buffer.from(`gradewire:${secret}`).toString('base64'));
          }
        }
      } finally {
        await working.close();
        await close(bad);
      }
    });
  });
}
