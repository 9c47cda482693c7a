/**
 * One fact at a time, in order of arrival, into the attempts it belongs to. Called with all the attempts that the fact can
 * touch, read under their lock.
 */
import { hashUuid, type Uuid } from '../../core/ids.ts';
import type { EventType, Fact, Provider } from '../../core/vocabulary.ts';
import { type AttemptRecord, type Change, fillColumns, foldOf, takePayload } from './attempt-record.ts';
import { cut, type Segment } from './cut.ts';
import type { FoldedAttempt } from './fold-attempt.ts';
import { sameGrade } from './grade.ts';
import { type Evidence, type StoredFact, storeFact } from './stored-fact.ts';
import { type Added, addTelling } from './tellings.ts';

/** A fact with everything the fold needs to place it. */
export interface PlacedFact {
  fact: Fact;
  evidence: Evidence;
  workspace: number;
  sourceId: Uuid;
  provider: Provider;
  learnerId: Uuid | null;
  activityId: Uuid | null;
}

/** The attempts of one lock: one named attempt, or all of a learner on an activity whose platform names none. */
export interface AttemptGroup {
  /** For a named attempt its id, fixed by the platform's own; null for attempts cut from facts. */
  namedId: Uuid | null;
  records: AttemptRecord[];
}

/** Applies one fact. Returns what changed; an empty list when the fact says nothing new. */
export function applyFact(group: AttemptGroup, placed: PlacedFact): Change[] {
  return group.namedId === null ? applyToCut(group, placed) : applyToNamed(group, group.namedId, placed);
}

function applyToNamed(group: AttemptGroup, id: Uuid, placed: PlacedFact): Change[] {
  const { fact } = placed;
  let record = group.records[0];
  const before = record === undefined || record.facts.length === 0 ? null : foldOf(record);
  if (record === undefined) {
    record = newRecord(id, placed, fact.attempt?.by === 'named' ? fact.attempt.externalId : null);
    group.records.push(record);
  }
  const { stored, payload } = storeFact(fact, placed.evidence);
  if (placed.learnerId !== null || placed.activityId !== null) stored.w = [placed.learnerId, placed.activityId];
  const added = addTelling(record.facts, stored);
  if (added === 'known') return [];
  touch(record);
  record.learnerId = firstNamed(record.facts, 0);
  record.activityId = firstNamed(record.facts, 1);
  if (added !== 'repeated') takePayload(record, stored, payload);
  fillColumns(record);
  return changesOf(added, placed, record, before);
}

/** Whose (0) or what (1) the attempt is: as the earliest fact says that says it, by the platform's clock. */
function firstNamed(facts: readonly StoredFact[], which: 0 | 1): Uuid | null {
  let first: StoredFact | null = null;
  for (const fact of facts) {
    if ((fact.w?.[which] ?? null) === null) continue;
    if (first === null || fact.at < first.at || (fact.at === first.at && fact.k < first.k)) first = fact;
  }
  return first?.w?.[which] ?? null;
}

function applyToCut(group: AttemptGroup, placed: PlacedFact): Change[] {
  const { stored, payload } = storeFact(placed.fact, placed.evidence);
  const facts = group.records.flatMap((record) => record.facts);
  const added = addTelling(facts, stored);
  if (added === 'known') return [];
  const before = new Map<AttemptRecord, FoldedAttempt>();
  for (const record of group.records) if (record.facts.length > 0) before.set(record, foldOf(record));

  // Losing tellings follow the one that counts.
  const evidence = new Map<string, StoredFact[]>();
  for (const fact of facts) if (fact.d === 1) evidence.set(fact.k, [...(evidence.get(fact.k) ?? []), fact]);
  const segments = cut(facts.filter((fact) => fact.d !== 1));
  const owners = assign(segments, group.records, placed);
  let changed: AttemptRecord | null = null;
  const records: AttemptRecord[] = [];
  segments.forEach((segment, i) => {
    const record = owners[i];
    if (record === undefined) return;
    records.push(record);
    const all = segment.facts.flatMap((fact) => [fact, ...(evidence.get(fact.k) ?? [])]);
    if (record.closedAt !== segment.closedAt || !sameFacts(record.facts, all)) {
      record.facts = all;
      record.closedAt = segment.closedAt;
      touch(record).folded = null;
    }
    if (segment.facts.includes(stored)) {
      changed = record;
      takePayload(record, stored, payload);
    } else if (added === 'repeated' && all.includes(stored)) changed = record;
    for (const anchor of [segment.opening, segment.closing]) {
      if (anchor !== null && record.anchors !== null && !record.anchors.includes(anchor.k))
        record.anchors.push(anchor.k);
    }
  });
  for (const record of records) if (record.dirty) fillColumns(record);
  // An attempt that lost all its facts to others is gone: left without facts, its row is deleted.
  for (const record of group.records) {
    if (!records.includes(record) && record.facts.length > 0) {
      record.facts = [];
      touch(record);
    }
  }
  group.records = [...records, ...group.records.filter((record) => !records.includes(record))];

  const changes: Change[] = [];
  for (const record of records) {
    const was = before.get(record) ?? null;
    if (record === changed) changes.push(...changesOf(added, placed, record, was));
    else if (added === 'new' && foldOf(record).state === 'abandoned' && was?.state !== 'abandoned') {
      // Closed by this start: nobody told, so the event is ours.
      changes.push(change('attempt.abandoned', `closed|${record.id}|${record.closedAt}`, record, null));
    }
  }
  return changes;
}

/**
 * Which row each segment is: the one that held its closing fact, else its opening fact, else any of its facts, else a new
 * one whose id is anchored on the opening fact, else the closing one. An id once published so stays with what it named.
 */
function assign(segments: readonly Segment[], records: readonly AttemptRecord[], placed: PlacedFact): AttemptRecord[] {
  // Those that hold the fact now come before those that once did.
  const byAnchor = new Map<string, AttemptRecord[]>();
  const know = (k: string, record: AttemptRecord): void => {
    const known = byAnchor.get(k);
    if (known === undefined) byAnchor.set(k, [record]);
    else known.push(record);
  };
  for (const record of records) for (const fact of record.facts) know(fact.k, record);
  for (const record of records) for (const k of record.anchors ?? []) know(k, record);
  const taken = new Set<AttemptRecord>();
  const owners = new Array<AttemptRecord | undefined>(segments.length).fill(undefined);
  const claim = (anchorsOf: (segment: Segment) => readonly (StoredFact | null)[]) => {
    segments.forEach((segment, i) => {
      if (owners[i] !== undefined) return;
      for (const anchor of anchorsOf(segment)) {
        const record = anchor === null ? undefined : byAnchor.get(anchor.k)?.find((known) => !taken.has(known));
        if (record !== undefined) {
          owners[i] = record;
          taken.add(record);
          return;
        }
      }
    });
  };
  claim((segment) => [segment.closing]);
  claim((segment) => [segment.opening]);
  claim((segment) => segment.facts);
  const ids = new Set(records.map((record) => record.id));
  return segments.map((segment, i) => {
    const owner = owners[i];
    if (owner !== undefined) return owner;
    const anchors = [segment.opening, segment.closing, ...segment.facts].filter((anchor) => anchor !== null);
    const record = newRecord(freeId(anchors, ids, placed), placed, null);
    ids.add(record.id);
    record.anchors = [];
    return record;
  });
}

/** The first id made from an anchor that no attempt of the group bears: a row that lost its anchor keeps the id it was given. */
function freeId(anchors: readonly StoredFact[], taken: ReadonlySet<Uuid>, placed: PlacedFact): Uuid {
  for (let round = 0; ; round++) {
    for (const anchor of anchors) {
      const again = round === 0 ? [] : [String(round)];
      const id = hashUuid(
        'attempt',
        String(placed.workspace),
        placed.learnerId ?? '',
        placed.activityId ?? '',
        anchor.k,
        ...again,
      );
      if (!taken.has(id)) return id;
    }
  }
}

function changesOf(added: Added, placed: PlacedFact, record: AttemptRecord, before: FoldedAttempt | null): Change[] {
  if (added !== 'new') return [];
  const { fact } = placed;
  const after = foldOf(record);
  const wasCompleted = before !== null && before.completedAt !== null;
  const changes: Change[] = [];
  if (fact.type === 'attempt.completed' && !wasCompleted) changes.push(change(fact.type, fact.key, record, null));
  else if (fact.type === 'attempt.completed' || fact.type === 'attempt.regraded') {
    if (wasCompleted && before !== null && !sameGrade(before.figures, after.figures)) {
      const previous = { score: before.figures.score, percentage: before.figures.percentage };
      changes.push(change('attempt.regraded', fact.key, record, previous));
    }
  } else if (fact.type !== 'attempt.revoked') changes.push(change(fact.type, fact.key, record, null));
  if (after.state === 'revoked' && before?.state !== 'revoked') {
    changes.push(change('attempt.revoked', fact.key, record, null));
  }
  return changes;
}

function change(type: EventType, key: string, record: AttemptRecord, previous: Change['previous']): Change {
  return { type, key, record, attempt: foldOf(record), previous };
}

function newRecord(id: Uuid, placed: PlacedFact, externalId: string | null): AttemptRecord {
  return {
    id,
    sourceId: placed.sourceId,
    provider: placed.provider,
    externalId,
    learnerId: placed.learnerId,
    activityId: placed.activityId,
    facts: [],
    closedAt: null,
    anchors: null,
    responses: { set: null },
    breakdowns: { set: null },
    certificate: { set: null },
    platform: { set: null },
    folded: null,
    dirty: true,
    stored: false,
  };
}

function touch(record: AttemptRecord): AttemptRecord {
  record.dirty = true;
  record.folded = null;
  return record;
}

function sameFacts(a: readonly StoredFact[], b: readonly StoredFact[]): boolean {
  return a.length === b.length && a.every((fact) => b.includes(fact));
}
