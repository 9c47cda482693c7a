/**
 * Group commit: while one statement is on its way, the next receipts gather, and the next statement takes them all. Each is
 * answered when its row is on disk. docs/decisions/0030-group-commit.md has the figures behind the constants.
 */
import { performance } from 'node:perf_hooks';
import type { NewReceipt } from './insert-receipts.ts';
import { StoreConnection } from './store-connection.ts';

/**
 * What became of a receipt: `stored` and `duplicate` are promises that it is on disk. `unavailable`: nobody knows whether it
 * is; the sender has to send it again, and then it may be a duplicate.
 */
export type Outcome = 'stored' | 'duplicate' | 'unavailable';

/** A receipt that waits for its commit. */
export interface WaitingReceipt extends NewReceipt {
  /** When its request came (performance.now()): it gets an outcome within DEADLINE_MS of that. */
  since: number;
  settle(outcome: Outcome): void;
}

export interface GroupCommitEvents {
  /** A batch was committed. `fresh`: rows that were new. */
  committed(batch: { rows: number; fresh: number; bytes: number; seconds: number }): void;
  /** A batch got no answer that counts; its receipts were answered `unavailable`. */
  failed(error: Error, rows: number): void;
  /** The database refused this one row; the rest of its batch is stored. */
  refused(error: Error, receipt: NewReceipt): void;
  /** A connection was lost or could not be made. */
  lost(error: Error): void;
}

/** Two: while one waits for the disk, the other takes what gathers. More only make batches smaller. */
const CONNECTIONS = 2;
/**
 * But while one is busy, the other waits for so many rows: a statement costs as much as some ten rows, here and in the
 * database, and many small ones would take the processor that acknowledging needs.
 */
const WORTH_ANOTHER_STATEMENT = 64;
/** Keeps a statement short enough that those behind it do not wait for its whole length. */
const MOST_ROWS = 512;
const MOST_BYTES = 4 * 1024 * 1024;
/** The contract wants 503 within 2 s when the database is away; this leaves a busy machine time to write the answer. */
const DEADLINE_MS = 1500;
const WATCH_MS = 100;

/** SQLSTATE classes that blame the data: data exception, constraint, limit exceeded, raised by a trigger. */
const BLAMES_DATA = /^(22|23|54|P0001)/;

interface Batch {
  /** No two with the same key. */
  firsts: WaitingReceipt[];
  /** The others with the key of a first: they are duplicates from the start. */
  followers: Map<string, WaitingReceipt[]>;
  bytes: number;
  oldest: number;
}

interface Lane {
  connection: StoreConnection;
  /** On its way now. */
  current: Batch | null;
  /** Parts of a batch that was refused, still to be tried. */
  parts: Batch[];
}

export class GroupCommit {
  private readonly events: GroupCommitEvents;
  private readonly lanes: Lane[];
  private readonly watch: NodeJS.Timeout;
  private waiting: WaitingReceipt[] = [];
  private scheduled = false;
  private closed = false;

  constructor(databaseUrl: string, events: GroupCommitEvents) {
    this.events = events;
    this.lanes = Array.from({ length: CONNECTIONS }, () => ({
      connection: new StoreConnection(databaseUrl, {
        changed: () => this.changed(),
        lost: (error) => this.events.lost(error),
      }),
      current: null,
      parts: [],
    }));
    // After the sockets were read once more: an answer may lie there that a busy process has not come to yet.
    this.watch = setInterval(() => setImmediate(() => this.enforceDeadlines()), WATCH_MS);
    this.watch.unref();
  }

  /** Takes a receipt; its `settle` is called exactly once, perhaps before this returns. */
  add(receipt: WaitingReceipt): void {
    if (this.closed || !this.hopeful()) {
      receipt.settle('unavailable');
      return;
    }
    this.waiting.push(receipt);
    if (!this.scheduled) {
      this.scheduled = true;
      // After the sockets of this round of the event loop were read: their requests go along.
      setImmediate(this.pump);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    await Promise.all(this.lanes.map((lane) => lane.connection.close()));
    this.giveUp(this.waiting.splice(0));
  }

  private hopeful(): boolean {
    return this.lanes.some((lane) => lane.connection.hopeful);
  }

  private changed(): void {
    if (this.closed) return;
    // Nobody waits for a database that refuses connections: 503 at once, and the sender comes again.
    if (!this.hopeful()) this.giveUp(this.waiting.splice(0));
    else this.pump();
  }

  private readonly pump = (): void => {
    this.scheduled = false;
    for (const lane of this.lanes) {
      if (this.waiting.length === 0) return;
      if (lane.connection.state !== 'idle' || lane.current !== null) continue;
      if (this.waiting.length < WORTH_ANOTHER_STATEMENT && this.lanes.some((other) => other.current !== null)) return;
      this.send(lane, toBatch(this.takeWaiting()));
    }
  };

  private takeWaiting(): WaitingReceipt[] {
    let bytes = 0;
    let rows = 0;
    for (const receipt of this.waiting) {
      bytes += receipt.body.byteLength + receipt.headers.length;
      if (rows > 0 && (bytes > MOST_BYTES || rows === MOST_ROWS)) break;
      rows += 1;
    }
    if (rows < this.waiting.length) return this.waiting.splice(0, rows);
    const all = this.waiting;
    this.waiting = [];
    return all;
  }

  private send(lane: Lane, batch: Batch): void {
    lane.current = batch;
    const sentAt = performance.now();
    const repeats = batch.firsts.map((first) => batch.followers.get(first.keyText)?.length ?? 0);
    lane.connection.insert(batch.firsts, repeats, (error, duplicates) => {
      lane.current = null;
      if (error === null) this.answer(batch, duplicates, (performance.now() - sentAt) / 1000);
      else if (blamesData(error)) this.bisect(lane, batch, error);
      else this.fail(lane, batch, error);
      const next = lane.parts.pop();
      if (next !== undefined) this.send(lane, next);
    });
  }

  private answer(batch: Batch, duplicates: ReadonlySet<string>, seconds: number): void {
    const rows = batch.firsts.length;
    for (const first of batch.firsts) {
      first.settle(duplicates.size > 0 && duplicates.has(first.keyText) ? 'duplicate' : 'stored');
      const followers = batch.followers.size > 0 ? batch.followers.get(first.keyText) : undefined;
      if (followers !== undefined) for (const follower of followers) follower.settle('duplicate');
    }
    this.events.committed({ rows, fresh: rows - duplicates.size, bytes: batch.bytes, seconds });
  }

  /** One row that the database refuses must not fail the others: halves are tried until it stands alone. */
  private bisect(lane: Lane, batch: Batch, error: Error): void {
    const [first, ...rest] = batch.firsts;
    if (first === undefined) return;
    if (rest.length === 0) {
      this.events.refused(error, first);
      this.giveUp(everyone(batch));
      return;
    }
    const middle = Math.ceil(batch.firsts.length / 2);
    lane.parts.push(partOf(batch, batch.firsts.slice(middle)), partOf(batch, batch.firsts.slice(0, middle)));
  }

  private fail(lane: Lane, batch: Batch, error: Error): void {
    const lost = [batch, ...lane.parts.splice(0)];
    for (const part of lost) this.giveUp(everyone(part));
    this.events.failed(
      error,
      lost.reduce((rows, part) => rows + part.firsts.length, 0),
    );
  }

  private enforceDeadlines(): void {
    if (this.closed) return;
    const late = performance.now() - DEADLINE_MS;
    for (const lane of this.lanes) {
      const oldest = Math.min(lane.current?.oldest ?? Infinity, ...lane.parts.map((part) => part.oldest));
      if (oldest < late) lane.connection.abandon();
    }
    if (this.waiting.some((receipt) => receipt.since < late)) {
      const lost = this.waiting.filter((receipt) => receipt.since < late);
      this.waiting = this.waiting.filter((receipt) => receipt.since >= late);
      this.giveUp(lost);
    }
  }

  private giveUp(receipts: readonly WaitingReceipt[]): void {
    for (const receipt of receipts) receipt.settle('unavailable');
  }
}

function toBatch(receipts: readonly WaitingReceipt[]): Batch {
  const firsts = new Map<string, WaitingReceipt>();
  const followers: Batch['followers'] = new Map();
  let bytes = 0;
  let oldest = Infinity;
  for (const receipt of receipts) {
    bytes += receipt.body.byteLength;
    if (receipt.since < oldest) oldest = receipt.since;
    if (!firsts.has(receipt.keyText)) {
      firsts.set(receipt.keyText, receipt);
      continue;
    }
    const behind = followers.get(receipt.keyText);
    if (behind === undefined) followers.set(receipt.keyText, [receipt]);
    else behind.push(receipt);
  }
  return { firsts: [...firsts.values()], followers, bytes, oldest };
}

/** A part of a batch; it keeps the batch's age, so that halving does not stretch the deadline. */
function partOf(batch: Batch, firsts: WaitingReceipt[]): Batch {
  const bytes = firsts.reduce((sum, receipt) => sum + receipt.body.byteLength, 0);
  return { ...batch, firsts, bytes };
}

function everyone(batch: Batch): WaitingReceipt[] {
  return batch.firsts.flatMap((first) => [first, ...(batch.followers.get(first.keyText) ?? [])]);
}

function blamesData(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && BLAMES_DATA.test(error.code);
}
