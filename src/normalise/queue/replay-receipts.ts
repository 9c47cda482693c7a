/** Puts receipts back into the queue. Reading a receipt again counts nothing twice: see src/progress/fold. */
import type { Database, Queryable } from '../../db/database.ts';
import { isReceipt, type ReceiptFilter, selectReceipts } from '../receipts/receipt-filter.ts';

/**
 * Queues every receipt that fits and returns how many do, those that were waiting already among them. The rows never leave
 * the database, so any number takes the same memory here.
 */
export function replayReceipts(db: Database, filter: ReceiptFilter): Promise<number> {
  return db.transaction((tx) => {
    const values: unknown[] = [];
    const chosen = selectReceipts(filter, values);
    // The queue needs each receipt's own time, to the microsecond.
    const exact = `SELECT r.workspace, r.seq, r.received_at FROM (${chosen}) c JOIN receipts r ON ${isReceipt('c')}`;
    return enqueue(tx, exact, values);
  });
}

/** Queues the one receipt whose key lies in the range (core/ids.ts, parseReceiptId); false when the workspace has none. */
export async function replayReceipt(
  db: Database,
  workspace: number,
  keys: { from: Buffer; to: Buffer },
): Promise<boolean> {
  const select = 'SELECT workspace, seq, received_at FROM receipt_keys WHERE workspace = $1 AND key BETWEEN $2 AND $3';
  return (await db.transaction((tx) => enqueue(tx, select, [workspace, keys.from, keys.to]))) > 0;
}

async function enqueue(tx: Queryable, select: string, values: readonly unknown[]): Promise<number> {
  // In order of seq, so that two replays at once wait for each other instead of deadlocking.
  const rows = await tx.query<{ count: number }>(
    `WITH chosen AS MATERIALIZED (SELECT * FROM (${select}) fitting ORDER BY seq),
     cleared AS (
       DELETE FROM receipt_outcomes o USING chosen c WHERE o.workspace = c.workspace AND o.seq = c.seq
     ),
     queued AS (
       INSERT INTO receipt_queue (workspace, seq, received_at, mode)
       SELECT workspace, seq, received_at, 'replay' FROM chosen ON CONFLICT (workspace, seq) DO NOTHING
     )
     SELECT count(*) AS count FROM chosen`,
    values,
  );
  const count = rows[0]?.count ?? 0;
  if (count > 0) await tx.query('NOTIFY gradewire_receipts');
  return count;
}
