/** Sends webhooks as the platforms do: keep-alive connections, retries with the platform's own manners. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { Browsers } from './browsers.ts';
import type { Delivery } from './faults.ts';
import type { Outcome } from './tally.ts';
import { type OutgoingRequest, requestFor, signsEachTry, type Target } from './target.ts';

export interface SenderOptions {
  /** Connections kept open, at most. */
  connections: number;
  /** Tries after the first; refusals (4xx) are answers and not tried again. */
  retries: number;
  /** Stops waiting between tries. */
  signal?: AbortSignal;
}

/** A platform waits this long for an answer (Svix: 15 s) before it counts the try as failed. */
const ANSWER_WITHIN_MS = 15_000;
/** The first pause between tries; doubles each time, ±20 % so that a crowd does not come back as one. */
const FIRST_PAUSE_MS = 500;
/** A receiver that says "come back tomorrow" must not hang the run. */
const LONGEST_PAUSE_MS = 60_000;

const NOTHING_LISTENS = 'nothing listens there';
const NO_SUCH_HOST = 'host name not found';
/** A wrong URL, unless somebody answered there before: not worth half a minute of tries. */
const NOBODY_THERE: ReadonlySet<string> = new Set([NOTHING_LISTENS, NO_SUCH_HOST]);

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** What one try came to: an end, or a reason to try again after `waitMs` at least. */
type Try = { end: true; outcome: OutcomeOfTry } | { end: false; reason: string; waitMs: number };
type OutcomeOfTry =
  | { kind: 'accepted' | 'duplicate'; status: number }
  | { kind: 'refused'; status: number; reason: string };

export class Sender {
  readonly #agent: Agent;
  readonly #options: SenderOptions;
  readonly #browsers: Browsers;
  /** The bytes of webhooks that will be sent again on purpose. */
  readonly #sentBytes = new WeakMap<Delivery, OutgoingRequest>();
  /** Somebody was there at least once: from then on a closed door is a restart, and worth another try. */
  #answered = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#agent = new Agent({
      connections: options.connections,
      headersTimeout: ANSWER_WITHIN_MS,
      bodyTimeout: ANSWER_WITHIN_MS,
      keepAliveTimeout: 30_000,
    });
    this.#browsers = new Browsers((request) => this.#answer(request, request.method));
  }

  /** Sends one webhook to its end. Never throws. `due`: when it should have gone out, by performance.now(). */
  async send(target: Target, delivery: Delivery, due = performance.now()): Promise<Outcome> {
    for (let tries = 1; ; tries++) {
      const request = this.#request(target, delivery, tries);
      const result = await this.#try(target, delivery, request);
      const ms = performance.now() - due;
      if (result.end) return { ...result.outcome, tries, ms };
      const stopped = this.#options.signal?.aborted === true;
      const giveUp = tries > this.#options.retries || stopped || (!this.#answered && NOBODY_THERE.has(result.reason));
      if (giveUp) return { kind: 'failed', reason: result.reason, tries, ms };
      const backoff = FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.8 + 0.4 * Math.random());
      const wait = Math.min(LONGEST_PAUSE_MS, Math.max(backoff, result.waitMs));
      await sleep(wait, undefined, { signal: this.#options.signal }).catch(() => {});
    }
  }

  /** Closes the connections once what is under way is answered. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  #request(target: Target, delivery: Delivery, tries: number): OutgoingRequest {
    if (delivery.kind === 'duplicate') {
      const original = this.#sentBytes.get(delivery.of);
      if (original !== undefined) return original;
    }
    const kept = this.#sentBytes.get(delivery);
    if (kept !== undefined && (tries === 1 || !signsEachTry(target.adapter))) return kept;
    const request = requestFor(target, delivery, Date.now());
    this.#sentBytes.set(delivery, request);
    return request;
  }

  async #try(target: Target, delivery: Delivery, request: OutgoingRequest): Promise<Try> {
    try {
      if (target.origin !== null) {
        const refusal = await this.#browsers.preflight(delivery.event.learner.index, request, target.origin);
        if (refusal !== null) return { end: true, outcome: refusal };
      }
      const answer = await this.#answer(request, 'POST');
      if (target.origin !== null && !this.#browsers.mayRead(answer, target.origin)) {
        // The browser shows the page a network error, whatever the receiver did.
        return {
          end: true,
          outcome: { kind: 'refused', status: answer.status, reason: 'no CORS header on the answer' },
        };
      }
      return judge(answer);
    } catch (error) {
      return { end: false, reason: networkReason(error), waitMs: 0 };
    }
  }

  async #answer(request: OutgoingRequest, method: 'POST' | 'OPTIONS'): Promise<Answer> {
    const response = await this.#agent.request({
      origin: request.url.origin,
      path: request.url.pathname + request.url.search,
      method,
      headers: request.headers,
      body: method === 'POST' ? request.body : null,
    });
    this.#answered = true;
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
  }
}

function judge(answer: Answer): Try {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    return {
      end: true,
      outcome: { kind: field(answer.text, 'duplicate') === true ? 'duplicate' : 'accepted', status },
    };
  }
  const error = field(answer.text, 'error');
  const reason =
    typeof error === 'string' ? error.slice(0, 60) : status >= 300 && status < 400 ? 'redirect' : `HTTP ${status}`;
  if (status >= 500 || status === 429 || status === 408) return { end: false, reason, waitMs: retryAfter(answer) };
  return { end: true, outcome: { kind: 'refused', status, reason } };
}

/** Milliseconds that Retry-After asks for: seconds, or a date. */
function retryAfter(answer: Answer): number {
  const value = answer.headers['retry-after'];
  if (typeof value !== 'string') return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}

function field(text: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    return (value as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function networkReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'ECONNREFUSED':
      return NOTHING_LISTENS;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return NO_SUCH_HOST;
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'connection broken';
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'no answer in time';
    default:
      return code === '' ? 'connection failed' : code;
  }
}
