/** Starts the sender's desk in a thread of its own (docs/decisions/0160). */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Desk } from '../delivery/sender/desk.ts';
import { remoteDesk, STOP } from '../delivery/sender/remote-desk.ts';
import type { DeskSettings } from './sender-settings.ts';

/** What is read lives until it has crossed; in MiB. */
const HEAP = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 128 };

/**
 * Starts it. Should it die, so does the thread that started it: what was asked would never be answered, and who looks after the sender
 * starts both again.
 */
export function startDesk(settings: DeskSettings): Desk & { stop(): Promise<void> } {
  const thread = new Worker(new URL('./desk-thread.ts', import.meta.url), {
    name: 'gradewire-desk',
    workerData: settings,
    resourceLimits: HEAP,
  });
  let stopping = false;
  thread.on('error', (error) => {
    throw error;
  });
  thread.on('exit', (code) => {
    if (!stopping) throw new Error(`The desk's thread ended (${code}).`);
  });
  return {
    ...remoteDesk(thread),
    async stop() {
      stopping = true;
      const ended = once(thread, 'exit');
      thread.postMessage(STOP);
      await ended;
    },
  };
}
