/**
 * The one way out of the server: HTTP under the address guard. No redirects, no decompression, 15 s for the whole try, the
 * first 16 KiB of the answer. What a receiver sends costs at most those, whatever it sends.
 */
import { Agent, type Dispatcher } from 'undici';
import { type Deadline, type Deadlines, deadlines, type Timed } from '../deadlines.ts';
import type { OutgoingHttp, OutgoingResponse, ResponseHeaders } from '../kinds/kind.ts';
import { type AddressGuard, type AllowPrivate, addressGuard } from './address-guard.ts';
import { guardedConnector } from './connector.ts';
import { OutgoingError, toOutgoingError } from './failure.ts';
import { fetchThrough } from './guarded-fetch.ts';
import { headerText } from './header-text.ts';
import { type Hanging, hangOn, type Interruptible, letGo } from './interrupts.ts';
import { keptText } from './kept-text.ts';
import { type Resolve, systemResolve } from './lookup.ts';

export interface GuardedHttp extends OutgoingHttp {
  /** Runs `work` with the global `fetch` under the same guard and time, for libraries that call out by themselves. */
  fetchWithin<T>(work: () => T): T;
  /** Ends calls under way and closes the connections. */
  close(): Promise<void>;
}

export interface GuardedHttpOptions {
  allowPrivate: AllowPrivate;
  /** To one origin at most. */
  connections?: number;
  /** For the whole try: name, connection, request and answer. */
  tryMs?: number;
  resolve?: Resolve;
}

/** What is kept of an answer. */
const KEPT_BYTES = 16 * 1024;
const TRY_MS = 15_000;
/** Many endpoints can share an origin (hooks.zapier.com); more sockets to one would be taken for an attack. */
const CONNECTIONS = 32;
/** Shorter than common servers keep a connection, so that none is used just as it is closed; hints of servers are followed… */
const KEEP_ALIVE_MS = 4_000;
/** …up to this: a thousand idle receivers must not hold a thousand sockets for long. */
const KEEP_ALIVE_MOST_MS = 60_000;

/** Of what a library may read by `fetch`, which opens compressed answers: a bomb of this size is still harmless. */
const FETCH_BYTES = 64 * 1024;

/** Makes the client; one a process, so that connections are shared. */
export function guardedHttp(options: GuardedHttpOptions): GuardedHttp {
  const guard = addressGuard(options.allowPrivate);
  const target = targetOf(guard);
  const tryMs = options.tryMs ?? TRY_MS;
  const ends = deadlines(tryMs);
  const connect = guardedConnector(guard, options.resolve ?? systemResolve());
  const agent = new Agent({
    connect,
    connections: options.connections ?? CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MOST_MS,
    // One timer for the whole try instead (Call).
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const forFetch = new Agent({ connect, headersTimeout: tryMs, bodyTimeout: tryMs, maxResponseSize: FETCH_BYTES });

  return {
    fetchWithin: (work) => fetchThrough(forFetch, work),
    urlProblem: guard.urlProblem,
    request({ method, url, headers, body, signal }) {
      return new Promise<OutgoingResponse>((resolve, reject) => {
        const { host, origin, path } = target(url);
        if (signal?.aborted === true) throw interrupted();
        const call = new Call({ host, tryMs, ends, signal, resolve, reject });
        agent.dispatch({ origin, path, method, headers: flatHeaders(headers), body }, call);
      });
    },
    async close() {
      await Promise.all([agent.destroy(), forFetch.destroy()]);
    },
  };
}

/** Names and values by turns, as undici wants them most. */
function flatHeaders(headers: Readonly<Record<string, string>>): string[] {
  const flat: string[] = ['accept-encoding', 'identity'];
  for (const name in headers) flat.push(name, headers[name] ?? '');
  return flat;
}

function interrupted(): OutgoingError {
  return new OutgoingError('aborted', 'The call was interrupted.');
}

interface Target {
  host: string;
  origin: string;
  path: string;
}

/** Endpoints are few; this only bounds the memory of an instance whose URLs change by the thousand. */
const MOST_TARGETS = 5_000;

/** Reads URLs that may be called, once each: what is wrong with one depends on nothing but itself. Throws OutgoingError. */
function targetOf(guard: AddressGuard): (url: string) => Target {
  const known = new Map<string, Target>();
  return (text) => {
    let target = known.get(text);
    if (target === undefined) {
      const problem = guard.urlProblem(text);
      if (problem !== null) throw new OutgoingError(URL.canParse(text) ? 'address' : 'url', problem);
      const { host, origin, pathname, search } = new URL(text);
      target = { host, origin, path: `${pathname}${search}` };
      if (known.size >= MOST_TARGETS) known.clear();
      known.set(text, target);
    }
    return target;
  };
}

const NO_HEADERS: ResponseHeaders = {};

interface CallParts {
  host: string;
  tryMs: number;
  ends: Deadlines;
  signal: AbortSignal | undefined;
  resolve(response: OutgoingResponse): void;
  reject(error: OutgoingError): void;
}

/** One call under way; ends once, by whichever comes first: the answer, 16 KiB of it, an error, the time, the signal. */
class Call implements Dispatcher.DispatchHandler, Timed, Interruptible {
  over = false;
  readonly #parts: CallParts;
  #controller: Dispatcher.DispatchController | null = null;
  #status: number | null = null;
  #headers: ResponseHeaders = NO_HEADERS;
  #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #deadline: Deadline;
  readonly #hanging: Hanging | null;

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.#deadline = parts.ends.add(this);
    this.#hanging = parts.signal === undefined ? null : hangOn(parts.signal, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Its time ran out while it waited for a connection.
    if (this.over) controller.abort(new Error('over'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    // 1xx: the answer is still to come.
    if (this.over || status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    const room = KEPT_BYTES - this.#bytes;
    this.#chunks.push(chunk.byteLength > room ? chunk.subarray(0, room) : chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= KEPT_BYTES) this.#answered();
  }

  onResponseEnd(): void {
    this.#answered();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const { host } = this.#parts;
    this.#fail(toOutgoingError(error, { host, status: this.#status, body: this.#body() }));
  }

  #answered(): void {
    if (this.over || this.#status === null) return;
    this.#parts.resolve({ status: this.#status, headers: this.#headers, body: this.#body() ?? '' });
    // Only that of a longer answer is still open: reading on would cost what the receiver likes, so it is closed.
    this.#end(this.#bytes >= KEPT_BYTES);
  }

  interrupt(): void {
    this.#fail(interrupted());
  }

  /** Its time is over. */
  expire(): void {
    const { host, tryMs } = this.#parts;
    const seconds = tryMs / 1000;
    const what =
      this.#status === null
        ? `${host} did not answer within ${seconds} seconds.`
        : `${host} began to answer (${this.#status}) and did not finish within ${seconds} seconds.`;
    this.#fail(new OutgoingError('timeout', what, { status: this.#status, body: this.#body() }));
  }

  #fail(error: OutgoingError): void {
    if (this.over) return;
    this.#parts.reject(error);
    this.#end(true);
  }

  #end(close: boolean): void {
    this.over = true;
    this.#parts.ends.delete(this.#deadline);
    if (this.#hanging !== null) letGo(this.#hanging);
    this.#chunks = [];
    if (close) this.#controller?.abort(new Error('over'));
  }

  #body(): string | null {
    return this.#status === null ? null : keptText(this.#chunks, headerText(this.#headers['content-encoding']));
  }
}
