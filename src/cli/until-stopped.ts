/**
 * The life of a process that serves.
 *
 * States: running → draining (first SIGTERM or SIGINT) → gone. While draining a second signal, or the deadline, ends it at
 * once; nothing acknowledged is lost then either, it only takes recovery at the next start.
 */
import { note, styled } from './terminal.ts';

/** Orchestrators kill after 10 s by default (docker, the contract): be gone before, with our own exit code. */
const DRAIN_WITHIN_MS = 9_500;

/** Waits for the first signal, runs `drain`, and ends the process: 0, or 1 when draining failed or took too long. */
export async function untilStopped(drain: () => Promise<void>): Promise<never> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve).once('SIGHUP', resolve);
  });
  const atOnce = (): never => process.exit(130);
  process
    .on('SIGINT', atOnce)
    .on('SIGTERM', atOnce)
    .on('SIGHUP', () => {});
  if (signal === 'SIGINT' && process.stderr.isTTY) {
    note(styled('dim', 'Stopping: what is under way is finished first. Ctrl-C again ends at once.', process.stderr));
  }
  setTimeout(() => {
    note('gradewire: draining took longer than 10 s, so it was cut short. Nothing that was acknowledged is lost.');
    process.exit(1);
  }, DRAIN_WITHIN_MS).unref();
  await drain();
  process.exit(0);
}
