/** A class that nobody knew yet: each learner costs the same, however many came before and whether or not the tables have statistics. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { addSources, projectAll, storeReceipts } from '../helpers/receipts.ts';
import { until } from '../helpers/until.ts';

const LEARNERS = 4_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  // Statistics that came by chance would hide what this is about.
  for (const table of ['learners', 'identities']) {
    await database.db.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
  }
  await addSources(database.db);
});
afterAll(() => database.drop());

function completion(i: number) {
  const data = { userId: `user_${i}`, quizId: `quiz_${i % 50}`, score: 1, totalQuestions: 2, percentage: 50 };
  const timestamp = new Date(Date.UTC(2026, 3, 8) + i * 1000).toISOString();
  return {
    provider: 'quizapi' as const,
    eventName: null,
    body: Buffer.from(JSON.stringify({ event: 'quiz.completed', timestamp, data })),
  };
}

test('new learners are written without reading the ids of all others for each', async () => {
  const { db } = database;
  await storeReceipts(
    db,
    Array.from({ length: LEARNERS }, (_, i) => completion(i)),
  );
  await projectAll(db);
  // Statistics are told by each connection when it has been idle for a while.
  const pages = await until('what was read is told', async () => {
    const [row] = await db.query<{ learners: number; pages: number }>(
      `SELECT (SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'identities') AS learners,
         sum(idx_blks_hit + idx_blks_read)::bigint AS pages FROM pg_statio_user_indexes WHERE relname = 'identities'`,
    );
    return row?.learners === LEARNERS ? row.pages : null;
  });
  // 14 for entering and finding one; 48 of each of these 4,000, and more of more, while the whole index was read for one.
  expect(pages / LEARNERS).toBeLessThan(30);
});
