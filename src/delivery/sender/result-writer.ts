/** Gathers results while a write is under way, like the group commit of ingest; holds them while the database is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Uuid } from '../../core/ids.ts';
import { isDatabaseAway } from '../../db/away.ts';
import type { Log } from '../../db/log.ts';
import type { Result } from '../queue/results.ts';
import type { Desk } from './desk.ts';

export interface ResultWriter {
  add(result: Result): void;
  /** Results not yet written. */
  waiting(): number;
  /** Resolves when all that were added are written; from now on a database that is away is not waited for. */
  end(): Promise<void>;
}

/** Written in one transaction at most: longer ones hold rows of figures that other senders wait for. */
const GROUP = 500;
/** While so many calls are under way more results come at once: a group of them costs little more than one. */
const MANY = 16;
const GATHER_MS = 15;
const PAUSE_MS = 500;
/** A group that fails without the database being away is taken apart; what fails alone is tried so often, then let go: its lease ends. */
const MOST_TRIES = 3;

export function resultWriter(options: {
  desk: Desk;
  log: Log;
  /** Calls that have not ended. */
  underWay(): number;
  /** Has had nothing but failures for too long. */
  onHopeless(endpoint: { workspace: number; id: Uuid }): void;
  onWritten(): void;
  /** Something that waited for one of them is due now. */
  onReleased(): void;
}): ResultWriter {
  const { desk, log } = options;
  let queue: Result[] = [];
  let running: Promise<void> | null = null;
  let ending = false;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      if (queue.length < GROUP && !ending && options.underWay() >= MANY) await sleep(GATHER_MS);
      const group = queue.slice(0, GROUP);
      await write(group, 1);
      queue = queue.slice(group.length);
      options.onWritten();
    }
    running = null;
  }

  async function write(group: readonly Result[], tries: number): Promise<void> {
    try {
      const { released, hopeless } = await desk.write(group);
      if (released) options.onReleased();
      for (const endpoint of hopeless) options.onHopeless(endpoint);
    } catch (error) {
      if (isDatabaseAway(error)) {
        // Their leases end, and they are sent again.
        if (ending) return;
        log.warn({ err: error }, 'The database is away; results of deliveries wait for it.');
        await sleep(PAUSE_MS);
        return write(group, tries);
      }
      if (tries < MOST_TRIES) {
        await sleep(PAUSE_MS / 10);
        return write(group, tries + 1);
      }
      log.error({ err: error, results: group.length }, 'Results of deliveries could not be written.');
      if (group.length > 1) for (const one of group) await write([one], MOST_TRIES);
    }
  }

  return {
    add(result) {
      queue.push(result);
      running ??= Promise.resolve().then(run);
    },
    waiting: () => queue.length,
    async end() {
      ending = true;
      while (running !== null) await running;
    },
  };
}
