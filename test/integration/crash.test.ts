/** kill -9 under load: what was acknowledged is there once, and the progress is what a clean run gives. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { findRunningEmbedded } from '../../src/db/embedded/find-running.ts';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { type Load, startLoad } from '../helpers/load.ts';
import { snapshot } from '../helpers/progress-snapshot.ts';
import { type RealServer, startRealServer } from '../helpers/server.ts';
import { until } from '../helpers/until.ts';

const SECRET = 'the secret of the quiz platform';
const KILLS = 20;
const SETTLE_MS = 60_000;

let dataDir: string;
let server: RealServer;
let load: Load | undefined;
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gradewire-crash-'));
  server = await startRealServer({ GRADEWIRE_DATA_DIR: dataDir, QUIZAPI_WEBHOOK_SECRET: SECRET });
}, 90_000);
afterEach(async () => {
  await load?.stop();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Any moment: long enough that some webhooks are under way at every stage, over the kills. */
function anyMoment(): number {
  return 20 + Math.random() * 600;
}

async function settled(db: Database): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const [row] = await db.query<{ pending: number }>('SELECT count(*)::int AS pending FROM receipt_queue');
    if (row?.pending === 0) return;
    if (Date.now() > deadline) throw new Error(`${row?.pending} receipts are still pending.`);
    await sleep(50);
  }
}

async function check(sent: Load): Promise<void> {
  const url = await findRunningEmbedded(dataDir);
  if (url === null) throw new Error('The embedded PostgreSQL is not running.');
  const db = openDatabase({ url, max: 2, name: 'test' });
  try {
    await settled(db);
    const stored = await db.query<{ id: string; copies: number }>(
      `SELECT 'rcp_' || encode(substring(key FOR 16), 'hex') AS id, count(*)::int AS copies FROM receipts GROUP BY 1`,
    );
    const copies = new Map(stored.map((row) => [row.id, row.copies]));
    const lost = sent.acknowledged.filter((id) => copies.get(id) !== 1);
    expect(lost).toEqual([]);
    expect(stored.filter((row) => row.copies !== 1)).toEqual([]);
    expect(await db.query('SELECT * FROM receipt_outcomes')).toEqual([]);

    const [told] = await db.query<{ completed: number }>(
      `SELECT count(*)::int AS completed FROM receipts WHERE convert_from(body, 'UTF8')::json ->> 'event' = 'quiz.completed'`,
    );
    const [made] = await db.query<{ completed: number }>(
      `SELECT count(*)::int AS completed FROM attempts WHERE state = 'completed'`,
    );
    expect(made?.completed).toBe(told?.completed);
    expect(made?.completed).toBeGreaterThanOrEqual(sent.completions());
    const [events] = await db.query<{ doubled: number }>(
      'SELECT (count(*) - count(DISTINCT id))::int AS doubled FROM events',
    );
    expect(events?.doubled).toBe(0);

    // A clean run over the same receipts gives the same progress.
    const before = await snapshot(db, { ids: true });
    await rebuildAll(db, 1);
    await settled(db);
    expect(await snapshot(db, { ids: true })).toEqual(before);
  } finally {
    await db.close();
  }
}

describe('kill -9 under load', () => {
  it(`of the server, ${KILLS} times: nothing acknowledged is lost or counted twice`, { timeout: 300_000 }, async () => {
    load = startLoad(`${server.url}/webhooks/quizapi`, SECRET, 8);
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(anyMoment());
      await server.kill();
      await server.start();
    }
    await load.stop();
    expect(load.acknowledged.length).toBeGreaterThan(KILLS);
    await check(load);
    expect(await server.stop()).toBe(0);
    await server.start();
  });

  it(`of the embedded PostgreSQL, ${KILLS} times: it comes back by itself, and the same holds`, {
    timeout: 300_000,
  }, async () => {
    load = startLoad(`${server.url}/webhooks/quizapi`, SECRET, 8);
    let last = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(anyMoment());
      const killed = await runningPostmaster(last);
      process.kill(killed, 'SIGKILL');
      last = killed;
      const acknowledged = load.acknowledged.length;
      const deadline = Date.now() + SETTLE_MS;
      while (load.acknowledged.length <= acknowledged + 8) {
        if (Date.now() > deadline) throw new Error(`The database did not come back:\n${server.log()}`);
        await sleep(10);
      }
    }
    await load.stop();
    expect([...load.refused.keys()].filter((status) => status !== 503)).toEqual([]);
    // Backends outlive the killed server for a moment and may answer those eight: what is checked is the one after it.
    await runningPostmaster(last);
    await until('the database takes statements again', async () => (await fetch(`${server.url}/readyz`)).ok);
    await check(load);
  });
});

/** The server's process, once another than the last one killed runs: its file stays behind for a moment. */
async function runningPostmaster(last: number): Promise<number> {
  const file = path.join(dataDir, 'postgres', 'postmaster.pid');
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    try {
      const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
      process.kill(pid, 0);
      if (pid !== last) return pid;
    } catch {
      // No file yet, or the process in it is gone.
    }
    if (Date.now() > deadline) throw new Error(`PostgreSQL was not started again:\n${server.log()}`);
    await sleep(10);
  }
}
