/** One receipt that the database refuses must not hold the others up. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { addSources, projectAll, type StoredWebhook, storeReceipts } from '../helpers/receipts.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await addSources(test.db);
});
afterAll(() => test.drop());

function completion(n: number): StoredWebhook {
  const body = {
    event: 'quiz.completed',
    timestamp: new Date(Date.UTC(2026, 3, 8) + n * 1000).toISOString(),
    data: { userId: `u${n % 5}`, quizId: 'q', score: n, totalQuestions: 1000, percentage: n / 10, answers: [] },
  };
  return { provider: 'quizapi', eventName: null, body: Buffer.from(JSON.stringify(body)) };
}

it('sets the guilty receipt aside as failed with the reason, and the rest of its batch goes through', async () => {
  // Nothing that adapters let through is refused by the schema, so the test's own database is made pickier.
  await test.db.query(`ALTER TABLE attempts ADD CONSTRAINT unlucky CHECK (score NOT IN (13, 77))`);
  await storeReceipts(
    test.db,
    Array.from({ length: 100 }, (_, n) => completion(n)),
  );
  await projectAll(test.db, { lanes: 2, batch: 40 });

  const failed = await test.db.query<{ status: string; detail: string; score: number }>(
    `SELECT o.status, o.detail, (convert_from(r.body, 'UTF8')::json #>> '{data,score}')::int AS score
     FROM receipt_outcomes o JOIN receipts r USING (workspace, seq) ORDER BY 3`,
  );
  expect(failed.map(({ status, score }) => [status, score])).toEqual([
    ['failed', 13],
    ['failed', 77],
  ]);
  expect(failed[0]?.detail).toMatch(/unlucky.*Replay it after the cause is mended\.$/);
  const [rows] = await test.db.query<{ attempts: number; events: number }>(
    'SELECT (SELECT count(*) FROM attempts)::int AS attempts, (SELECT count(*) FROM events)::int AS events',
  );
  expect(rows).toEqual({ attempts: 98, events: 98 });

  // The cause is mended: a replay makes them good, and tells the feed what it had not told.
  await test.db.query('ALTER TABLE attempts DROP CONSTRAINT unlucky');
  await test.db.query(
    `WITH again AS (DELETE FROM receipt_outcomes RETURNING workspace, seq, received_at)
     INSERT INTO receipt_queue (workspace, seq, received_at, mode) SELECT workspace, seq, received_at, 'replay' FROM again`,
  );
  await projectAll(test.db);
  const [after] = await test.db.query<{ attempts: number; events: number; outcomes: number }>(
    `SELECT (SELECT count(*) FROM attempts)::int AS attempts, (SELECT count(*) FROM events)::int AS events,
            (SELECT count(*) FROM receipt_outcomes)::int AS outcomes`,
  );
  expect(after).toEqual({ attempts: 100, events: 100, outcomes: 0 });
});

it('sets bytes aside that are not even text (an import or a restore may bring them), and goes on', async () => {
  const body = Buffer.concat([Buffer.from('{"event":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  const before = await test.db.query<{ n: number }>('SELECT count(*)::int AS n FROM attempts');
  await storeReceipts(test.db, [completion(500), { provider: 'quizapi', eventName: null, body }, completion(501)]);
  await projectAll(test.db);
  const after = await test.db.query<{ n: number }>('SELECT count(*)::int AS n FROM attempts');
  expect((after[0]?.n ?? 0) - (before[0]?.n ?? 0)).toBe(2);
  const failed = await test.db.query<{ detail: string }>('SELECT detail FROM receipt_outcomes');
  expect(failed).toHaveLength(1);
  expect(failed[0]?.detail).toMatch(/UTF8/);
});
