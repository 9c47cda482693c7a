/** Puts receipts back into the queue. Reading a receipt again counts nothing twice: see src/progress/fold. */
import type { Database, Queryable } from '../../db/database.ts';
import { isReceipt, type ReceiptFilter, selectReceipts } from '../receipts/receipt-filter.ts';

/** Prevents one statement over millions of receipts, which would hold locks for minutes and start over when it is cut. */
const CHUNK = 10_000;

export interface ReplayOptions {
  /** Endpoints get what the receipts mean, also what they got before (under the same webhook-id). Else they get nothing. */
  deliver?: boolean | undefined;
}

interface Enqueued {
  count: number;
  /** The greatest seq among them; null when there is none. */
  last: number | null;
}

/**
 * Queues every receipt that fits and returns how many do, those that were waiting already among them. The rows never leave
 * the database, so any number takes the same memory here. In chunks, each of its own transaction: when it fails on the way,
 * those before stay queued, and doing it again does no harm.
 */
export async function replayReceipts(
  db: Database,
  filter: ReceiptFilter,
  { deliver = false }: ReplayOptions = {},
): Promise<number> {
  // What comes in from now on is new and not meant.
  const [newest] = await db.query<{ seq: number }>(
    'SELECT seq FROM receipts WHERE workspace = $1 ORDER BY seq DESC LIMIT 1',
    [filter.workspace],
  );
  let after = 0;
  let total = 0;
  for (;;) {
    const values: unknown[] = [];
    const chosen = selectReceipts(filter, values);
    const range = `seq > $${values.push(after)} AND seq <= $${values.push(newest?.seq ?? 0)}`;
    // The queue needs each receipt's own time, to the microsecond.
    const exact = `SELECT r.workspace, r.seq, r.received_at FROM (
        SELECT * FROM (${chosen}) fitting WHERE ${range} ORDER BY seq LIMIT ${CHUNK}
      ) c JOIN receipts r ON ${isReceipt('c')}`;
    const { count, last } = await db.transaction((tx) => enqueue(tx, exact, values, deliver));
    total += count;
    if (last === null) return total;
    after = last;
  }
}

/** Queues the one receipt whose key lies in the range (core/ids.ts, parseReceiptId); false when the workspace has none. */
export async function replayReceipt(
  db: Database,
  workspace: number,
  keys: { from: Buffer; to: Buffer },
  { deliver = false }: ReplayOptions = {},
): Promise<boolean> {
  const select = 'SELECT workspace, seq, received_at FROM receipt_keys WHERE workspace = $1 AND key BETWEEN $2 AND $3';
  const { count } = await db.transaction((tx) => enqueue(tx, select, [workspace, keys.from, keys.to], deliver));
  return count > 0;
}

async function enqueue(tx: Queryable, select: string, values: readonly unknown[], deliver: boolean): Promise<Enqueued> {
  // In order of seq, so that two replays at once wait for each other instead of deadlocking.
  const rows = await tx.query<Enqueued>(
    `WITH chosen AS MATERIALIZED (SELECT * FROM (${select}) fitting ORDER BY seq),
     cleared AS (
       DELETE FROM receipt_outcomes o USING chosen c WHERE o.workspace = c.workspace AND o.seq = c.seq
     ),
     queued AS (
       INSERT INTO receipt_queue (workspace, seq, received_at, mode, deliver)
       SELECT workspace, seq, received_at, 'replay', $${values.length + 1}::boolean FROM chosen
       ON CONFLICT (workspace, seq) ${deliver ? 'DO UPDATE SET deliver = true' : 'DO NOTHING'}
     )
     SELECT count(*) AS count, max(seq) AS last FROM chosen`,
    [...values, deliver],
  );
  const enqueued = rows[0] ?? { count: 0, last: null };
  if (enqueued.count > 0) await tx.query('NOTIFY gradewire_receipts');
  return enqueued;
}
