/** What `gradewire tail` does. */
import type { EventType } from '../core/vocabulary.ts';
import { listen } from '../db/listen.ts';
import { FEED_CHANNEL } from '../live/append.ts';
import { type FeedEvent, readEvents } from '../live/events.ts';
import { eventLine } from './event-line.ts';
import { note, say, styled } from './terminal.ts';
import { type CommandContext, WORKSPACE, withDatabase } from './with-database.ts';

export interface TailOptions {
  last: number;
  type?: EventType[];
  follow: boolean;
  json?: true;
}

/** Notifications are hints; this often the feed is looked at anyway. */
const LOOK_EVERY_MS = 2_000;
const PAGE = 200;

/** Prints the last events, then what comes. */
export async function tail(options: TailOptions): Promise<void> {
  await withDatabase(async (context) => {
    if (context.startedForThis && options.follow) {
      throw new Error(
        'No server runs here, so nothing will happen to follow. Start one with `npm start`, or add --no-follow.',
      );
    }
    await follow(context, options);
  });
}

async function follow(context: CommandContext, options: TailOptions): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let wake = (): void => {};
  const listener = options.follow ? listen(context.databaseUrl, [FEED_CHANNEL], () => wake(), { log: QUIET }) : null;
  try {
    let after = await positionBefore(context, options);
    let away = false;
    while (!stop.signal.aborted) {
      let events: FeedEvent[] = [];
      try {
        events = await readEvents(context.db, { workspace: WORKSPACE, after, types: options.type, limit: PAGE });
        if (away) note(styled('dim', 'The database is back.', process.stderr));
        away = false;
      } catch (error) {
        if (!options.follow) throw error;
        if (!away) note(styled('yellow', 'The database is away; waiting for it. Ctrl-C ends.', process.stderr));
        away = true;
      }
      for (const item of events) {
        say(options.json ? item.json : eventLine(item));
        after = item.seq;
      }
      if (events.length === PAGE) continue;
      if (!options.follow) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        stop.signal.addEventListener('abort', wake, { once: true });
      });
    }
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await listener?.close();
  }
}

const QUIET = { info() {}, warn() {}, error() {} };

/** The place in the feed before its last `options.last` events that fit. */
async function positionBefore(context: CommandContext, options: TailOptions): Promise<number> {
  const [row] = await context.db.query<{ before: number }>(
    `SELECT coalesce(
       (SELECT min(seq) - 1 FROM (
          SELECT seq FROM events WHERE workspace = $1 AND ($2::text[] IS NULL OR type = ANY ($2))
          ORDER BY seq DESC LIMIT $3) AS newest),
       (SELECT max(seq) FROM events WHERE workspace = $1), 0) AS before`,
    [WORKSPACE, options.type ?? null, options.last],
  );
  return row?.before ?? 0;
}
