/** What `gradewire listen` does. */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { UsageError } from './failures.ts';
import { forward } from './listen-forward.ts';
import { type Received, receivedLines, receivedObject } from './listen-line.ts';
import { judge } from './listen-verdict.ts';
import { note, say, styled } from './terminal.ts';

export interface ListenOptions {
  port: number;
  secret?: string;
  forward?: URL;
  status?: number;
  verbose?: true;
  json?: true;
}

/** Prevents a stranger on this machine from filling the memory; deliveries are far smaller. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Repeats bear the same id; this many are remembered. */
const REMEMBERED_IDS = 10_000;
const WHSEC = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/** Listens until a signal. */
export async function listen(options: ListenOptions): Promise<void> {
  const secret = await secretOf(options.secret);
  const seen = new Set<string>();
  const server = http.createServer((request, response) => {
    receive(request, response, { ...options, secret, seen }).catch((error: unknown) => {
      note(
        styled('red', `A request could not be read: ${error instanceof Error ? error.message : error}`, process.stderr),
      );
      response.destroy();
    });
  });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  server.listen({ host: '127.0.0.1', port: options.port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${options.port} is taken. Choose another with --port, or 0 for any free one.`);
  }
  const { port } = server.address() as AddressInfo;
  announce(`http://127.0.0.1:${port}/`, secret, options);
  await stopped;
  server.close();
  server.closeAllConnections();
}

function announce(url: string, secret: string | null, options: ListenOptions): void {
  // Where standard output is for programs, people are told beside it.
  const tell = options.json ? note : say;
  const stream = options.json ? process.stderr : process.stdout;
  tell(`${styled('green', 'Listening', stream)} at ${styled('bold', url, stream)}`);
  if (options.forward !== undefined) tell(`Forwarding to ${options.forward.href}`);
  if (secret === null) {
    tell(
      styled('dim', 'Signatures are not checked: that needs --secret, which `gradewire endpoints add` prints.', stream),
    );
  }
}

async function secretOf(told: string | undefined): Promise<string | null> {
  if (told === undefined) return null;
  const secret = told === '-' ? (await text(process.stdin)).trim() : told;
  if (WHSEC.test(secret)) return secret;
  throw new UsageError(
    secret === ''
      ? '--secret - reads the secret from standard input, but nothing was there.'
      : '--secret: This is no signing secret of an endpoint. Those begin with whsec_.',
  );
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  options: Omit<ListenOptions, 'secret'> & { secret: string | null; seen: Set<string> },
): Promise<void> {
  const at = new Date();
  const body = await bodyOf(request);
  if (body === null) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  // A browser or a check, which nobody wants in the list.
  if (request.method === 'GET' || request.method === 'HEAD') {
    response.end('gradewire listen is here. Endpoints POST to it.\n');
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  );
  const id = headers['webhook-id'] ?? null;
  const repeated = id !== null && options.seen.has(id);
  if (id !== null) remember(options.seen, id);
  const passedOn =
    options.forward === undefined
      ? null
      : await forward(options.forward, { method: request.method ?? 'POST', headers, body });
  const status = options.status ?? passedOn?.status ?? 200;
  response
    .writeHead(status, { 'content-type': passedOn?.contentType ?? 'application/json' })
    .end(status === 204 || status === 304 ? undefined : (passedOn?.body ?? '{"received":true}\n'));
  const received: Received = {
    at,
    method: request.method ?? 'POST',
    path: request.url ?? '/',
    headers,
    body,
    id,
    repeated,
    verdict: judge({ headers, body, receivedAt: at.getTime() }, options.secret),
    status,
    forwarded: passedOn === null ? null : { status: passedOn.status, error: passedOn.error },
  };
  if (options.json) say(JSON.stringify(receivedObject(received)));
  else for (const line of receivedLines(received, options.verbose === true)) say(line);
}

/** The bytes; null when they are too many. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function remember(seen: Set<string>, id: string): void {
  seen.add(id);
  if (seen.size <= REMEMBERED_IDS) return;
  const [oldest] = seen;
  if (oldest !== undefined) seen.delete(oldest);
}
