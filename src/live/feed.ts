/**
 * The tail of one workspace's feed in this process: one reader for all its streams. It reads forward from the database,
 * makes each event's frame once, keeps the newest in memory and wakes the streams, each of which takes what it wants at its
 * own speed. A stream that is further back than memory reaches reads the database itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import type { Log } from '../db/log.ts';
import { formatCursor } from './cursor.ts';
import { type FeedEvent, readEvents } from './events.ts';
import { sseFrame } from './sse.ts';

/** Read at once; more would make one slow statement and one large burst out of a backlog. */
export const PAGE = 250;

/** Kept in memory for streams that are a little behind or come back; bounds what an idle feed holds. */
const KEPT_EVENTS = 1_000;
const KEPT_BYTES = 2 * 1024 * 1024;

/** Notifications can be lost (a listener reconnects, a proxy drops them): the feed is never later than this. */
const POLL_MS = 1_000;

/** Between two reads under load: without it a commit per event would mean a statement per event. */
const MIN_GAP_MS = 15;

export interface FeedEntry {
  item: FeedEvent;
  /** The message of `GET /api/v1/live`: the same bytes for every stream. */
  frame: Buffer;
}

export interface Feed {
  /** Everything up to here has been read. */
  readonly position: number;
  /** What was read after a position, oldest first; null: memory does not reach back that far. */
  since(position: number): readonly FeedEntry[] | null;
  /** Calls `moved` whenever there is more; returns how to stop that. */
  follow(moved: () => void): () => void;
  /** There may be more: look at once. */
  wake(): void;
  close(): void;
}

/** An event with its message. */
export function toEntry(item: FeedEvent): FeedEntry {
  return { item, frame: sseFrame(formatCursor(item.seq), item.type, item.json) };
}

/** Starts reading a workspace's feed after `from`. */
export function openFeed(parts: { db: Database; log: Log; workspace: number; from: number }): Feed {
  const { db, log, workspace } = parts;
  const followers = new Set<() => void>();
  let position = parts.from;
  /** Everything after this and up to `position` is in `kept`. */
  let floor = parts.from;
  let kept: FeedEntry[] = [];
  let bytes = 0;
  let closed = false;
  let woken = false;
  let wakeUp: (() => void) | null = null;

  function take(items: readonly FeedEvent[]): void {
    for (const item of items) {
      const entry = toEntry(item);
      kept.push(entry);
      bytes += entry.frame.byteLength;
      position = item.seq;
      if (item.type === 'learner.erased') {
        // What was made before holds the name; whoever needs it again reads what is left of it.
        kept = [];
        bytes = 0;
        floor = item.seq;
      }
    }
    let drop = 0;
    while (kept.length - drop > KEPT_EVENTS || (bytes > KEPT_BYTES && kept.length - drop > 1)) {
      const oldest = kept[drop];
      if (oldest === undefined) break;
      bytes -= oldest.frame.byteLength;
      floor = oldest.item.seq;
      drop += 1;
    }
    if (drop > 0) kept = kept.slice(drop);
    for (const moved of followers) moved();
  }

  /** Sleeps until woken, at most `ms`. */
  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        wakeUp = null;
        resolve();
      }
      wakeUp = done;
      if (woken || closed) done();
    });
  }

  async function run(): Promise<void> {
    let failing = false;
    while (!closed) {
      woken = false;
      const began = performance.now();
      let full = false;
      try {
        const items = await readEvents(db, { workspace, after: position, limit: PAGE });
        if (closed) return;
        if (items.length > 0) take(items);
        full = items.length === PAGE;
        if (failing) log.info({ workspace }, 'the live feed can be read again');
        failing = false;
      } catch (error) {
        if (closed) return;
        // Once per outage: streams stay open and go on where they were.
        if (!failing) log.warn({ err: error, workspace }, 'the live feed cannot be read; trying again every second');
        failing = true;
      }
      if (full) continue;
      await rest(POLL_MS);
      const gap = MIN_GAP_MS - (performance.now() - began);
      if (gap > 0 && !closed) await sleep(gap);
    }
  }
  void run();

  return {
    get position() {
      return position;
    },
    since(after) {
      if (after < floor) return null;
      return kept.slice(firstAfter(kept, after));
    },
    follow(moved) {
      followers.add(moved);
      return () => followers.delete(moved);
    },
    wake() {
      woken = true;
      wakeUp?.();
    },
    close() {
      closed = true;
      wakeUp?.();
      followers.clear();
    },
  };
}

/** Index of the first entry after a position (binary search). */
function firstAfter(entries: readonly FeedEntry[], position: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const seq = entries[middle]?.item.seq ?? Number.POSITIVE_INFINITY;
    if (seq <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
