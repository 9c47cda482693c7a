/** Retention: what workspaces no longer keep goes, keys stay, and progress whose evidence is gone says so and is left alone. */
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { dropOld } from '../../src/retention/drop-old.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addSources, projectAll, storeReceipts } from '../helpers/receipts.ts';
import { happened, told } from '../helpers/school.ts';

const log = pino({ level: 'silent' });
let school: TestApp;

beforeEach(async () => {
  school = await createTestApp();
  await addSources(school.db);
});
afterEach(() => school.close());

const old = told('attempt.completed', { learner: 'Ada', activity: 'Quiz', percentage: 80, ago: 5 });
const young = told('attempt.completed', { learner: 'Ben', activity: 'Quiz', percentage: 60, ago: 4 });

/** Two results, the first of which came in long ago. */
async function twoResults(): Promise<void> {
  await happened(school.db, old);
  await school.db.query(`UPDATE receipts SET received_at = now() - interval '40 days'`);
  await school.db.query(`UPDATE receipt_keys SET received_at = now() - interval '40 days'`);
  await happened(school.db, young);
}

const keepFor = (receiptsDays: number | null, eventsDays: number | null = null) =>
  school.call('PATCH', '/api/v1/workspace', { body: { retention: { receiptsDays, eventsDays } } });

async function drop(): Promise<void> {
  while ((await dropOld(school.db, log)) === 'again');
}

const count = async (what: string): Promise<number> =>
  (await school.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`))[0]?.n ?? -1;

test('by default nothing is dropped', async () => {
  await twoResults();
  await drop();
  expect(await count('receipts')).toBe(2);
});

test('old receipts go, their keys stay, and what they meant is sealed and outlives a rebuild', async () => {
  await twoResults();
  await keepFor(30);
  await drop();
  expect(await count('receipts')).toBe(1);
  expect(await count('receipt_keys')).toBe(2);
  const attempts = await school.call('GET', '/api/v1/attempts');
  const shown = async () =>
    Promise.all(
      (at(attempts.json, 'data') as { id: string }[]).map(async ({ id }) => {
        const { json } = await school.call('GET', `/api/v1/attempts/${id}`);
        return [textAt(json, 'learner.name'), at(json, 'percentage'), at(json, 'sealed')];
      }),
    );
  expect((await shown()).sort()).toEqual([
    ['Ada', 80, true],
    ['Ben', 60, false],
  ]);
  await rebuildAll(school.db, 1);
  await projectAll(school.db);
  expect((await shown()).sort()).toEqual([
    ['Ada', 80, true],
    ['Ben', 60, false],
  ]);
  // Sent once more, years later: still a duplicate.
  await storeReceipts(school.db, [old]);
  expect(await count('receipts')).toBe(1);
});

test('when no receipt is left at all, a rebuild leaves everything as it is', async () => {
  await twoResults();
  await school.db.query(`UPDATE receipts SET received_at = now() - interval '40 days'`);
  await keepFor(30);
  await drop();
  expect(await count('receipts')).toBe(0);
  await rebuildAll(school.db, 1);
  await projectAll(school.db);
  expect(await count(`attempts WHERE state = 'completed'`)).toBe(2);
});

test('what still waits to be read is not dropped', async () => {
  await storeReceipts(school.db, [old]);
  await school.db.query(`UPDATE receipts SET received_at = now() - interval '40 days'`);
  await keepFor(30);
  await drop();
  expect(await count('receipts')).toBe(1);
});

test('a whole month goes as a table, once every workspace agrees; the feed says what it no longer has', async () => {
  for (const parent of ['receipts', 'events']) {
    await school.db.query(
      `CREATE TABLE ${parent}_2020_01 PARTITION OF ${parent} FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-02-01 00:00:00+00')`,
    );
  }
  await happened(school.db, old);
  await school.db.query(`UPDATE receipts SET received_at = '2020-01-15T00:00:00Z'`);
  await school.db.query(`UPDATE events SET recorded_at = '2020-01-15T00:00:00Z'`);
  await school.db.query(`INSERT INTO workspaces (slug, name) VALUES ('other', 'Other')`);
  await keepFor(30, 30);
  // The other one keeps everything, so only rows of this one go.
  await drop();
  expect(await count('receipts')).toBe(0);
  expect(await count(`pg_class WHERE relname IN ('receipts_2020_01', 'events_2020_01')`)).toBe(2);
  await school.db.query(
    `UPDATE workspaces SET settings = '{"retention": {"receiptsDays": 60, "eventsDays": 60}}' WHERE slug = 'other'`,
  );
  const [{ seq = 0 } = {}] = await school.db.query<{ seq: number }>('SELECT min(seq) AS seq FROM events');
  await drop();
  expect(await count(`pg_class WHERE relname IN ('receipts_2020_01', 'events_2020_01')`)).toBe(0);
  expect(await count(`instance WHERE name = 'events_dropped_to' AND value::bigint >= ${seq}`)).toBe(1);
});
