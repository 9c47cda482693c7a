/** Starts the sender in a thread of its own as soon as there is anything to send; most servers have no endpoint and no thread. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import type { Queryable } from '../db/database.ts';
import type { SenderSettings } from './sender-settings.ts';
import { type SupervisedThread, superviseThread } from './supervise-thread.ts';

/**
 * A limit keeps V8 from taking ten times what it needs; but what waits in line is many times what is made for one delivery, and with a young
 * generation of half this size some of it is taken for old (docs/performance.md, "Deliveries"). In MiB; only under load is all of it used.
 */
const HEAP = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 128 };
/** How late the first delivery of a new instance can be; asking costs one look into an index of nothing. */
const LOOK_MS = 1_000;

/** Returns at once. */
export function startSender(
  settings: SenderSettings,
  { db, log }: { db: Queryable; log: Logger },
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let thread: SupervisedThread | null = null;

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const [row] = await db.query<{ any: boolean }>('SELECT EXISTS (SELECT FROM endpoints WHERE enabled) AS any');
        if (row?.any === true && !stopping.signal.aborted) {
          // The process is started with a limit for all (bin/gradewire.mjs) that goes before HEAP. Threads that run keep theirs.
          setFlagsFromString('--max-semi-space-size=0');
          thread = superviseThread({
            file: new URL('./sender-thread.ts', import.meta.url),
            name: 'sender',
            workerData: settings,
            heap: HEAP,
            log,
          });
          return;
        }
      } catch (error) {
        log.debug({ err: error }, 'Whether there are endpoints could not be asked now.');
      }
      await sleep(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const watching = watch();

  return {
    async stop() {
      stopping.abort();
      await watching;
      await thread?.stop();
    },
  };
}
