/**
 * The learners' browsers, for platforms that post from there (Easygenerator): a cross-origin POST of JSON asks first
 * (a CORS preflight), goes out only when the answer allows it, and shows its answer to the page only when that says so.
 * Fetch standard, https://fetch.spec.whatwg.org/#http-cors-protocol.
 */
import type { OutgoingRequest } from './target.ts';

interface PreflightAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

type Ask = (request: OutgoingRequest & { method: 'OPTIONS' }) => Promise<PreflightAnswer>;

/** What browsers assume when the answer names no Access-Control-Max-Age. */
const DEFAULT_MAX_AGE_SECONDS = 5;
/** Chromium remembers an answer no longer than this. */
const LONGEST_MAX_AGE_SECONDS = 7200;

export class Browsers {
  readonly #ask: Ask;
  /** Learner and URL → until when (milliseconds since 1970) the permission holds. */
  readonly #allowed = new Map<string, number>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Asks for permission unless this learner's browser has it; null when granted, else why the POST is not made. */
  async preflight(
    learner: number,
    request: OutgoingRequest,
    origin: string,
  ): Promise<{ kind: 'refused'; status: number; reason: string } | null> {
    const key = `${learner} ${request.url.href}`;
    if ((this.#allowed.get(key) ?? 0) > Date.now()) return null;
    const answer = await this.#ask({
      url: request.url,
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
        'user-agent': request.headers['user-agent'] ?? '',
      },
      body: Buffer.alloc(0),
    });
    const { status } = answer;
    if (status < 200 || status > 299) return { kind: 'refused', status, reason: 'preflight refused' };
    if (!this.mayRead(answer, origin)) return { kind: 'refused', status, reason: 'preflight: origin not allowed' };
    const headers = list(answer.headers['access-control-allow-headers']);
    if (!headers.includes('content-type') && !headers.includes('*')) {
      return { kind: 'refused', status, reason: 'preflight: Content-Type not allowed' };
    }
    const told = Number(answer.headers['access-control-max-age'] ?? DEFAULT_MAX_AGE_SECONDS);
    const seconds = Number.isFinite(told) ? Math.min(told, LONGEST_MAX_AGE_SECONDS) : DEFAULT_MAX_AGE_SECONDS;
    this.#allowed.set(key, Date.now() + seconds * 1000);
    return null;
  }

  /** Whether a page of that origin may see the answer. */
  mayRead(answer: PreflightAnswer, origin: string): boolean {
    const allowed = answer.headers['access-control-allow-origin'];
    return allowed === origin || allowed === '*';
  }
}

function list(value: string | string[] | undefined): string[] {
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).split(',').map((name) => name.trim().toLowerCase());
}
