/**
 * The worker: projects pending receipts, oldest first, in several lanes so that one lane's database time overlaps with
 * another's computing. Waking is a hint; polling is the truth.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isDatabaseAway } from '../db/away.ts';
import type { Database } from '../db/database.ts';
import { finishRebuild } from '../normalise/queue/finish-rebuild.ts';
import type { Tombstones } from '../people/tombstones.ts';
import { projectOldest } from './project-batch.ts';

export interface WorkerOptions {
  db: Database;
  log: Logger;
  /** Whether this machine is busy taking webhooks: the projection then gives way to acknowledging. */
  busy: () => boolean;
  /**
   * Called before each look for work. What is committed after it has to wake the worker; one wake is enough until the next
   * call, so whoever wakes can spare itself the others.
   */
  looks?: () => void;
  /** Called after each batch that was projected. `full`: more is pending than it could hold. */
  projected?: (full: boolean) => void;
  /** Batches under way at once. */
  lanes: number;
  /** Receipts in a batch at most. */
  batch: number;
  /** Who was erased. */
  stones: Tombstones;
}

export interface Worker {
  /** Something may be pending: look now. */
  wake(): void;
  /** Finishes the batches under way and ends. */
  stop(): Promise<void>;
}

/** A lost NOTIFY delays a receipt by this at most. */
const POLL_MS = 500;
/** Prevents a database that is away from being asked in a tight loop. */
const AWAY_PAUSE_MS = 500;
/**
 * While webhooks press, a lane rests until the pressure ends, so that acknowledging gets the machine; but no longer than
 * this, so that a backlog moves under any load (docs/performance.md, "Burst").
 */
const LONGEST_REST_MS = 3_000;
/** Under pressure the backlog only has to move: a full batch would take both cores for a tenth of a second. */
const BATCH_WHILE_BUSY = 100;
/** So many batches of one workspace before all are asked whether something is pending. */
const ROUNDS_OF_ONE = 8;
/** How often a resting lane looks whether the pressure is over. */
const LOOK_MS = 20;
/** Partitions are made months ahead, so a missed day does not matter. */
const MAINTENANCE_MS = 6 * 3600_000;

/** Starts working; returns at once. */
export function startWorker(options: WorkerOptions): Worker {
  const { db, log } = options;
  const stopping = new AbortController();
  let wakers: (() => void)[] = [];
  let wakes = 0;
  /** The workspace that had something pending last. */
  let busiest: number | null = null;
  let sinceAll = 0;

  /** One lane is enough: whoever gets a full batch wakes the next. */
  const wake = () => {
    wakes += 1;
    wakers.shift()?.();
  };

  const waitForWork = async (seen: number): Promise<void> => {
    if (wakes !== seen || stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        wakers = wakers.filter((waker) => waker !== woken);
        resolve();
      }, POLL_MS);
      const woken = (): void => {
        clearTimeout(timer);
        resolve();
      };
      wakers.push(woken);
    });
  };

  const lane = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const seen = wakes;
      options.looks?.();
      try {
        const worked = await round();
        if (!worked) await waitForWork(seen);
      } catch (error) {
        if (isDatabaseAway(error))
          log.warn({ err: error }, 'The database is away; projecting goes on when it is back.');
        else log.error({ err: error }, 'Projecting failed; it is tried again.');
        await sleep(AWAY_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  /** A batch of this workspace; false when nothing was pending and free. */
  const project = async (workspace: number): Promise<boolean> => {
    const limit = options.busy() ? BATCH_WHILE_BUSY : options.batch;
    const result = await projectOldest(db, workspace, limit, log, options.stones);
    if (result.receipts === 0) return false;
    const full = result.receipts >= limit;
    if (full) wake();
    log.debug({ workspace, ...result }, 'batch projected');
    options.projected?.(full);
    if (result.again) await finishRebuild(db, workspace);
    await rest();
    return true;
  };

  /** One batch for each workspace that has something pending. False when there was nothing. */
  const round = async (): Promise<boolean> => {
    // Nearly always the same: asking first would cost each webhook a round trip. But all have their turn.
    sinceAll += 1;
    const tried = sinceAll < ROUNDS_OF_ONE ? busiest : null;
    if (tried !== null && (await project(tried))) return true;
    sinceAll = 0;
    busiest = null;
    const workspaces = await db.query<{ id: number }>(
      'SELECT id FROM workspaces w WHERE EXISTS (SELECT FROM receipt_queue q WHERE q.workspace = w.id)',
    );
    let worked = false;
    for (const { id } of workspaces) {
      if (stopping.signal.aborted) return worked;
      // What is left of it is another lane's.
      if (id === tried || !(await project(id))) continue;
      worked = true;
      busiest = id;
    }
    return worked;
  };

  /** Gives way while webhooks press. */
  const rest = async (): Promise<void> => {
    const until = performance.now() + LONGEST_REST_MS;
    while (options.busy() && performance.now() < until && !stopping.signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  const maintain = async (): Promise<void> => {
    try {
      await db.query('SELECT ensure_partitions()');
      // A rebuild whose end was cut short by a crash.
      for (const { id } of await db.query<{ id: number }>('SELECT id FROM workspaces')) await finishRebuild(db, id);
    } catch (error) {
      log.warn({ err: error }, 'Maintenance failed; it is tried again later.');
    }
  };
  const maintenance = setInterval(maintain, MAINTENANCE_MS);
  const first = maintain();

  const lanes = Array.from({ length: options.lanes }, lane);
  return {
    wake,
    async stop() {
      stopping.abort();
      clearInterval(maintenance);
      for (let i = 0; i < options.lanes; i++) wake();
      await Promise.all([...lanes, first]);
    },
  };
}
