/**
 * A fact as it is kept in `attempts.facts`: everything the fold needs to make the row again, short because every attempt
 * carries its own. What is large (answers, breakdowns, the platform's extra fields) stands once in the row's columns; `p`
 * says which of them this fact brought.
 */
import { hash } from 'node:crypto';
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type {
  Breakdown,
  Certificate,
  Fact,
  FactType,
  Figures,
  JsonObject,
  Response,
  Verification,
} from '../../core/vocabulary.ts';

export interface StoredFact {
  /** SHA-256 of the fact's key, the first 16 bytes in base64url: facts with equal `k` mean the same. */
  k: string;
  t: FactType;
  at: Instant;
  /** The receipt's seq: order of arrival. */
  s: number;
  /** The first 16 bytes of the receipt's key in hex: its public id without the prefix. */
  r: string;
  v: Verification;
  /** Ordered by arrival instead of by `at`. */
  o?: 1;
  /** Another telling of the same meaning that lost to a richer one: evidence only. */
  d?: 1;
  /** Figures told (those that are not null). */
  f?: Partial<Figures>;
  /** Figures changed by an override. */
  c?: Partial<Figures>;
  /** startedAt, completedAt told besides `at`. */
  sa?: Instant;
  ca?: Instant;
  /** Step: external id, index, total. */
  st?: [string, number | null, number | null];
  /** A try of a step that passed. */
  ok?: 1;
  /** A jump to the step, over those between. */
  j?: 1;
  /** Whose and what the fact says the attempt is: learner id, activity id (attempts that the platform names). */
  w?: [Uuid | null, Uuid | null];
  rv?: boolean;
  x?: 1;
  /** The one answer of a question.answered. */
  q?: Response[];
  /** What else would stand in columns, where the fact may move to another attempt (attempts cut from facts). */
  m?: Partial<Payload>;
  /** Payload bits: what this fact brought to the row's columns. */
  p?: number;
  /** How many extra fields of the platform it brought. */
  n?: number;
}

/** The large parts of a fact. */
export interface Payload {
  responses: Response[] | null;
  breakdowns: Breakdown[] | null;
  certificate: Certificate | null;
  platform: JsonObject | null;
}

export const PAYLOAD_BITS = { responses: 1, breakdowns: 2, certificate: 4, platform: 8 } as const satisfies Record<
  keyof Payload,
  number
>;

const NOTHING: Payload = { responses: null, breakdowns: null, certificate: null, platform: null };

/** Where a fact came from. */
export interface Evidence {
  seq: number;
  /** Hex, see StoredFact.r. */
  receipt: string;
  verification: Verification;
}

/** The short form of a fact's key. */
function factKey(key: string): string {
  return hash('sha256', key, 'base64url').slice(0, 22);
}

/**
 * The stored form of a fact. A fact of an attempt that no platform names may move to another attempt when an earlier one
 * arrives late, so it carries its extra fields with it; a completion never leaves its row and brings them to the columns.
 */
export function storeFact(fact: Fact, evidence: Evidence): { stored: StoredFact; payload: Payload } {
  const stored: StoredFact = {
    // A correction that bears no version counts in order of arrival, so each telling of it is one of its own.
    k: factKey(fact.order === 'received' ? `${fact.key}|${evidence.receipt}` : fact.key),
    t: fact.type,
    at: fact.at,
    s: evidence.seq,
    r: evidence.receipt,
    v: evidence.verification,
  };
  if (fact.order === 'received') stored.o = 1;
  if (fact.figures !== null) stored.f = notNull(fact.figures);
  if (fact.changes !== null) stored.c = notNull(fact.changes);
  if (fact.startedAt !== null) stored.sa = fact.startedAt;
  if (fact.completedAt !== null) stored.ca = fact.completedAt;
  if (fact.step !== null) stored.st = [fact.step.externalId, fact.step.index, fact.step.total];
  if (fact.type === 'step.attempted' && fact.data.passed === true) stored.ok = 1;
  if (fact.type === 'step.skipped' && fact.data.skippedTo === true) stored.j = 1;
  if (fact.revoked !== null) stored.rv = fact.revoked;
  if (fact.test) stored.x = 1;
  const answer = fact.type === 'question.answered';
  if (answer && fact.responses !== null) stored.q = fact.responses;
  const told: Payload = {
    responses: answer ? null : fact.responses,
    breakdowns: fact.breakdowns,
    certificate: fact.certificate,
    platform: Object.keys(fact.platform).length === 0 ? null : fact.platform,
  };
  if (fact.attempt?.by === 'derived' && fact.type !== 'attempt.completed') {
    const carried = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
    if (Object.keys(carried).length > 0) stored.m = carried;
    return { stored, payload: NOTHING };
  }
  const payload = told;
  let bits = 0;
  if (payload.responses !== null) bits |= PAYLOAD_BITS.responses;
  if (payload.breakdowns !== null) bits |= PAYLOAD_BITS.breakdowns;
  if (payload.certificate !== null) bits |= PAYLOAD_BITS.certificate;
  if (payload.platform !== null) bits |= PAYLOAD_BITS.platform;
  if (bits !== 0) stored.p = bits;
  if (payload.platform !== null) stored.n = Object.keys(payload.platform).length;
  return { stored, payload };
}

function notNull(figures: Partial<Figures>): Partial<Figures> {
  const told: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(figures)) if (value !== null && value !== undefined) told[name] = value;
  return told as Partial<Figures>;
}

/** How much a telling says: of two tellings of the same meaning the richer one counts. */
function richness(fact: StoredFact): number {
  const answers = (fact.p ?? 0) & PAYLOAD_BITS.responses ? 1_000_000 : 0;
  return answers + 1000 * Object.keys(fact.f ?? {}).length + (fact.n ?? 0);
}

/**
 * Which of two tellings of the same meaning counts: the richer, then the one whose figures sort first, then the receipt id:
 * a total order over contents, so that any order of arrival ends with the same winner. Negative: `a` counts.
 */
export function compareTellings(a: StoredFact, b: StoredFact): number {
  const byRichness = richness(b) - richness(a);
  if (byRichness !== 0) return byRichness;
  const textA = figuresText(a);
  const textB = figuresText(b);
  if (textA !== textB) return textA < textB ? -1 : 1;
  return a.r < b.r ? -1 : a.r > b.r ? 1 : 0;
}

/** Names in one order: facts read back from jsonb have theirs in another than new ones. */
function figuresText(fact: StoredFact): string {
  return JSON.stringify(Object.entries(fact.f ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
