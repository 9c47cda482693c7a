/** LISTEN on a connection of its own that comes back by itself. A NOTIFY is a hint to look sooner; polling is the truth. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from './log.ts';

export interface Listener {
  /** Ends the connection; nothing is called afterwards. */
  close(): Promise<void>;
}

/** Pauses between tries, doubled each time: a database that comes back must not be met by a storm. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that a firewall dropped silently looks open for ever; a question now and then shows it. */
const ASK_EVERY_MS = 15_000;
const ANSWER_MS = 10_000;

/**
 * Calls `onNotify(channel, payload)` for each notification, and `onNotify(null, '')` after every connect, because what was
 * sent before it was missed. Returns at once; connects, and after a loss connects again, by itself.
 */
export function listen(
  url: string,
  channels: readonly string[],
  onNotify: (channel: string | null, payload: string) => void,
  options: { log: Log },
): Listener {
  const closing = new AbortController();
  const { signal } = closing;
  let current: pg.Client | null = null;

  /** One connection from its beginning to its end. Resolves with true when it was up at all. */
  async function connection(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'gradewire listen',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    });
    current = client;
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    client.on('error', () => resolve());
    client.on('end', () => resolve());
    client.on('notification', ({ channel, payload }) => {
      if (!signal.aborted) onNotify(channel, payload ?? '');
    });
    let up = false;
    try {
      // When the connection is ended while it is being made, `connect` itself never answers.
      await Promise.race([
        client.connect(),
        lost.then(() => Promise.reject(new Error('The connection ended before it was up.'))),
      ]);
      for (const channel of channels) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      if (signal.aborted) return true;
      up = true;
      onNotify(null, '');
      const asking = setInterval(() => void client.query('SELECT 1').catch(() => resolve()), ASK_EVERY_MS);
      asking.unref();
      await lost;
      clearInterval(asking);
    } catch (error) {
      if (!signal.aborted) options.log.warn({ err: error }, 'Listening to the database failed; it is tried again.');
    } finally {
      current = null;
      // Not awaited: on a dead connection a polite end would wait for an answer that never comes.
      client.end().catch(() => undefined);
    }
    return up;
  }

  async function run(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      if (await connection()) pause = FIRST_PAUSE_MS;
      if (signal.aborted) return;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
  const running = run();

  return {
    async close() {
      closing.abort();
      await current?.end().catch(() => undefined);
      await running;
    },
  };
}
