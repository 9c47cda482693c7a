import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import { planMissed } from '../plan/plan-deliveries.ts';

/** As many events in one transaction; a longer one would hold up vacuum of the queue. */
const CHUNK = 2_000;

/**
 * Plans events that were received in [from, to), fit the endpoint as it is now and never went to it, in chunks. Doing it again
 * does no harm. Gives how many deliveries that made.
 */
export async function backfill(
  db: Database,
  workspace: number,
  endpointId: Uuid,
  range: { from: Date | string; to: Date | string },
): Promise<number> {
  let after = 0;
  let total = 0;
  for (;;) {
    const rows: { seq: number }[] = await db.query<{ seq: number }>(
      `SELECT seq FROM events
       WHERE workspace = $1 AND seq > $2 AND recorded_at >= $3 AND received_at >= $3 AND received_at < $4 AND NOT test
       ORDER BY seq LIMIT ${CHUNK}`,
      [workspace, after, range.from, range.to],
    );
    const last = rows.at(-1);
    if (last === undefined) return total;
    after = last.seq;
    const seqs = rows.map((row) => row.seq);
    total += await db.transaction((tx) => planMissed(tx, workspace, endpointId, seqs));
  }
}
