/**
 * Named jobs that come again and again beside projecting: figures kept, attention looked at, old things dropped. Of each job
 * one process at a time runs it, by an advisory lock of a session. Should that session break while a job runs, another
 * process may begin it: every job has to bear that.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import { isDatabaseAway } from '../db/away.ts';
import type { Database } from '../db/database.ts';

export interface Chore {
  /** Unique; the lock is taken on it. */
  name: string;
  /** From one end to the next start. */
  everyMs: number;
  /** Also soon after a batch was projected: for what people wait to see. */
  afterBatch?: boolean;
  /** Does the work in pieces: 'again' when there is more, which it is called for soon. `signal` aborts at the end. */
  run(db: Database, log: Logger, signal: AbortSignal): Promise<'again' | undefined> | Promise<void>;
}

export interface Chores {
  /** A batch was projected, here: those that wait for it look soon. `full`: more is pending than it could hold. */
  batchProjected(full: boolean): void;
  /** Lets the pieces under way finish. */
  stop(): Promise<void>;
}

/** Batches come many a second under load: one look serves them all. */
const AFTER_BATCH_MS = 200;
/** After a batch a job rests so many times as long as it took, so that looking never costs more than a share of the machine. */
const REST_FACTOR = 12;
/**
 * Batches come one after the other when there was one within this time: then a job rests between its pieces too. There is a backlog
 * when one of them was full.
 */
const STEADY_MS = 1_000;
/** What has been left over for so long is made up for by resting less, or figures would be of the morning all day. */
const LONG_BEHIND_MS = 30_000;
const REST_FACTOR_BEHIND = 3;
/** Another process has the job, and what woke us may be newer than what it looks at. */
const TAKEN_PAUSE_MS = 1_000;
/**
 * While webhooks press or a backlog is projected, jobs wait for the end of it: their figures would lack what is pending, which they
 * held up. But no longer than this, so that nothing stops for good.
 */
const LONGEST_WAIT_MS = 5_000;
const LOOK_MS = 50;
/** Prevents a job that fails, or a database that is away, from being tried in a tight loop. */
const FAILED_PAUSE_MS = 2_000;

/** Starts them all; returns at once. `db` serves the jobs' statements, and one connection more holds the locks. */
export function startChores(options: {
  db: Database;
  log: Logger;
  chores: readonly Chore[];
  /** Whether this machine is busy taking webhooks: jobs then wait, as projecting does. */
  busy?: () => boolean;
}): Chores {
  const { db, log } = options;
  const stopping = new AbortController();
  const locks = lockHolder(db);
  const wakers = new Set<() => void>();
  let lastBatchAt = Number.NEGATIVE_INFINITY;
  let lastFullAt = Number.NEGATIVE_INFINITY;
  const givesWay = () => options.busy?.() === true || performance.now() - lastFullAt < STEADY_MS;

  async function lane(chore: Chore): Promise<void> {
    let woken = false;
    let behindSince: number | null = null;
    let wakeUp: (() => void) | null = null;
    if (chore.afterBatch === true) {
      wakers.add(() => {
        woken = true;
        wakeUp?.();
      });
    }
    /** Waits `ms`, or until the next batch, whichever comes first. */
    const rest = async (ms: number): Promise<void> => {
      if (woken || stopping.signal.aborted) return;
      const early = new AbortController();
      wakeUp = () => early.abort();
      await sleep(ms, undefined, { signal: AbortSignal.any([early.signal, stopping.signal]) }).catch(() => undefined);
      wakeUp = null;
    };
    const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

    while (!stopping.signal.aborted) {
      const until = performance.now() + LONGEST_WAIT_MS;
      while (givesWay() && performance.now() < until && !stopping.signal.aborted) await pause(LOOK_MS);
      if (stopping.signal.aborted) return;
      const wasWoken = woken;
      woken = false;
      const began = performance.now();
      const result = await once(chore);
      const tookMs = performance.now() - began;
      if (result === 'again') {
        behindSince ??= began;
        const factor = began - behindSince > LONG_BEHIND_MS ? REST_FACTOR_BEHIND : REST_FACTOR;
        if (performance.now() - lastBatchAt < STEADY_MS) await pause(Math.min(factor * tookMs, chore.everyMs));
        continue;
      }
      behindSince = null;
      if (result === 'failed') await pause(FAILED_PAUSE_MS);
      else if (result === 'taken' && wasWoken) {
        await pause(TAKEN_PAUSE_MS);
        woken = true;
      } else {
        await pause(Math.max(AFTER_BATCH_MS, Math.min(REST_FACTOR * tookMs, chore.everyMs)));
        await rest(chore.everyMs);
        // The rest of the batches that come together.
        if (woken) await pause(AFTER_BATCH_MS);
      }
    }
  }

  async function once(chore: Chore): Promise<'again' | 'done' | 'taken' | 'failed'> {
    try {
      if (!(await locks.take(chore.name))) return 'taken';
      try {
        return (await chore.run(db, log, stopping.signal)) ?? 'done';
      } finally {
        await locks.give(chore.name);
      }
    } catch (error) {
      if (stopping.signal.aborted) return 'done';
      if (isDatabaseAway(error))
        log.warn({ err: error, chore: chore.name }, 'The database is away; a job waits for it.');
      else log.error({ err: error, chore: chore.name }, 'A job failed; it is tried again.');
      return 'failed';
    }
  }

  const lanes = options.chores.map(lane);
  return {
    batchProjected(full) {
      lastBatchAt = performance.now();
      if (full) lastFullAt = lastBatchAt;
      for (const wake of wakers) wake();
    },
    async stop() {
      stopping.abort();
      await Promise.all(lanes);
    },
  };
}

/** Any constant that no other lock has (7301 to 7304: feed, migrations and partitions, attempts, rebuild). */
const LOCK_SPACE = 7305;

/** Holds the locks of all jobs of this process on one connection, which it keeps only while any is held. */
function lockHolder(db: Database) {
  let client: Promise<PoolClient> | null = null;
  let held = 0;
  // Jobs take and give when they like; a connection takes one statement at a time.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(ignore);
    return turn;
  };

  const release = async (broken: boolean): Promise<void> => {
    const current = client;
    client = null;
    const connection = await current?.catch(() => null);
    connection?.release(broken);
  };
  return {
    /** False when another process holds it. */
    async take(name: string): Promise<boolean> {
      held += 1;
      client ??= db.pool.connect();
      try {
        const connection = await client;
        const { rows } = await inTurn(() =>
          connection.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS taken', [
            LOCK_SPACE,
            name,
          ]),
        );
        if (rows[0]?.taken === true) return true;
      } catch (error) {
        held -= 1;
        await release(true);
        throw error;
      }
      held -= 1;
      if (held === 0) await release(false);
      return false;
    },
    async give(name: string): Promise<void> {
      held -= 1;
      const current = client;
      if (current === null) return;
      try {
        const connection = await current;
        await inTurn(() => connection.query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCK_SPACE, name]));
        if (held === 0 && client === current) await release(false);
      } catch {
        // A connection that broke has given its locks back; the next taker opens another.
        if (client === current) await release(true);
      }
    },
  };
}

function ignore(): void {}
