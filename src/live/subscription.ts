/**
 * One stream's way through the feed. It takes events at its own speed, so what waits in memory for a slow client is one
 * slice; the rest waits in the database.
 *
 *   behind ──reached what memory holds──▶ following ──nothing new──▶ waiting ──moved──▶ following
 *     ▲                                      │
 *     └────────memory moved on without it────┘
 *   any of them ──client gone, cut, or no longer allowed──▶ closed
 *
 * Neither gap nor double: `position` is the only thing it goes by. Everything up to it has been sent or is not wanted; what
 * comes after is taken in the feed's order, wherever it is read from.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CohortScope } from '../cohorts/scope.ts';
import type { Uuid } from '../core/ids.ts';
import type { EventType } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import { type FeedEvent, readEvents } from './events.ts';
import { type Feed, type FeedEntry, PAGE, toEntry } from './feed.ts';
import type { Notice } from './notices.ts';
import type { SseStream } from './sse.ts';
import type { Turns } from './turns.ts';

/** One write to a client; more would let a single client's slice grow with the size of events. */
const SLICE_BYTES = 64 * 1024;

/** Between tries while the database is away. */
const RETRY_MS = 1_000;

/** What a stream wants to see. */
export interface Selection {
  /** Called with events before `wants` is asked about them, to find out what that needs to know. A rejection is tried again. */
  ready?(events: readonly Pick<FeedEvent, 'learnerId'>[]): Promise<void>;
  /** Whether this event is for this stream: its filters, and what its holder may see. */
  wants(event: FeedEvent): boolean;
  /** The same in what the database can narrow by, so that catching up skips what is not wanted; may say less than `wants`. */
  narrow(): { types?: readonly EventType[]; learnerId?: Uuid; activityId?: Uuid; cohorts?: CohortScope };
  /** The message for an event it wants, where that is not the event itself; null: none after all. */
  render?(event: FeedEvent): Promise<Buffer | null>;
  /** Whether this notice is for this stream (null: one that says no more than "look again"); without it none is. */
  notices?(notice: Notice | null): Promise<boolean>;
}

export interface Subscription {
  /** Everything up to here was sent, or is not wanted. */
  readonly position: number;
}

/**
 * Sends what `selection` wants to `stream` until the stream is closed. While the database is away it stays open and goes on
 * later; `failed` is told, once per outage.
 */
export function subscribe(parts: {
  db: Queryable;
  workspace: number;
  feed: Feed;
  from: number;
  stream: SseStream;
  selection: Selection;
  /** Turns at reading the database: streams that come back all at once must not take every connection. */
  reading: Turns;
  failed(error: unknown): void;
}): Subscription {
  const { db, workspace, feed, stream, selection, reading } = parts;
  let position = parts.from;
  let wakeUp: (() => void) | null = null;
  const unfollow = feed.follow(() => wakeUp?.());
  stream.onClose(() => {
    unfollow();
    wakeUp?.();
  });

  /** Sends entries in slices; false when the stream is over. Each slice moves `position` only after it was written. */
  async function send(entries: readonly FeedEntry[]): Promise<boolean> {
    await selection.ready?.(entries.map(({ item }) => item));
    let slice: Buffer[] = [];
    let bytes = 0;
    for (const entry of entries) {
      if (selection.wants(entry.item)) {
        const frame = selection.render === undefined ? entry.frame : await selection.render(entry.item);
        if (frame !== null) {
          slice.push(frame);
          bytes += frame.byteLength;
        }
      }
      if (bytes < SLICE_BYTES) continue;
      stream.write(slice);
      position = entry.item.seq;
      slice = [];
      bytes = 0;
      if (!(await stream.ready())) return false;
    }
    stream.write(slice);
    position = entries.at(-1)?.item.seq ?? position;
    return await stream.ready();
  }

  /** A page from the database, for a stream that memory does not reach back to. */
  async function catchUp(): Promise<void> {
    // All that the feed has read is committed, so an empty page means that nothing up to there is wanted.
    const reached = feed.position;
    const page = { workspace, after: position, limit: PAGE, ...selection.narrow() };
    const items = await reading.take(() => readEvents(db, page));
    if ((await send(items.map(toEntry))) && items.length < PAGE) position = Math.max(position, reached);
  }

  function moved(): Promise<void> {
    return new Promise((resolve) => {
      wakeUp = () => {
        wakeUp = null;
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    let failing = false;
    while (!stream.closed) {
      try {
        const entries = feed.since(position);
        if (entries === null) await catchUp();
        else if (entries.length > 0) await send(entries);
        else await moved();
        failing = false;
      } catch (error) {
        if (!failing) parts.failed(error);
        failing = true;
        await sleep(RETRY_MS);
      }
    }
  }
  void run();

  return {
    get position() {
      return position;
    },
  };
}
