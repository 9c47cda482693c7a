/** Erases a person everywhere, for good. What stays are hashes that keep the person from coming back, and ids. */
import { GradewireError } from '../core/errors.ts';
import { hashUuid, publicId, type Uuid } from '../core/ids.ts';
import { fromMillis } from '../core/time.ts';
import type { Database, Queryable } from '../db/database.ts';
import { forgetInDeliveries } from '../delivery/erase/forget-in-deliveries.ts';
import { tellEndpoints } from '../delivery/erase/tell-endpoints.ts';
import { appendEvents } from '../live/append.ts';
import { ERASED_REASON, redactReceipts } from '../normalise/erased-receipt.ts';
import { writeOutcomes } from '../normalise/queue/outcomes.ts';
import { takeRebuildLock } from '../normalise/queue/rebuild-lock.ts';
import { markDirty } from '../progress/rollups/mark-dirty.ts';
import { deleteEverywhere } from './delete-everywhere.ts';
import { type FoundReceipt, linkedReceipts, mentioningReceipts } from './find-receipts.ts';
import { keptLearner } from './kept-learner.ts';
import type { KnownIdentity, Person } from './person-marks.ts';
import { type PersonMark, putUp, type Tombstones } from './tombstones.ts';

export interface Erasure {
  learner: Uuid;
  /** With those merged into this one. */
  learners: number;
  identities: number;
  attempts: number;
  events: number;
  receipts: number;
  rejections: number;
  cohorts: number;
  keys: number;
  other: number;
  tombstones: number;
  /** Endpoints that had data of the learner, and the delivery that tells each of the erasure. */
  endpoints: { endpoint: Uuid; delivery: Uuid | null }[];
  erasedAt: Date;
}

/**
 * Erases the learner, with everybody merged into the same. Throws not_found where there is none. Receipts are looked for before
 * anything is locked, then those that came meanwhile once nothing can be projected any more.
 */
export async function eraseLearner(db: Database, stones: Tombstones, workspace: number, id: Uuid): Promise<Erasure> {
  const before = await personOf(db, workspace, id);
  const scanned = await mentioningReceipts(db, workspace, before, 0);
  return db.transaction(async (tx) => {
    await takeRebuildLock(tx, workspace);
    const person = await personOf(tx, workspace, id);
    const [kept] = person.learnerIds;
    if (kept === undefined) throw noSuchLearner();
    // Merged meanwhile, or new under another id: what was found before says too little.
    const after = person.identities.length === before.identities.length ? scanned.upTo : 0;
    const late = await mentioningReceipts(tx, workspace, person, after);
    const receipts = unique([...(await linkedReceipts(tx, workspace, kept)), ...scanned.found, ...late.found]);
    await forgetReceipts(tx, workspace, receipts);
    const named = await tx.query<{ id: Uuid }>(
      'SELECT id FROM attempts WHERE workspace = $1 AND learner_id = $2 AND external_id IS NOT NULL',
      [workspace, kept],
    );
    const informed = await forgetInDeliveries(tx, workspace, person.learnerIds);
    const deleted = await deleteEverywhere(tx, workspace, kept, person);
    const marks: PersonMark[] = [
      ...person.identities.map((known) => ({ kind: 'identity' as const, ...known })),
      ...[...person.emails].map((email) => ({ kind: 'email' as const, email })),
      ...named.map(({ id: attempt }) => ({ kind: 'attempt' as const, id: attempt })),
    ];
    const hashes = marks.map((mark) => ({ kind: mark.kind, hash: stones.hashOf(workspace, mark) }));
    const tombstones = await putUp(tx, workspace, kept, hashes);
    await markDirty(tx, workspace, { learnerIds: person.learnerIds });
    const erasedAt = new Date();
    const occurredAt = fromMillis(erasedAt.getTime());
    if (occurredAt === null) throw new Error('The clock of this machine is off by decades. Set it, then erase again.');
    const eventId = hashUuid('event', String(workspace), 'learner.erased', kept, erasedAt.toISOString());
    await appendEvents(tx, workspace, [
      {
        id: eventId,
        type: 'learner.erased',
        occurredAt,
        receivedAt: erasedAt,
        sourceId: null,
        receiptSeq: null,
        receiptKey: null,
        verification: null,
        test: false,
        learnerId: kept,
        activityId: null,
        attemptId: null,
        payload: JSON.stringify({ attempt: null, previous: null, data: {} }),
      },
    ]);
    const endpoints = await tellEndpoints(tx, workspace, eventId, informed);
    return {
      ...deleted,
      endpoints,
      learner: kept,
      learners: person.learnerIds.length,
      receipts: receipts.length,
      tombstones,
      erasedAt,
    };
  });
}

/** What the person is known by, the kept learner first. Throws not_found where there is no such learner. */
async function personOf(db: Queryable, workspace: number, id: Uuid): Promise<Person> {
  const kept = await keptLearner(db, workspace, id);
  const people = await db.query<{ id: Uuid; name: string | null; email: string | null }>(
    `SELECT id, name, email FROM learners WHERE workspace = $1 AND id = $2
     UNION ALL SELECT id, name, email FROM merged_learners WHERE workspace = $1 AND kept_id = $2`,
    [workspace, kept],
  );
  if (people.length === 0) throw noSuchLearner();
  const identities = await db.query<KnownIdentity>(
    `SELECT provider, realm, external_id AS "externalId" FROM identities WHERE workspace = $1 AND learner_id = $2`,
    [workspace, kept],
  );
  return {
    learnerIds: [...new Set([kept, ...people.map((one) => one.id)])],
    identities,
    emails: new Set(people.flatMap((one) => (one.email === null ? [] : [one.email.trim().toLowerCase()]))),
    names: new Set(people.flatMap((one) => (one.name === null ? [] : [one.name]))),
  };
}

function noSuchLearner(): GradewireError {
  return new GradewireError('not_found', 'No learner has this id. An erased person cannot be erased again.');
}

function unique(receipts: readonly FoundReceipt[]): FoundReceipt[] {
  return [...new Map(receipts.map((receipt) => [receipt.seq, receipt])).values()];
}

/** Bodies and headers go; the receipts stay, as ignored, so that nothing that arrives twice counts as new. */
async function forgetReceipts(tx: Queryable, workspace: number, receipts: readonly FoundReceipt[]): Promise<void> {
  await redactReceipts(tx, workspace, receipts);
  await tx.query('DELETE FROM receipt_queue WHERE workspace = $1 AND seq = ANY ($2::bigint[])', [
    workspace,
    receipts.map((receipt) => receipt.seq),
  ]);
  await writeOutcomes(
    tx,
    workspace,
    receipts.map((receipt) => ({ ...receipt, status: 'ignored' as const, detail: ERASED_REASON })),
  );
}

/** As the API answers. */
export function shownErasure(erasure: Erasure) {
  const { tombstones, erasedAt, learner, endpoints, ...counts } = erasure;
  return {
    erased: { learner: publicId('lrn', learner), ...counts },
    tombstones,
    endpoints: endpoints.map(({ endpoint }) => publicId('end', endpoint)),
    told: endpoints.map(({ endpoint, delivery }) => ({
      endpoint: publicId('end', endpoint),
      delivery: delivery === null ? null : publicId('dlv', delivery),
    })),
    erasedAt: erasedAt.toISOString(),
  };
}
