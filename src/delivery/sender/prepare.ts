/** What is claimed, made ready to be sent: the event as the feed has it now. Nothing of it was stored with the delivery. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { type EventObject, EventText, readEvents } from '../../live/events.ts';
import { timeOfDelivery } from '../delivery-time.ts';
import type { Claimed } from '../queue/claim.ts';

/** The events of claimed rows; a row whose event is gone (its learner erased, its month dropped) has none. */
export async function eventsOf(db: Queryable, claimed: readonly Claimed[]): Promise<Map<Claimed, EventText>> {
  const found = new Map<Claimed, EventText>();
  for (const workspace of new Set(claimed.map((row) => row.workspace))) {
    const rows = claimed.filter((row) => row.workspace === workspace);
    const seqs = [...new Set(rows.flatMap((row) => row.eventSeq ?? []))];
    const events = new Map<number, EventText>();
    if (seqs.length > 0) {
      const read = await readEvents(db, { workspace, after: 0, seqs, limit: seqs.length });
      for (const event of read) events.set(event.seq, event);
    }
    const tests = await testEvents(
      db,
      workspace,
      rows.filter((row) => row.eventSeq === null),
    );
    for (const row of rows) {
      const event = row.eventSeq === null ? tests.get(row.deliveryId) : events.get(row.eventSeq);
      if (event !== undefined) found.set(row, event);
    }
  }
  return found;
}

/** Of tests, the example that was stored with them. */
async function testEvents(db: Queryable, workspace: number, rows: readonly Claimed[]): Promise<Map<Uuid, EventText>> {
  if (rows.length === 0) return new Map();
  const read = await db.query<{ id: Uuid; event: EventObject }>(
    `SELECT d.id, d.test_event AS event FROM deliveries d
     JOIN unnest($2::uuid[], $3::timestamptz[]) AS r (id, created_at) ON d.id = r.id AND d.created_at = r.created_at
     WHERE d.workspace = $1 AND d.test_event IS NOT NULL`,
    [workspace, rows.map((row) => row.deliveryId), rows.map((row) => timeOfDelivery(row.deliveryId))],
  );
  return new Map(read.map(({ id, event }) => [id, EventText.of(event)]));
}
