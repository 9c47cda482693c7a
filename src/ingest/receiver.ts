/**
 * One request on an ingest URL, from its first line to its answer. The order of the checks is: source, URL token, size, body,
 * then those of examine.ts, then the commit; the answers are those of the contract's table.
 */
import { performance } from 'node:perf_hooks';
import { receiptId } from '../core/ids.ts';
import { ALLOWED_METHODS, corsHeaders, preflightHeaders } from './cors.ts';
import { examine, isCheck } from './examine.ts';
import type { GroupCommit, Outcome } from './group-commit.ts';
import { answerCheck, answerNoContent, answerRefusal, answerStored, type Refusal } from './http/answers.ts';
import { type BodyRoom, MOST_BODY_BYTES } from './http/body-room.ts';
import { type Call, type FlatHeaders, NO_HEADERS } from './http/call.ts';
import { mayPass } from './may-pass.ts';
import type { IngestMetrics } from './metrics.ts';
import type { Rejections } from './rejections.ts';
import type { KnownSource, Lookup, SourceCache } from './source-cache.ts';
import { storedHeaders } from './stored-headers.ts';
import { parseTarget, type Target } from './target.ts';
import type { TestMarks } from './test-marks.ts';

export interface ReceiverParts {
  sources: SourceCache;
  commits: GroupCommit;
  rejections: Rejections;
  room: BodyRoom;
  metrics: IngestMetrics;
  marks: TestMarks;
  /** The sources could not be looked up. */
  lookupFailed(error: unknown): void;
  /** An adapter threw, which none may. */
  adapterThrew(error: unknown, provider: string): void;
}

/** Seconds for Retry-After: while the database is away, and when only this process has no room or is stopping. */
const RETRY_AWAY: FlatHeaders = ['Retry-After', '5'];
const RETRY_BUSY: FlatHeaders = ['Retry-After', '1'];
const NO_ROOM =
  'Too many requests are being taken at this moment, so nothing was stored. Try again after Retry-After seconds.';
const STOPPING = 'This server is stopping, so nothing was stored. Try again after Retry-After seconds.';
const TOO_LARGE = 'The body is over the limit of 1 MiB.';
/** Of the headers of a refused request this much is kept: whoever sends it need not be who they should. */
const MOST_REJECTED_HEADERS = 4096;
const EMPTY = Buffer.alloc(0);
/** Refusals that another secret would turn into a yes. */
const PERHAPS_ROTATED: ReadonlySet<Refusal> = new Set(['invalid_signature', 'invalid_credentials']);

/** One request on its way; kept small, there may be thousands. */
interface Exchange {
  call: Call;
  known: KnownSource;
  /** See Lookup. */
  stale: boolean;
  /** What is known was read after the request came: nothing newer is to be had. */
  asked: boolean;
  query: string;
  cors: FlatHeaders;
}

export class Receiver {
  private readonly parts: ReceiverParts;
  private draining = false;
  private whenIdle: (() => void) | null = null;
  /** Requests that were taken and are not answered yet. */
  inFlight = 0;

  constructor(parts: ReceiverParts) {
    this.parts = parts;
  }

  /** From now on requests get 503; resolves when those that were taken are answered. */
  async drain(): Promise<void> {
    this.draining = true;
    if (this.inFlight > 0) await new Promise<void>((resolve) => (this.whenIdle = resolve));
  }

  handle(call: Call): void {
    this.inFlight += 1;
    if (this.draining) {
      call.beLast();
      this.refuseStranger(call, 'store_unavailable', RETRY_BUSY, STOPPING);
      return;
    }
    const target = parseTarget(call.url);
    if (target === null) {
      this.parts.metrics.unknownSlug();
      this.refuseStranger(call, 'unknown_source', NO_HEADERS);
      return;
    }
    const known = this.parts.sources.peek(target.slug);
    if (known !== null) {
      this.route(call, target, { known, stale: false }, null);
      return;
    }
    this.lookUp(call, target);
  }

  /** Asks the database for the source, then goes on; a request that waits for that has its deadline from now. */
  private lookUp(call: Call, target: Target): void {
    const since = performance.now();
    this.parts.sources.find(target.slug).then(
      (lookup) => {
        if (lookup !== null) {
          this.route(call, target, lookup, since);
          return;
        }
        this.parts.metrics.unknownSlug();
        this.refuseStranger(call, 'unknown_source', NO_HEADERS);
      },
      (error: unknown) => {
        this.parts.lookupFailed(error);
        this.refuseStranger(call, 'store_unavailable', RETRY_AWAY);
      },
    );
  }

  /** `since`: when the request came, if its source had to be looked up first; its deadline counts from there. */
  private route(call: Call, target: Target, lookup: Lookup, since: number | null): void {
    const { known, stale } = lookup;
    const cors = corsHeaders(known.origins, call.headers.origin);
    const exchange: Exchange = { call, known, stale, asked: since !== null, query: target.query, cors };
    if (!mayPass(known, target.token)) {
      // The token may have been rotated a moment ago, by another process too.
      if (!exchange.asked) {
        this.lookUp(call, target);
        return;
      }
      const hint = 'The URL token is missing, or is not (any more) that of this source. Copy the ingest URL again.';
      this.refuseUnread(exchange, 'unknown_source', { hint });
      return;
    }
    switch (call.method) {
      case 'POST':
        this.receive(exchange, since);
        return;
      case 'GET':
      case 'HEAD':
        answerCheck(call, cors);
        this.done(exchange, 'check');
        return;
      case 'OPTIONS':
        answerNoContent(call, preflightHeaders(known.origins, call.headers.origin));
        this.done(exchange, 'check');
        return;
      default:
        this.refuseUnread(exchange, 'method_not_allowed', { extra: ['Allow', ALLOWED_METHODS] });
    }
  }

  private receive(exchange: Exchange, since: number | null): void {
    const announced = exchange.call.headers['content-length'];
    if (announced !== undefined && Number(announced) > MOST_BODY_BYTES) {
      this.refuseUnread(exchange, 'payload_too_large', { hint: TOO_LARGE, bytes: Number(announced) });
      return;
    }
    exchange.call.readBody({
      read: (body) => this.accept(exchange, body, since ?? performance.now()),
      refused: (why, head, bytes) => {
        if (why === 'too_large') this.refuseUnread(exchange, 'payload_too_large', { hint: TOO_LARGE, head, bytes });
        else this.refuseUnread(exchange, 'store_unavailable', { extra: RETRY_BUSY, message: NO_ROOM });
      },
      gone: () => this.done(exchange, 'gone'),
    });
  }

  /** The whole body is here. */
  private accept(exchange: Exchange, body: Buffer, since: number): void {
    const { call, known } = exchange;
    if (known.adapter.needs.urlToken && isCheck(body)) {
      answerCheck(call, exchange.cors);
      this.doneWith(exchange, body, 'check');
      return;
    }
    const request = { headers: call.headers, query: exchange.query, body, receivedAt: Date.now() };
    let seen: ReturnType<typeof examine>;
    try {
      seen = examine(known, request, this.parts.marks);
    } catch (error) {
      // Our fault, so no 4xx; and one bad body must not end the process for all others.
      this.parts.adapterThrew(error, known.source.provider);
      this.settle(exchange, EMPTY, body, 'unavailable');
      return;
    }
    if (!seen.ok && PERHAPS_ROTATED.has(seen.code) && !exchange.asked) {
      this.askAgain(exchange, body, since);
      return;
    }
    if (!seen.ok) {
      const retry = seen.retryAfter === undefined ? NO_HEADERS : ['Retry-After', String(seen.retryAfter)];
      answerRefusal(call, seen.code, [...retry, ...exchange.cors], seen.message);
      this.record(exchange, seen.code, seen.hint, body, body.byteLength);
      this.doneWith(exchange, body, seen.code);
      return;
    }
    const { receipt } = seen;
    if (exchange.stale) {
      // It may have been removed or rotated since; while the database is away nothing could be stored anyway.
      this.settle(exchange, receipt.key, body, 'unavailable');
      return;
    }
    this.parts.commits.add({
      ...receipt,
      since,
      settle: (outcome) => this.settle(exchange, receipt.key, body, outcome),
    });
  }

  /**
   * A proof that fails is tried once more with what the database says now, because the secret may have been rotated a moment
   * ago. Forgers cost one statement at a time, whatever their rate: those that come while it runs wait for the next.
   */
  private askAgain(exchange: Exchange, body: Buffer, since: number): void {
    exchange.asked = true;
    this.parts.sources.find(exchange.known.source.slug).then(
      (lookup) => {
        if (lookup !== null) exchange.known = lookup.known;
        this.accept(exchange, body, since);
      },
      () => this.accept(exchange, body, since),
    );
  }

  private settle(exchange: Exchange, key: Buffer, body: Buffer, outcome: Outcome): void {
    const { call, cors } = exchange;
    if (outcome === 'unavailable') {
      answerRefusal(call, 'store_unavailable', [...RETRY_AWAY, ...cors]);
      this.doneWith(exchange, body, 'store_unavailable');
      return;
    }
    answerStored(call, receiptId(key), outcome === 'duplicate', cors);
    this.doneWith(exchange, body, outcome);
  }

  /** Refuses a request of a known source whose body was not, or not wholly, read. Without a hint nothing is recorded. */
  private refuseUnread(
    exchange: Exchange,
    code: Refusal,
    how: { hint?: string; head?: Buffer; bytes?: number; extra?: FlatHeaders; message?: string },
  ): void {
    answerRefusal(exchange.call, code, [...(how.extra ?? NO_HEADERS), ...exchange.cors], how.message);
    if (how.hint !== undefined) this.record(exchange, code, how.hint, how.head ?? EMPTY, how.bytes ?? 0);
    this.done(exchange, code);
  }

  /** Refuses a request of which no source is known. */
  private refuseStranger(call: Call, code: Refusal, extra: FlatHeaders, message?: string): void {
    answerRefusal(call, code, extra, message);
    this.oneFewer();
  }

  private record(exchange: Exchange, reason: Refusal, hint: string, body: Buffer, bodyBytes: number): void {
    const { workspace, id: sourceId, tokens } = exchange.known.source;
    const at = Date.now();
    if (!this.parts.rejections.wants(sourceId, at)) return;
    const headers = storedHeaders(exchange.call.headers, tokens, MOST_REJECTED_HEADERS);
    this.parts.rejections.add({ workspace, sourceId, at, reason, hint, headers, body, bodyBytes });
  }

  private doneWith(exchange: Exchange, body: Buffer, result: string): void {
    this.parts.room.free(body.byteLength);
    this.done(exchange, result);
  }

  private done(exchange: Exchange, result: string): void {
    this.parts.metrics.request(exchange.known.source, result);
    this.oneFewer();
  }

  private oneFewer(): void {
    this.inFlight -= 1;
    if (this.inFlight > 0 || this.whenIdle === null) return;
    this.whenIdle();
    this.whenIdle = null;
  }
}
