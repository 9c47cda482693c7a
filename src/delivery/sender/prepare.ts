/** What is claimed, made ready to be sent: the event as the feed has it now. Nothing of it was stored with the delivery. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { type EventObject, EventText, readEvents } from '../../live/events.ts';
import { timeOfDelivery } from '../delivery-time.ts';
import type { Claimed } from '../queue/claim.ts';

/** Of a claimed row, what says which event is its. */
export type Wanted = Pick<Claimed, 'workspace' | 'deliveryId' | 'eventSeq'>;

/** The events of claimed rows, in their order; null for a row whose event is gone (its learner erased, its month dropped). */
export async function eventsOf(db: Queryable, rows: readonly Wanted[]): Promise<(EventText | null)[]> {
  const found = new Map<number, WorkspaceEvents>();
  for (const workspace of new Set(rows.map((row) => row.workspace))) {
    found.set(
      workspace,
      await eventsIn(
        db,
        workspace,
        rows.filter((row) => row.workspace === workspace),
      ),
    );
  }
  return rows.map(({ workspace, eventSeq, deliveryId }) => {
    const events = found.get(workspace);
    return (eventSeq === null ? events?.tests.get(deliveryId) : events?.feed.get(eventSeq)) ?? null;
  });
}

interface WorkspaceEvents {
  /** By their places in the feed. */
  feed: ReadonlyMap<number, EventText>;
  /** The examples of tests, by delivery. */
  tests: ReadonlyMap<Uuid, EventText>;
}

async function eventsIn(db: Queryable, workspace: number, rows: readonly Wanted[]): Promise<WorkspaceEvents> {
  const seqs = [...new Set(rows.flatMap((row) => row.eventSeq ?? []))];
  const read = seqs.length === 0 ? [] : await readEvents(db, { workspace, after: 0, seqs, limit: seqs.length });
  return {
    feed: new Map(read.map((event) => [event.seq, event])),
    tests: await testEvents(
      db,
      workspace,
      rows.filter((row) => row.eventSeq === null),
    ),
  };
}

/** Of tests, the example that was stored with them. */
async function testEvents(db: Queryable, workspace: number, rows: readonly Wanted[]): Promise<Map<Uuid, EventText>> {
  if (rows.length === 0) return new Map();
  const read = await db.query<{ id: Uuid; event: EventObject }>(
    `SELECT d.id, d.test_event AS event FROM deliveries d
     JOIN unnest($2::uuid[], $3::timestamptz[]) AS r (id, created_at) ON d.id = r.id AND d.created_at = r.created_at
     WHERE d.workspace = $1 AND d.test_event IS NOT NULL`,
    [workspace, rows.map((row) => row.deliveryId), rows.map((row) => timeOfDelivery(row.deliveryId))],
  );
  return new Map(read.map(({ id, event }) => [id, EventText.of(event)]));
}
