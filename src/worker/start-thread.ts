/** Starts the worker in a thread of its own, and starts it again should it die. */
import { Worker as Thread } from 'node:worker_threads';
import type { Logger } from 'pino';
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
/** A thread that dies at once must not be started in a tight loop. */
const RESTART_PAUSE_MS = 1_000;
/** Pressure is judged over this many moments of so many milliseconds. */
const MOMENTS = 20;
const MOMENT_MS = 10;
/** Batches take far less; a thread that hangs longer is ended, and the database gives its receipts back. */
const STOP_MS = 5_000;

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
  let stopping = false;
  let ended: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });

  const start = (): Thread => {
    const thread = new Thread(new URL('./thread.ts', import.meta.url), {
      name: 'gradewire-worker',
      workerData: { ...settings, shared } satisfies ThreadSettings,
      resourceLimits: HEAP,
    });
    thread.on('message', ({ log }: { log: string }) => forward(parts.log, log));
    thread.on('error', (error) => parts.log.error({ err: error }, 'The worker thread died; it is started again.'));
    thread.on('exit', () => {
      if (stopping) ended();
      else setTimeout(again, RESTART_PAUSE_MS);
    });
    return thread;
  };
  const again = (): void => {
    if (stopping) ended();
    else current = start();
  };
  let current = start();

  return {
    wake() {
      // A message costs both sides, and one is enough until the worker has looked again.
      if (Atomics.exchange(numbers, SHARED.wantsWake, 0) === 1) current.postMessage('wake');
    },
    async stop() {
      stopping = true;
      clearInterval(looking);
      current.postMessage('stop');
      const hang = setTimeout(() => void current.terminate(), STOP_MS);
      await end;
      clearTimeout(hang);
    },
  };
}

/** A line that pino made in the thread, again through the server's logger. */
function forward(log: Logger, line: string): void {
  const {
    level,
    msg,
    time: _time,
    pid: _pid,
    hostname: _hostname,
    ...fields
  } = JSON.parse(line) as {
    level: number;
    msg?: string;
  } & Record<string, unknown>;
  if (level >= 50) log.error(fields, msg);
  else if (level >= 40) log.warn(fields, msg);
  else if (level >= 30) log.info(fields, msg);
  else log.debug(fields, msg);
}
