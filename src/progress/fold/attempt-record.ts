/** An attempt in the hands of the fold: what was read of its row, and what is to be written. */
import type { Uuid } from '../../core/ids.ts';
import type { Breakdown, Certificate, EventType, JsonObject, Provider, Response } from '../../core/vocabulary.ts';
import type { Segment } from './cut.ts';
import { type FoldedAttempt, foldAttempt } from './fold-attempt.ts';
import { inOrderOfVersions } from './grade.ts';
import { PAYLOAD_BITS, type Payload, type StoredFact } from './stored-fact.ts';

/** A large column: written with a value, or left as it stands in the database. */
export type Column<T> = { set: T | null } | 'keep';

export interface AttemptRecord {
  id: Uuid;
  sourceId: Uuid;
  provider: Provider;
  externalId: string | null;
  learnerId: Uuid | null;
  activityId: Uuid | null;
  facts: StoredFact[];
  /** When a second start closed it (attempts cut from facts). */
  closedAt: Segment['closedAt'];
  anchors: string[] | null;
  responses: Column<Response[]>;
  breakdowns: Column<Breakdown[]>;
  certificate: Column<Certificate>;
  platform: Column<JsonObject>;
  /** The fold of `facts`; null: not made since they changed. */
  folded: FoldedAttempt | null;
  dirty: boolean;
  /** It has a row already. */
  stored: boolean;
}

/** What a fact changed, as the feed tells it. */
export interface Change {
  type: EventType;
  /** With the type, the identity of the event. */
  key: string;
  record: AttemptRecord;
  /** The record's fold at that moment. */
  attempt: FoldedAttempt;
  /** The grade before, for attempt.regraded. */
  previous: { score: number | null; percentage: number | null } | null;
}

/** The fold of a record as it stands now. */
export function foldOf(record: AttemptRecord): FoldedAttempt {
  record.folded ??= foldAttempt(record.facts, record.closedAt);
  return record.folded;
}

/** After `fact` came to count in the record: sets those columns that it is the newest teller of. */
export function takePayload(record: AttemptRecord, fact: StoredFact, payload: Payload): void {
  if (newestTeller(record, PAYLOAD_BITS.responses) === fact) record.responses = { set: payload.responses };
  if (newestTeller(record, PAYLOAD_BITS.breakdowns) === fact) record.breakdowns = { set: payload.breakdowns };
  if (newestTeller(record, PAYLOAD_BITS.certificate) === fact) record.certificate = { set: payload.certificate };
  if (newestTeller(record, PAYLOAD_BITS.platform) === fact) record.platform = { set: payload.platform };
}

/** Columns that no fact brought are made from what the facts carry themselves. */
export function fillColumns(record: AttemptRecord): void {
  if (newestTeller(record, PAYLOAD_BITS.responses) === null) {
    record.responses = { set: foldOf(record).answers ?? newestCarried(record, 'responses') };
  }
  if (newestTeller(record, PAYLOAD_BITS.breakdowns) === null) {
    record.breakdowns = { set: newestCarried(record, 'breakdowns') };
  }
  if (newestTeller(record, PAYLOAD_BITS.certificate) === null) {
    record.certificate = { set: newestCarried(record, 'certificate') };
  }
  if (newestTeller(record, PAYLOAD_BITS.platform) === null) {
    record.platform = { set: newestCarried(record, 'platform') };
  }
}

function newestTeller(record: AttemptRecord, bit: number): StoredFact | null {
  const [only] = record.facts;
  // Nearly always: asked eight times for each attempt.
  if (only !== undefined && record.facts.length === 1) return ((only.p ?? 0) & bit) !== 0 && only.d !== 1 ? only : null;
  const tellers = record.facts.filter((fact) => ((fact.p ?? 0) & bit) !== 0 && fact.d !== 1);
  return inOrderOfVersions(tellers).at(-1) ?? null;
}

function newestCarried<Name extends keyof Payload>(record: AttemptRecord, name: Name): Payload[Name] | null {
  if (record.facts.length === 1 && record.facts[0]?.m === undefined) return null;
  const carriers = record.facts.filter((fact) => fact.m?.[name] !== undefined && fact.d !== 1);
  return inOrderOfVersions(carriers).at(-1)?.m?.[name] ?? null;
}
