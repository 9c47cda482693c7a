/**
 * The life of a process that serves.
 *
 * States: starting or running → draining (first SIGTERM, SIGINT or SIGHUP) → gone. While draining a second signal, or the
 * deadline, ends it at once; nothing acknowledged is lost then either, it only takes recovery at the next start. A signal
 * during the start is remembered, so that what is half started is stopped in order.
 */
import { note, styled } from './terminal.ts';

/** Orchestrators kill after 10 s by default (docker, the contract): be gone before, with our own exit code. */
const DRAIN_WITHIN_MS = 9_500;
/** What a shell expects of a process that Ctrl-C ended: 128 + SIGINT. */
const INTERRUPTED = 130;

/** Listens for signals from now on; aborted at the first. Call before anything is started. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) {
      // A terminal that closes sends this after the others; it is no impatience.
      if (signal !== 'SIGHUP') process.exit(INTERRUPTED);
      return;
    }
    if (signal === 'SIGINT' && process.stderr.isTTY) {
      note(
        styled('dim', '\rStopping: what is under way is finished first. Ctrl-C again ends at once.', process.stderr),
      );
    }
    setTimeout(() => {
      note('gradewire: draining took longer than 10 s, so it was cut short. Nothing that was acknowledged is lost.');
      process.exit(1);
    }, DRAIN_WITHIN_MS).unref();
    stopping.abort();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
  return stopping.signal;
}

/** Waits for the signal, drains, and ends the process with 0. Throws what draining throws. */
export async function untilStopped(signal: AbortSignal, drain: () => Promise<void>): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await drain();
  process.exit(0);
}
