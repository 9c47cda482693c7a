/** All open streams of this process: a feed for each workspace that somebody watches, and what all streams have in common. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Database } from '../db/database.ts';
import { listen } from '../db/listen.ts';
import type { Log } from '../db/log.ts';
import { FEED_CHANNEL } from './append.ts';
import { feedStart } from './bounds.ts';
import { formatCursor } from './cursor.ts';
import { type Feed, openFeed } from './feed.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import { NOTICE_CHANNEL, type Notice, noticeFrame, parseNotice } from './notices.ts';
import { type AnswerHeaders, openSse, type SseStream, sseFrame } from './sse.ts';
import { type Selection, type Subscription, subscribe } from './subscription.ts';
import { turns } from './turns.ts';

/** The contract promises a comment every 15 s; timers are late under load. */
const KEEP_ALIVE_MS = 10_000;
/** A revoked key must lose its open streams within 5 s. */
const RECHECK_MS = 2_500;
/** A client that took nothing for this long is cut; it resumes with its cursor, so nothing is lost to it. */
const STALL_MS = 10_000;
/** Streams that read old events at once: the pool has other work, and after a restart everybody comes back together. */
const READS_AT_ONCE = 2;

export interface LiveHubOptions {
  db: Database;
  /** Where to LISTEN; a connection of its own. */
  url: string;
  log: Log;
  registry: Registry;
  keepAliveMs?: number;
  recheckMs?: number;
  stallMs?: number;
}

/** Who holds a stream open. */
export interface Holder {
  /** The key: streams of one key are checked together. */
  keyId: string;
  /** Whether it still stands. Rejects when that cannot be found out now. */
  stillValid(): Promise<boolean>;
}

export interface StreamRequest {
  workspace: number;
  /** `Last-Event-ID`; null: from now on. */
  cursor: string | null;
  holder: Holder;
  selection: Selection;
}

export interface LiveHub {
  /**
   * Finds where the stream starts. Rejects when the database is away, before anything of the answer is sent. What `start`
   * returns is called once the answer is ours: it sends the head and goes on until the client leaves.
   */
  prepare(request: StreamRequest): Promise<(response: ServerResponse, headers: AnswerHeaders) => void>;
  /** Who is in which cohorts now, for streams that are limited to some. */
  cohortsOf: Memberships['cohortsOf'];
  /** Opens a stream of its own, not of the feed: kept alive, and ended with its holder's key and with the hub. */
  open(response: ServerResponse, headers: AnswerHeaders, about: { workspace: number; holder: Holder }): SseStream;
  /** Ends all streams, so that their clients go elsewhere, and stops reading. */
  close(): Promise<void>;
}

interface Open {
  workspace: number;
  stream: SseStream;
  /** null: a stream of its own. */
  subscription: Subscription | null;
  selection: Selection | null;
  holder: Holder;
  response: ServerResponse;
}

/** Opens the hub. Nothing is read while nobody watches. */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { db, log } = options;
  const streams = new Set<Open>();
  const feeds = new Map<number, { feed: Feed; users: number }>();
  const reading = turns(READS_AT_ONCE);
  const memberships = createMemberships(db);
  let closed = false;

  new Gauge({
    name: 'gradewire_live_streams',
    help: 'Open SSE streams.',
    registers: [options.registry],
    collect() {
      this.set(streams.size);
    },
  });
  const cuts = new Counter({
    name: 'gradewire_live_cut_total',
    help: 'SSE streams cut because their client took nothing.',
    registers: [options.registry],
  });

  const listener = listen(
    options.url,
    [FEED_CHANNEL, NOTICE_CHANNEL],
    (channel, payload) => {
      // After a reconnect anything may have been missed.
      if (channel === null) {
        for (const { feed } of feeds.values()) feed.wake();
        tell(null, null);
      } else if (channel === NOTICE_CHANNEL) {
        const { workspace, notice } = parseNotice(payload);
        tell(workspace, notice);
      } else feeds.get(Number(payload))?.feed.wake();
    },
    { log },
  );

  const keepAlive = setInterval(() => {
    for (const { stream, subscription } of streams)
      stream.keepAlive(subscription === null ? null : formatCursor(subscription.position));
  }, options.keepAliveMs ?? KEEP_ALIVE_MS);

  /** Sends a notice to the streams that may know; null: all workspaces, or look again. */
  function tell(workspace: number | null, notice: Notice | null): void {
    const frame = noticeFrame(notice);
    for (const { stream, selection, workspace: own } of streams) {
      if (selection?.notices === undefined || (workspace !== null && own !== workspace)) continue;
      selection.notices(notice).then(
        (wanted) => {
          if (wanted) stream.write([frame]);
        },
        (error: unknown) => log.warn({ err: error }, 'a live stream could not be told of a change'),
      );
    }
  }

  let checking = false;
  const recheck = setInterval(() => {
    if (checking) return;
    checking = true;
    void endRevoked().finally(() => {
      checking = false;
    });
  }, options.recheckMs ?? RECHECK_MS);

  /** Ends the streams of keys that no longer stand. */
  async function endRevoked(): Promise<void> {
    const byKey = Map.groupBy(streams, (open) => open.holder.keyId);
    for (const group of byKey.values()) {
      try {
        if ((await group[0]?.holder.stillValid()) !== false) continue;
      } catch {
        // The database is away: no event can come either, and ending the streams would only make everybody reconnect to 503.
        continue;
      }
      for (const { stream } of group) stream.end();
    }
  }

  function useFeed(workspace: number, from: number): Feed {
    let used = feeds.get(workspace);
    if (used === undefined) {
      used = { feed: openFeed({ db, log, workspace, from }), users: 0 };
      feeds.set(workspace, used);
    }
    used.users += 1;
    return used.feed;
  }

  function leaveFeed(workspace: number): void {
    const used = feeds.get(workspace);
    if (used === undefined) return;
    used.users -= 1;
    if (used.users > 0) return;
    feeds.delete(workspace);
    used.feed.close();
  }

  /** Sends the head; the stream is ended with the hub. */
  function begin(
    response: ServerResponse,
    headers: AnswerHeaders,
    at: string | null,
    about: { workspace: number; holder: Holder },
  ): SseStream {
    return openSse(response, at, {
      headers,
      stallMs: options.stallMs ?? STALL_MS,
      onCut() {
        cuts.inc();
        log.info(
          { workspace: about.workspace, key: about.holder.keyId },
          'a live stream was cut: its client took nothing',
        );
      },
    });
  }

  function keep(open: Open, over: () => void): void {
    streams.add(open);
    open.stream.onClose(() => {
      streams.delete(open);
      over();
    });
    if (closed) open.stream.end();
  }

  return {
    async prepare({ workspace, cursor, holder, selection }) {
      const start = await feedStart(db, workspace, cursor);
      return (response, headers) => {
        const at = formatCursor(start.from);
        const stream = begin(response, headers, at, { workspace, holder });
        if (stream.closed) return;
        if (start.reset) stream.write([sseFrame(at, 'reset', RESET)]);
        const feed = useFeed(workspace, start.end);
        const subscription = subscribe({
          db,
          workspace,
          feed,
          from: start.from,
          stream,
          selection,
          reading,
          failed: (error) => log.warn({ err: error, workspace }, 'a live stream could not read on; it is tried again'),
        });
        keep({ workspace, stream, subscription, selection, holder, response }, () => leaveFeed(workspace));
      };
    },
    cohortsOf: memberships.cohortsOf,
    open(response, headers, about) {
      const stream = begin(response, headers, null, about);
      if (!stream.closed) keep({ ...about, stream, subscription: null, selection: null, response }, () => {});
      return stream;
    },
    async close() {
      closed = true;
      clearInterval(keepAlive);
      clearInterval(recheck);
      const gone = [...streams].map(({ response }) => response.closed || once(response, 'close'));
      for (const { stream } of streams) stream.end();
      await Promise.all([listener.close(), ...gone]);
    },
  };
}

/** What `event: reset` says. */
const RESET = JSON.stringify({
  message:
    'Events between your Last-Event-ID and this id cannot be told. Load what you show anew; the stream goes on from here.',
});
