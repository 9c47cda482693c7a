/**
 * Sources by slug, for the receive path. Rules, each with what it prevents:
 * - What is not known is always asked of the database: a source made a moment ago by another process is never a 404. A flood of
 *   unknown slugs costs one statement at a time, whatever its rate, because the next ones gather while it runs.
 * - What is known is used for 4 s, counted from before it was read, and read again in the background after 2 s: a removed or
 *   rotated source is dead within 5 s, without relying on NOTIFY.
 * - When the database cannot be asked, nothing is a 404: known sources still verify, but stay marked as stale.
 */
import { performance } from 'node:perf_hooks';
import type { Adapter } from '../adapters/adapter.ts';
import { adapterFor } from '../adapters/registry.ts';
import type { SecretBox } from '../core/encryption.ts';
import type { Database } from '../db/database.ts';
import { findSourcesBySlug } from '../sources/find-sources-by-slug.ts';
import type { Source } from '../sources/source.ts';
import { TokenBucket } from './token-bucket.ts';

/** A source with what the receive path needs of it, made once per reading. */
export interface KnownSource {
  source: Source;
  adapter: Adapter;
  /** The id as 16 bytes. */
  idBytes: Buffer;
  /** URL tokens as bytes, for comparison in constant time. */
  tokens: readonly Buffer[];
  /** Origins whose browsers may post. */
  origins: ReadonlySet<string>;
  /** null: no limit. */
  bucket: TokenBucket | null;
  /** performance.now() from before it was read. */
  readAt: number;
}

export interface Lookup {
  known: KnownSource;
  /** The database could not be asked whether this still holds. */
  stale: boolean;
}

const REFRESH_AFTER_MS = 2000;
/** With a lookup of at most LOOKUP_TIMEOUT_MS behind it, below the 5 s that the contract allows. */
const USABLE_MS = 4000;
/** Leaves time for the 503 within 2 s. */
const LOOKUP_TIMEOUT_MS = 1000;
/** Keeps one statement small under a flood of unknown slugs. */
const MOST_SLUGS = 500;
/** Sources are few; this only bounds the memory of an instance that makes and removes them by the thousand. */
const MOST_KNOWN = 10_000;

interface Question {
  answer(lookup: Lookup | null): void;
  fail(error: Error): void;
}

export class SourceCache {
  private readonly db: Database;
  private readonly box: SecretBox;
  private readonly known = new Map<string, KnownSource>();
  private questions = new Map<string, Question[]>();
  private asking = false;

  constructor(db: Database, box: SecretBox) {
    this.db = db;
    this.box = box;
  }

  /** The source of a slug, if it was read less than 4 s ago; else null, which says nothing: ask with `find`. */
  peek(slug: string): KnownSource | null {
    const known = this.known.get(slug);
    if (known === undefined) return null;
    const age = performance.now() - known.readAt;
    if (age > USABLE_MS) return null;
    if (age > REFRESH_AFTER_MS && !this.questions.has(slug)) this.ask(slug, null);
    return known;
  }

  /** Asks the database. Null: there is no such source. Throws when it cannot be asked and the source was never read. */
  find(slug: string): Promise<Lookup | null> {
    return new Promise((answer, fail) => this.ask(slug, { answer, fail }));
  }

  private ask(slug: string, question: Question | null): void {
    const others = this.questions.get(slug);
    if (others === undefined) this.questions.set(slug, question === null ? [] : [question]);
    else if (question !== null) others.push(question);
    if (!this.asking) void this.work();
  }

  private async work(): Promise<void> {
    this.asking = true;
    while (this.questions.size > 0) {
      // Questions that come from here on are not in this statement, so its answer cannot be older than they are.
      const round = new Map([...this.questions].slice(0, MOST_SLUGS));
      for (const slug of round.keys()) this.questions.delete(slug);
      const readAt = performance.now();
      try {
        const found = await within(LOOKUP_TIMEOUT_MS, findSourcesBySlug(this.db, this.box, [...round.keys()]));
        for (const [slug, questions] of round) this.settle(slug, questions, found.get(slug), readAt);
      } catch (error) {
        for (const [slug, questions] of round) this.unanswered(slug, questions, error);
      }
    }
    this.asking = false;
  }

  private settle(
    slug: string,
    questions: readonly Question[],
    found: Source | Error | undefined,
    readAt: number,
  ): void {
    if (found === undefined) {
      this.known.delete(slug);
      for (const question of questions) question.answer(null);
      return;
    }
    if (found instanceof Error) {
      this.known.delete(slug);
      for (const question of questions) question.fail(found);
      return;
    }
    const known = toKnown(found, this.known.get(slug), readAt);
    // Newest last, so that the oldest reading is the one that goes.
    this.known.delete(slug);
    this.known.set(slug, known);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
    for (const question of questions) question.answer({ known, stale: false });
  }

  private unanswered(slug: string, questions: readonly Question[], cause: unknown): void {
    const known = this.known.get(slug);
    for (const question of questions) {
      if (known === undefined) question.fail(new Error('The database could not be asked for a source.', { cause }));
      else question.answer({ known, stale: true });
    }
  }
}

function toKnown(source: Source, before: KnownSource | undefined, readAt: number): KnownSource {
  const adapter = adapterFor(source.provider);
  const { rateLimit } = source;
  // The bucket lives on over readings; a fresh one every 2 s would let twice the rate through.
  const bucket =
    rateLimit === null
      ? null
      : before?.bucket?.perSecond === rateLimit
        ? before.bucket
        : new TokenBucket(rateLimit, performance.now());
  return {
    source,
    adapter,
    idBytes: Buffer.from(source.id.replaceAll('-', ''), 'hex'),
    tokens: source.tokens.map((token) => Buffer.from(token)),
    origins: new Set(source.allowedOrigins ?? adapter.defaultOrigins),
    bucket,
    readAt,
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The database did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
