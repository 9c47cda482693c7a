/**
 * One batch: claimed, read, projected and told to the feed in one transaction. So progress, events and the queue's rows
 * stand or fall together, and a crash at any point leaves the receipts pending.
 */
import type { Logger } from 'pino';
import { shareRules } from '../cohorts/apply-rules.ts';
import { isDatabaseAway } from '../db/away.ts';
import type { Database, Transaction } from '../db/database.ts';
import { deliverAgain } from '../delivery/log/deliver-again.ts';
import { appendEvents } from '../live/append.ts';
import { ERASED_REASON, redactReceipts } from '../normalise/erased-receipt.ts';
import { normalise } from '../normalise/normalise.ts';
import { claimOldest, claimThese, oldestSeqs, type PendingReceipt, takeOut } from '../normalise/queue/claim.ts';
import { eventsToldBefore } from '../normalise/queue/events-told-before.ts';
import { forgetOutcomes, type Outcome, writeOutcomes } from '../normalise/queue/outcomes.ts';
import { shareRebuildLock } from '../normalise/queue/rebuild-lock.ts';
import { erasedAmong } from '../people/erased-among.ts';
import type { Tombstones } from '../people/tombstones.ts';
import { projectFacts, type ReceiptFacts } from '../progress/project/project-facts.ts';

/** What a batch did. */
export interface BatchResult {
  receipts: number;
  events: number;
  failed: number;
  /** Some of them went through again, or attempts stand empty because of such: a rebuild may end with them. */
  again: boolean;
}

/**
 * SQLSTATEs that say nothing about the receipts: serialization failure, deadlock, lock not available, cancelled by somebody,
 * out of shared memory (too many locks: smaller batches go through), prepared statements that a migration made stale. A receipt is
 * never set aside for them.
 */
const NOT_THE_RECEIPTS = new Set(['40001', '40P01', '55P03', '57014', '53200', '0A000', '26000']);

/** A batch that keeps deadlocking is taken apart instead of tried for ever. */
const MOST_TRIES = 3;

/** Claims and projects the oldest pending receipts of a workspace, at most `limit`. `stones` knows who was erased. */
export async function projectOldest(
  db: Database,
  workspace: number,
  limit: number,
  log: Logger,
  stones: Tombstones,
): Promise<BatchResult> {
  let seqs: number[] = [];
  return attempt(db, log, {
    run: (tx) =>
      run(
        tx,
        stones,
        workspace,
        () => claimOldest(tx, workspace, limit),
        (receipts) => {
          seqs = receipts.map((receipt) => receipt.seq);
        },
      ),
    seqs: () => seqs,
    workspace,
    limit,
    stones,
  });
}

interface Work {
  workspace: number;
  run: (tx: Transaction) => Promise<BatchResult>;
  /** What the batch holds; empty when its claim failed. */
  seqs: () => readonly number[];
  limit: number;
  stones: Tombstones;
}

async function attempt(db: Database, log: Logger, work: Work): Promise<BatchResult> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(work.run);
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      const blameless = NOT_THE_RECEIPTS.has(code);
      if (!blameless && isDatabaseAway(error)) throw error;
      if (blameless && tries < MOST_TRIES) continue;
      const held = work.seqs();
      const seqs = held.length > 0 ? held : await oldestSeqs(db, work.workspace, work.limit);
      if (seqs.length === 0 || (blameless && seqs.length === 1)) throw error;
      log.warn(
        { err: error, receipts: seqs.length, workspace: work.workspace },
        'A batch failed; looking for the guilty receipt.',
      );
      return bisect(db, log, work, seqs, error);
    }
  }
}

/** The halves of a batch that failed; a single receipt that fails is set aside as `failed`, and the rest goes through. */
async function bisect(
  db: Database,
  log: Logger,
  { workspace, stones }: Work,
  seqs: readonly number[],
  error: unknown,
): Promise<BatchResult> {
  if (seqs.length === 1) return setAside(db, log, workspace, seqs, error);
  const total: BatchResult = { receipts: 0, events: 0, failed: 0, again: false };
  const middle = Math.ceil(seqs.length / 2);
  for (const half of [seqs.slice(0, middle), seqs.slice(middle)]) {
    const result = await attempt(db, log, {
      workspace,
      run: (tx) =>
        run(
          tx,
          stones,
          workspace,
          () => claimThese(tx, workspace, half),
          () => {},
        ),
      seqs: () => half,
      limit: half.length,
      stones,
    });
    total.receipts += result.receipts;
    total.events += result.events;
    total.failed += result.failed;
    total.again ||= result.again;
  }
  return total;
}

async function setAside(
  db: Database,
  log: Logger,
  workspace: number,
  seqs: readonly number[],
  error: unknown,
): Promise<BatchResult> {
  log.error({ err: error, workspace, seq: seqs[0] }, 'A receipt could not be projected and is set aside as failed.');
  return db.transaction(async (tx) => {
    const receipts = await takeOut(tx, workspace, seqs);
    const detail = `Projecting this webhook failed: ${(error as Error).message}. Nothing of it was counted. Replay it after the cause is mended.`;
    await writeOutcomes(
      tx,
      workspace,
      receipts.map((receipt) => ({ ...receipt, status: 'failed' as const, detail })),
    );
    return { receipts: receipts.length, events: 0, failed: receipts.length, again: true };
  });
}

async function run(
  tx: Transaction,
  stones: Tombstones,
  workspace: number,
  claim: () => Promise<PendingReceipt[]>,
  claimedThese: (receipts: readonly PendingReceipt[]) => void,
): Promise<BatchResult> {
  // Given together, so that they go out together.
  const [, , receipts] = await Promise.all([shareRebuildLock(tx, workspace), shareRules(tx, workspace), claim()]);
  claimedThese(receipts);
  if (receipts.length === 0) return { receipts: 0, events: 0, failed: 0, again: false };
  const outcomes: Outcome[] = [];
  const read: ReceiptFacts[] = [];
  const meanings = receipts.map((receipt) => ({ receipt, meaning: normalise(receipt) }));
  const erased = await erasedAmong(tx, stones, workspace, meanings);
  await redactReceipts(
    tx,
    workspace,
    receipts.filter((receipt) => erased.has(receipt.seq)),
  );
  for (const { receipt, meaning } of meanings) {
    const about = { seq: receipt.seq, receivedAtExact: receipt.receivedAtExact, sourceId: receipt.sourceId };
    if (erased.has(receipt.seq)) {
      outcomes.push({ ...about, status: 'ignored', detail: ERASED_REASON });
      continue;
    }
    switch (meaning.status) {
      case 'facts':
        if (receipt.provider !== null) read.push({ ...receipt, provider: receipt.provider, facts: meaning.facts });
        break;
      case 'ignored':
      case 'unmapped':
        outcomes.push({ ...about, status: meaning.status, detail: meaning.reason });
        break;
      case 'failed':
        outcomes.push({ ...about, status: 'failed', detail: meaning.error });
        break;
      default: {
        const never: never = meaning;
        throw new Error(`Unknown meaning ${JSON.stringify(never)}.`);
      }
    }
  }
  const { events, emptied } = await projectFacts(tx, workspace, read);
  // What was said of them before no longer holds.
  const again = receipts.filter((receipt) => receipt.mode !== 'new').map((receipt) => receipt.seq);
  await forgetOutcomes(tx, workspace, again);
  await writeOutcomes(tx, workspace, outcomes);
  const modes = new Map(receipts.map((receipt) => [receipt.seq, receipt.mode]));
  const replayed = receipts.filter((receipt) => receipt.mode === 'replay').map((receipt) => receipt.seq);
  const delivered = new Set(receipts.filter(({ mode, deliver }) => mode === 'replay' && deliver).map(({ seq }) => seq));
  const told = await eventsToldBefore(tx, workspace, replayed);
  const news = events.filter((event) => modes.get(event.receiptSeq) !== 'rebuild' && !told.has(event.id));
  const quiet = new Set(again.filter((seq) => !delivered.has(seq)));
  await deliverAgain(tx, workspace, [...delivered]);
  await appendEvents(
    tx,
    workspace,
    quiet.size === 0 ? news : news.map((event) => ({ ...event, deliver: !quiet.has(event.receiptSeq) })),
  );
  return {
    receipts: receipts.length,
    events: news.length,
    failed: outcomes.filter((o) => o.status === 'failed').length,
    again: again.length > 0 || emptied,
  };
}
