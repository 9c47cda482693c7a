/** Starts the worker in a thread of its own, and starts it again should it die. */
import type { Logger } from 'pino';
import { superviseThread } from './supervise-thread.ts';
import { SHARED, type ThreadSettings } from './thread-settings.ts';

export interface WorkerThread {
  /** Something may be pending: look now. */
  wake(): void;
  /** Lets batches under way finish, then ends the thread. */
  stop(): Promise<void>;
}

/**
 * A batch needs a few MiB; without limits the thread's heap grows to ten times that before it is collected, and the server
 * has to stay under 250 MB (docs/performance.md, "Memory"). In MiB.
 */
const HEAP = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 128 };
/** Pressure is judged over this many moments of so many milliseconds. */
const MOMENTS = 20;
const MOMENT_MS = 10;

/** Starts the thread; returns at once. `waiting` says how many requests wait for their answer, looked at every few ms. */
export function startWorkerThread(
  settings: Omit<ThreadSettings, 'shared'>,
  parts: { log: Logger; waiting: () => number },
): WorkerThread {
  const shared = new SharedArrayBuffer(SHARED.bytes);
  const numbers = new Int32Array(shared);
  // The highest of the last moments: between two commits of a burst the number falls for a few milliseconds.
  const moments: number[] = new Array<number>(MOMENTS).fill(0);
  const looking = setInterval(() => {
    moments.shift();
    moments.push(parts.waiting());
    Atomics.store(numbers, SHARED.waiting, Math.max(...moments));
  }, MOMENT_MS);
  looking.unref();
  const thread = superviseThread({
    file: new URL('./thread.ts', import.meta.url),
    name: 'worker',
    workerData: { ...settings, shared } satisfies ThreadSettings,
    heap: HEAP,
    log: parts.log,
  });
  return {
    wake() {
      // A message costs both sides, and one is enough until the worker has looked again.
      if (Atomics.exchange(numbers, SHARED.wantsWake, 0) === 1) thread.post('wake');
    },
    async stop() {
      clearInterval(looking);
      await thread.stop();
    },
  };
}
