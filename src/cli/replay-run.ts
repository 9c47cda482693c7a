/** What `gradewire replay` does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseReceiptId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { Queryable } from '../db/database.ts';
import { rebuildAll } from '../normalise/queue/rebuild-all.ts';
import { replayReceipt, replayReceipts } from '../normalise/queue/replay-receipts.ts';
import type { ReceiptStatus } from '../normalise/receipts/receipt-filter.ts';
import { UsageError } from './failures.ts';
import { findSource } from './find-source.ts';
import { bar, StatusLine } from './status-line.ts';
import { grouped, note, say, sayJson, styled } from './terminal.ts';
import { type CommandContext, WORKSPACE, withDatabase } from './with-database.ts';

export interface ReplayOptions {
  all?: true;
  rebuild?: true;
  source?: string;
  status?: ReceiptStatus;
  from?: Instant;
  to?: Instant;
  deliver?: true;
  wait?: true;
  json?: true;
}

/** Queues what the options say, and tells how many receipts that are. */
export async function replay(receipt: string | undefined, options: ReplayOptions): Promise<void> {
  await withDatabase(async (context) => {
    const count = await queue(context, receipt, options);
    if (context.startedForThis && count > 0) {
      note('No server runs, so they wait: the next one that starts reads them.');
    } else if (options.wait) await waitUntilRead(context.db);
    if (options.json) return sayJson({ count });
    const what = `${grouped(count)} ${count === 1 ? 'receipt' : 'receipts'}`;
    const done = options.wait && !context.startedForThis;
    say(
      count === 0
        ? 'No receipt fits; nothing was queued.'
        : `${styled('green', '✓')} ${what} ${done ? 'read again' : 'queued'}.`,
    );
  });
}

async function queue(context: CommandContext, receipt: string | undefined, options: ReplayOptions): Promise<number> {
  const { db } = context;
  const deliver = options.deliver === true;
  if (receipt !== undefined) {
    const keys = parseReceiptId(receipt);
    if (keys === null) throw new UsageError(`"${receipt}" is no receipt id; they begin with rcp_.`);
    if (!(await replayReceipt(db, WORKSPACE, keys, { deliver }))) throw new Error(`There is no receipt ${receipt}.`);
    return 1;
  }
  if (options.rebuild) {
    return rebuildAll(db, WORKSPACE);
  }
  const filter = {
    workspace: WORKSPACE,
    sourceId: options.source === undefined ? undefined : (await findSource(context, options.source)).id,
    status: options.status,
    from: options.from,
    to: options.to,
  };
  return replayReceipts(db, filter, { deliver });
}

/** A queue that does not move for this long has nobody who reads it; waiting on would be for ever. */
const NOBODY_READS_MS = 60_000;

/** Waits for what is queued now; what arrives meanwhile has higher numbers, or there would be no end under load. */
async function waitUntilRead(db: Queryable): Promise<void> {
  const waiting = async (upTo: number | null): Promise<{ count: number; last: number }> => {
    const rows = await db.query<{ count: number; last: number }>(
      `SELECT count(*) AS count, coalesce(max(seq), 0) AS last FROM receipt_queue
       WHERE workspace = $1 AND ($2::bigint IS NULL OR seq <= $2)`,
      [WORKSPACE, upTo],
    );
    return rows[0] ?? { count: 0, last: 0 };
  };
  const { count, last } = await waiting(null);
  let left = count;
  const line = new StatusLine((width) => {
    const done = Math.max(0, count - left);
    const text = `${grouped(done)} / ${grouped(count)} receipts`;
    return `Reading  ${bar(count === 0 ? 1 : done / count, Math.max(10, Math.min(40, width - text.length - 12)))}  ${text}`;
  });
  line.start();
  try {
    let movedAt = Date.now();
    for (;;) {
      const now = (await waiting(last)).count;
      if (now === 0) return;
      if (now !== left) movedAt = Date.now();
      left = now;
      if (Date.now() - movedAt > NOBODY_READS_MS) {
        throw new Error(
          `${grouped(left)} receipts wait and nobody reads them. Start a server whose GRADEWIRE_ROLE has \`worker\`.`,
        );
      }
      await sleep(200);
    }
  } finally {
    line.stop();
  }
}
