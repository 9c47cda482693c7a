/**
 * Facts of a batch of receipts → progress rows, in the caller's transaction, by a fixed number of set-based statements. Says
 * what changed, as rows for the feed.
 */

import { rulesInForce } from '../../cohorts/apply-rules.ts';
import { hashUuid, type Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { EventType, Fact, JsonObject, Provider, Verification } from '../../core/vocabulary.ts';
import type { Queryable, Transaction } from '../../db/database.ts';
import { type AttemptGroup, applyFact } from '../fold/apply-fact.ts';
import type { Change } from '../fold/attempt-record.ts';
import { markAttempts } from '../rollups/mark-dirty.ts';
import { type ActivityMention, activityId, upsertActivities } from './activities.ts';
import { type CutGroupKey, deleteEmpty, lockGroups, readCut, readNamed, saveAttempts } from './attempts-store.ts';
import { joinCohorts } from './join-cohorts.ts';
import { findPeople, type Mention, personKey } from './people.ts';

/** One receipt and what it means. */
export interface ReceiptFacts {
  seq: number;
  receivedAt: Date;
  key: Buffer;
  sourceId: Uuid;
  provider: Provider;
  verification: Verification;
  test: boolean;
  facts: readonly Fact[];
}

/** Something for the feed; the fields are those of the table `events`. */
export interface ProgressEvent {
  id: Uuid;
  type: EventType;
  occurredAt: Instant;
  receivedAt: Date;
  sourceId: Uuid;
  receiptSeq: number;
  receiptKey: Buffer;
  verification: Verification;
  test: boolean;
  learnerId: Uuid | null;
  activityId: Uuid | null;
  attemptId: Uuid | null;
  payload: string;
}

interface Placed {
  receipt: ReceiptFacts;
  fact: Fact;
  learnerId: Uuid | null;
  activityId: Uuid | null;
  group: string | null;
}

export interface Projected {
  /** What the facts mean for the feed, in the order of arrival. */
  events: ProgressEvent[];
  /** Attempts stand empty that the end of a rebuild has to look at (finishRebuild). */
  emptied: boolean;
}

/** Projects the facts of receipts, given in order of arrival, under `shareRules`. What it wrote may still be on its way. */
export async function projectFacts(
  tx: Transaction,
  workspace: number,
  receipts: readonly ReceiptFacts[],
): Promise<Projected> {
  const { placed, activities } = await place(tx, workspace, receipts);
  const [groups, rules] = await Promise.all([readGroups(tx, workspace, placed), rulesInForce(tx, workspace)]);
  const events: ProgressEvent[] = [];
  const outside = new Set<ProgressEvent>();
  for (const one of placed) {
    const group = one.group === null ? undefined : groups.get(one.group);
    if (group === undefined) {
      const event = eventOfFact(workspace, one);
      outside.add(event);
      events.push(event);
      continue;
    }
    const { receipt, fact } = one;
    const changes = applyFact(group, {
      fact,
      evidence: { seq: receipt.seq, receipt: receipt.key.toString('hex', 0, 16), verification: receipt.verification },
      workspace,
      sourceId: receipt.sourceId,
      provider: receipt.provider,
      learnerId: one.learnerId,
      activityId: one.activityId,
    });
    for (const change of changes) events.push(eventOfChange(workspace, one, change));
  }
  const changed = [...groups.values()].flatMap((group) => group.records).filter((record) => record.dirty);
  const lost = changed.filter((record) => record.facts.length === 0).map((record) => record.id);
  const emptied = await deleteEmpty(tx, workspace, lost);
  saveAttempts(
    tx,
    workspace,
    changed.filter((r) => r.facts.length > 0),
  );
  markAttempts(tx, workspace, changed);
  await joinCohorts(tx, workspace, rules, placed);
  upsertActivities(tx, workspace, activities);
  if (outside.size === 0) return { events, emptied };
  const fresh = await notYetTold(tx, workspace, [...outside]);
  return { events: events.filter((event) => !outside.has(event) || fresh.delete(event.id)), emptied };
}

/** Of events outside of attempts, those never told before; a set, because one batch may hold the same twice. */
async function notYetTold(tx: Queryable, workspace: number, events: readonly ProgressEvent[]): Promise<Set<Uuid>> {
  const ids = [...new Set(events.map((event) => event.id))].sort();
  const rows = await tx.query<{ id: Uuid }>(
    `INSERT INTO told_facts (workspace, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id
     ON CONFLICT DO NOTHING RETURNING event_id AS id`,
    [workspace, ids],
  );
  return new Set(rows.map((row) => row.id));
}

async function place(
  tx: Transaction,
  workspace: number,
  receipts: readonly ReceiptFacts[],
): Promise<{ placed: Placed[]; activities: ReadonlyMap<Uuid, readonly ActivityMention[]> }> {
  const mentions: Mention[] = [];
  const activities = new Map<Uuid, ActivityMention[]>();
  const placed: Placed[] = [];
  for (const receipt of receipts) {
    const { facts, provider, sourceId, test } = receipt;
    for (const fact of facts) {
      const one: Placed = { receipt, fact, learnerId: null, activityId: null, group: null };
      placed.push(one);
      if (fact.learner !== null) mentions.push({ ref: fact.learner, provider, sourceId, at: fact.at, test });
      if (fact.activity === null) continue;
      const mention = { ref: fact.activity, provider, sourceId, at: fact.at };
      one.activityId = activityId(workspace, mention);
      const known = activities.get(one.activityId);
      if (known === undefined) activities.set(one.activityId, [mention]);
      else known.push(mention);
    }
  }
  const people = await findPeople(tx, workspace, mentions);
  for (const one of placed) {
    const { provider, sourceId } = one.receipt;
    const ref = one.fact.learner;
    if (ref !== null) one.learnerId = people.get(personKey({ ref, provider, sourceId })) ?? null;
    one.group = groupOf(workspace, one);
  }
  return { placed, activities };
}

/** The lock of a fact: `att|<id>` for a named attempt, `cut|<learner>|<activity>` where the platform names none. */
function groupOf(workspace: number, { receipt, fact, learnerId, activityId }: Placed): string | null {
  if (fact.attempt === null) return null;
  if (fact.attempt.by === 'named') {
    const realm = fact.attempt.realm ?? receipt.sourceId;
    return `att|${hashUuid('attempt', String(workspace), receipt.provider, realm, fact.attempt.externalId)}`;
  }
  return learnerId === null || activityId === null ? null : `cut|${learnerId}|${activityId}`;
}

async function readGroups(
  tx: Transaction,
  workspace: number,
  placed: readonly Placed[],
): Promise<Map<string, AttemptGroup>> {
  const groups = new Map<string, AttemptGroup>();
  const named: Uuid[] = [];
  const cuts: CutGroupKey[] = [];
  for (const { group, learnerId, activityId } of placed) {
    if (group === null || groups.has(group)) continue;
    const namedId = group.startsWith('att|') ? group.slice(4) : null;
    groups.set(group, { namedId, records: [] });
    if (namedId !== null) named.push(namedId);
    else if (learnerId !== null && activityId !== null) cuts.push({ learnerId, activityId });
  }
  lockGroups(tx, workspace, [...groups.keys()]);
  const [asNamed, asCut] = await Promise.all([readNamed(tx, workspace, named), readCut(tx, workspace, cuts)]);
  for (const record of asNamed) groups.get(`att|${record.id}`)?.records.push(record);
  for (const record of asCut) {
    groups.get(`cut|${record.learnerId}|${record.activityId}`)?.records.push(record);
  }
  return groups;
}

function eventOfFact(workspace: number, { receipt, fact, learnerId, activityId }: Placed): ProgressEvent {
  return {
    ...common(receipt, fact),
    id: eventId(workspace, receipt, fact.type, fact.key),
    type: fact.type,
    learnerId,
    activityId,
    attemptId: null,
    payload: JSON.stringify({ attempt: null, previous: null, data: dataOf(fact) }),
  };
}

function eventOfChange(workspace: number, { receipt, fact }: Placed, change: Change): ProgressEvent {
  const { record, attempt } = change;
  return {
    ...common(receipt, fact),
    id: eventId(workspace, receipt, change.type, change.key),
    type: change.type,
    test: attempt.test,
    learnerId: record.learnerId,
    activityId: record.activityId,
    attemptId: record.id,
    payload: JSON.stringify({
      attempt: {
        externalId: record.externalId,
        state: attempt.state,
        ...attempt.figures,
        timeKind: attempt.timeKind,
        startedAt: attempt.startedAt,
        completedAt: attempt.completedAt,
        verification: attempt.verification,
        test: attempt.test,
      },
      previous: change.previous,
      data: dataOf(fact),
    }),
  };
}

function common(receipt: ReceiptFacts, fact: Fact) {
  return {
    occurredAt: fact.at,
    receivedAt: receipt.receivedAt,
    sourceId: receipt.sourceId,
    receiptSeq: receipt.seq,
    receiptKey: receipt.key,
    verification: receipt.verification,
    test: fact.test,
  };
}

/** Event ids are hashes of what the event means, so that the same event has the same id wherever it is made. */
function eventId(workspace: number, receipt: ReceiptFacts, type: EventType, key: string): Uuid {
  return hashUuid('event', String(workspace), receipt.sourceId, type, key);
}

function dataOf(fact: Fact): JsonObject {
  const data: JsonObject = { ...fact.data };
  if (fact.step !== null) data.step = { ...fact.step };
  if (fact.type === 'question.answered' && fact.responses !== null)
    data.responses = fact.responses.map((r) => ({ ...r }));
  if (fact.type === 'certificate.issued' && fact.certificate !== null) data.certificate = { ...fact.certificate };
  return data;
}
