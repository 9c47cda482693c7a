/** Jobs beside projecting: one process at a time, again when there is more, soon after a batch, tried again, drained. */
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Chore, type Chores, startChores } from '../../src/worker/chores.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { until } from '../helpers/until.ts';

const log = pino({ level: 'silent' });
const LONG_MS = 3_600_000;
let database: TestDatabase;
let running: Chores[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  await Promise.all(running.map((chores) => chores.stop()));
  running = [];
  await database.drop();
});

function start(...chores: Chore[]): Chores {
  const started = startChores({ db: database.db, log, chores });
  running.push(started);
  return started;
}

test('a job runs at the start and is called at once while there is more', async () => {
  let left = 3;
  start({
    name: 'counting',
    everyMs: LONG_MS,
    async run() {
      left -= 1;
      return left > 0 ? 'again' : undefined;
    },
  });
  await until('the job has run three times', () => left === 0);
});

test('of two processes one runs a job at a time, and the other takes it up when that ends', async () => {
  let atOnce = 0;
  let most = 0;
  const runs = [0, 0];
  const chore = (process: number): Chore => ({
    name: 'shared',
    everyMs: 1,
    async run(db) {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await db.query('SELECT pg_sleep(0.02)');
      atOnce -= 1;
      runs[process] = (runs[process] ?? 0) + 1;
    },
  });
  start(chore(0));
  start(chore(1));
  await until('both have had their turn', () => runs.every((count) => count >= 2));
  expect(most).toBe(1);
});

test('a projected batch wakes those jobs that ask for it', async () => {
  const runs = { waking: 0, sleeping: 0 };
  const chore = (name: 'waking' | 'sleeping', afterBatch: boolean): Chore => ({
    name,
    everyMs: LONG_MS,
    afterBatch,
    async run() {
      runs[name] += 1;
    },
  });
  const chores = start(chore('waking', true), chore('sleeping', false));
  await until('both have run once', () => runs.waking === 1 && runs.sleeping === 1);
  chores.batchProjected(false);
  await until('the one has run again', () => runs.waking === 2);
  expect(runs.sleeping).toBe(1);
});

test('a backlog goes first: jobs rest until no batch was full for a second', async () => {
  const ranAt: number[] = [];
  let fullAt = 0;
  const chores = start({
    name: 'figures',
    everyMs: LONG_MS,
    async run() {
      ranAt.push(performance.now());
      if (ranAt.length > 1) return undefined;
      chores.batchProjected(true);
      fullAt = performance.now();
      return 'again';
    },
  });
  await until('it goes on afterwards', () => ranAt.length === 2);
  expect((ranAt[1] ?? 0) - fullAt).toBeGreaterThan(900);
});

test('a job that another process holds while a batch wakes it is looked at again', async () => {
  let runs = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const began = Promise.withResolvers<void>();
  start({
    name: 'held',
    everyMs: LONG_MS,
    async run() {
      began.resolve();
      await held;
    },
  });
  await began.promise;
  const other = start({
    name: 'held',
    everyMs: LONG_MS,
    afterBatch: true,
    async run() {
      runs += 1;
    },
  });
  other.batchProjected(false);
  release();
  await until('the other process has run it', () => runs > 0);
});

test('a job that fails is tried again, and its lock is free meanwhile', async () => {
  let tries = 0;
  start({
    name: 'failing',
    everyMs: LONG_MS,
    async run(db) {
      tries += 1;
      if (tries === 1) await db.query('SELECT 1 / 0');
    },
  });
  await until('the second try', () => tries === 2);
});

test('stopping waits for the piece under way', async () => {
  const began = Promise.withResolvers<void>();
  let done = false;
  const chores = start({
    name: 'slow',
    everyMs: LONG_MS,
    async run(db) {
      began.resolve();
      await db.query('SELECT pg_sleep(0.1)');
      done = true;
    },
  });
  await began.promise;
  await chores.stop();
  expect(done).toBe(true);
});
