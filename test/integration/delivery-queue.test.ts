/** What claiming and writing results read of the queue: their rows, however much waits beside them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid, type Uuid } from '../../src/core/ids.ts';
import type { Queryable } from '../../src/db/database.ts';
import { claimDue } from '../../src/delivery/queue/claim.ts';
import { writeResults } from '../../src/delivery/queue/write-results.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const WAITING = 10_000;
const AT_ONCE = 200;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const endpoint = newUuid();
  await database.db.query(`INSERT INTO endpoints (workspace, id, kind, sealed) VALUES (1, $1, 'webhook', '')`, [
    endpoint,
  ]);
  await database.db.query(
    `WITH made AS (
       INSERT INTO deliveries (workspace, id, created_at, endpoint_id, event_id, event_seq, event_type)
       SELECT 1, gen_random_uuid(), date_trunc('milliseconds', now()), $1, gen_random_uuid(), i, 'attempt.completed' FROM generate_series(1, $2::int) i
       RETURNING id, created_at, event_seq
     )
     INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, event_seq, due_at)
     SELECT 1, id, created_at, $1, event_seq, now() FROM made`,
    [endpoint, WAITING],
  );
  await database.db.query('ANALYZE');
});
afterAll(() => database.drop());

/** Rows of the queue that this transaction has read without an index. */
async function readWhole(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT seq_tup_read AS n FROM pg_stat_xact_user_tables WHERE relname = 'delivery_queue'`,
  );
  return row?.n ?? Number.NaN;
}

test('a claim and its results read nothing of what waits besides', async () => {
  const statuses = new Map<Uuid, string>();
  await database.db.transaction(async (tx) => {
    const rows = await claimDue(tx, 7, { each: AT_ONCE, atFailing: 1, taken: new Map(), total: AT_ONCE });
    expect(rows).toHaveLength(AT_ONCE);
    const results = rows.map((row, i) => ({
      ...row,
      end:
        i % 2 === 0
          ? { status: 'succeeded' as const, detail: null }
          : { status: 'pending' as const, inMs: 5_000, tries: 1 },
      at: Date.now(),
      statusCode: i % 2 === 0 ? 200 : 500,
      durationMs: 10,
      error: i % 2 === 0 ? null : 'It failed.',
      requestHeaders: '{}',
      responseBody: '',
      untried: false,
    }));
    await writeResults(tx, results);
    for (const { deliveryId, end } of results) statuses.set(deliveryId, end.status);
    expect(await readWhole(tx)).toBe(0);
  });
  const left = await database.db.query<{ id: Uuid; tries: number; claim: number | null }>(
    'SELECT delivery_id AS id, tries, claim FROM delivery_queue',
  );
  expect(left).toHaveLength(WAITING - AT_ONCE / 2);
  expect(left.filter(({ tries }) => tries === 1).map(({ id }) => statuses.get(id))).toEqual(
    Array.from({ length: AT_ONCE / 2 }, () => 'pending'),
  );
  expect(left.filter(({ claim }) => claim !== null)).toEqual([]);
  const written = await database.db.query<{ status: string; n: number }>(
    'SELECT status, count(*)::int AS n FROM deliveries WHERE jsonb_array_length(tries) = 1 GROUP BY status ORDER BY status',
  );
  expect(written).toEqual([
    { status: 'pending', n: AT_ONCE / 2 },
    { status: 'succeeded', n: AT_ONCE / 2 },
  ]);
});
