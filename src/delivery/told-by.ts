/**
 * What an event's own webhook meant. Answers and areas are in the webhook and not in the event, and only the webhook says
 * whose address stood in it; it never changes, so a delivery that is tried again says the same.
 */
import { hashUuid, parsePublicId, parseReceiptId, type Uuid } from '../core/ids.ts';
import type { Fact } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import type { EventObject } from '../live/events.ts';
import { normalise } from '../normalise/normalise.ts';
import type { PendingReceipt } from '../normalise/queue/claim.ts';

/** Bounds the bodies in memory: at most 1 MiB each. */
const PAGE = 10;

/** The facts behind events, in their order; null for events of no webhook, and where it was dropped or erased. */
export async function toldBy(
  db: Queryable,
  workspace: number,
  events: readonly Pick<EventObject, 'id' | 'type' | 'receiptId'>[],
): Promise<(Fact | null)[]> {
  const ids = [...new Set(events.flatMap(({ receiptId }) => receiptId ?? []))];
  const facts = new Map<string, Map<Uuid, Fact>>();
  const wanted = new Map<string, typeof events>();
  for (const id of ids)
    wanted.set(
      id,
      events.filter(({ receiptId }) => receiptId === id),
    );
  for (let at = 0; at < ids.length; at += PAGE) {
    const page = ids.slice(at, at + PAGE);
    for (const { n, ...receipt } of await read(db, workspace, page)) {
      const id = page[n - 1] ?? '';
      facts.set(id, byEventId(workspace, receipt, wanted.get(id) ?? []));
    }
  }
  return events.map(({ id, receiptId }) => facts.get(receiptId ?? '')?.get(parsePublicId('evt', id) ?? '') ?? null);
}

function read(db: Queryable, workspace: number, ids: readonly string[]): Promise<(PendingReceipt & { n: number })[]> {
  const ranges = ids.map((id) => parseReceiptId(id) ?? { from: Buffer.alloc(0), to: Buffer.alloc(0) });
  return db.query(
    `SELECT i.n::int AS n, r.seq, r.received_at AS "receivedAt", r.received_at::text AS "receivedAtExact", 'replay' AS mode,
       r.key, r.source_id AS "sourceId", s.provider, s.identity_from AS "identityFrom", r.verification,
       r.event_name AS "eventName", r.test, convert_from(r.body, 'UTF8') AS body, false AS "anyErased"
     FROM unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY AS i (first, last, n)
     CROSS JOIN LATERAL (
       SELECT seq, received_at FROM receipt_keys WHERE workspace = $1 AND key BETWEEN i.first AND i.last LIMIT 1
     ) k
     JOIN receipts r ON r.workspace = $1 AND r.seq = k.seq AND r.received_at = k.received_at
     LEFT JOIN sources s ON s.workspace = $1 AND s.id = r.source_id`,
    [workspace, ranges.map(({ from }) => from), ranges.map(({ to }) => to)],
  );
}

/** An event's id is a hash of its type and of the fact's key (src/progress/project/project-facts.ts): so they find each other. */
function byEventId(
  workspace: number,
  receipt: PendingReceipt,
  events: readonly Pick<EventObject, 'type'>[],
): Map<Uuid, Fact> {
  const meaning = normalise(receipt);
  const found = new Map<Uuid, Fact>();
  if (meaning.status !== 'facts') return found;
  const types = new Set(events.map(({ type }) => type));
  for (const fact of meaning.facts) {
    for (const type of types) {
      found.set(hashUuid('event', String(workspace), receipt.sourceId, type, fact.key), fact);
    }
  }
  return found;
}
