/** What claiming and writing results read of the queue: their rows, however much waits beside them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newUuid, type Uuid } from '../../src/core/ids.ts';
import { type Database, openDatabase, type Queryable } from '../../src/db/database.ts';
import { CREATED_AT, newDeliveryId } from '../../src/delivery/plan/fits.ts';
import { holdFollowers } from '../../src/delivery/plan/hold-followers.ts';
import { type Claimed, type Claims, claimDue, toClaims } from '../../src/delivery/queue/claim.ts';
import { releaseClaims } from '../../src/delivery/queue/release.ts';
import { releaseFollowers } from '../../src/delivery/queue/release-followers.ts';
import type { Result } from '../../src/delivery/queue/results.ts';
import { writeResults } from '../../src/delivery/queue/write-results.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { rowsReadBy } from '../helpers/rows-read.ts';

const WAITING = 10_000;
const AT_ONCE = 200;

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function addEndpoint(): Promise<Uuid> {
  const endpoint = newUuid();
  await database.db.query(`INSERT INTO endpoints (workspace, id, kind, sealed) VALUES (1, $1, 'webhook', '')`, [
    endpoint,
  ]);
  return endpoint;
}

/** Deliveries that wait to be sent; in order two by two, the second of each held back, when `ordered`. */
async function enqueue(endpoint: Uuid, count: number, ordered = false): Promise<void> {
  await database.db.query(
    `WITH made AS (
       INSERT INTO deliveries (workspace, id, created_at, endpoint_id, event_id, event_seq, event_type)
       SELECT 1, ${newDeliveryId('$1::uuid', 'v.id')}, ${CREATED_AT}, $1, v.id, v.i, 'attempt.completed'
       FROM (SELECT i, gen_random_uuid() AS id FROM generate_series(1, $2::int) i) v
       RETURNING id, created_at, event_seq
     )
     INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, event_seq, due_at, order_key)
     SELECT 1, id, created_at, $1, event_seq, CASE WHEN $3 AND event_seq % 2 = 0 THEN 'infinity' ELSE now() END,
       CASE WHEN $3 THEN (event_seq - 1) / 2 END FROM made`,
    [endpoint, count, ordered],
  );
}

async function claim(db: Queryable, number: number): Promise<Claimed[]> {
  const room = { each: AT_ONCE, atFailing: 1, taken: new Map(), total: 10 * AT_ONCE };
  return toClaims(await claimDue(db, number, room), number).rows;
}

/** Every second one arrived, unless all did. */
function resultsOf(rows: readonly Claimed[], allArrived = false): Result[] {
  return rows.map((row, i) => ({
    ...row,
    end:
      allArrived || i % 2 === 0 ? { status: 'succeeded', detail: null } : { status: 'pending', inMs: 5_000, tries: 1 },
    at: Date.now(),
    statusCode: allArrived || i % 2 === 0 ? 200 : 500,
    durationMs: 10,
    error: allArrived || i % 2 === 0 ? null : 'It failed.',
    requestHeaders: '{}',
    responseBody: '',
    untried: false,
  }));
}

/** On a connection that plans as the sender's do (src/worker/sender-thread.ts), or as the worker's do (src/worker/thread.ts). */
async function connected(as: 'sender' | 'worker', work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase({ url: database.url, max: 1, name: as, prepares: true, plansOnce: as === 'sender' });
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** Rows of the queue and the log that `work` reads. */
const readBy = (tx: Queryable, work: () => Promise<unknown>) => rowsReadBy(tx, ['delivery_queue', 'deliveries'], work);

test('a claim and its results read nothing of what waits besides', async () => {
  await enqueue(await addEndpoint(), WAITING);
  await database.db.query('ANALYZE');
  const statuses = new Map<Uuid, string>();
  await connected('sender', (db) =>
    db.transaction(async (tx) => {
      const { whole } = await readBy(tx, async () => {
        const rows = await claim(tx, 7);
        expect(rows).toHaveLength(AT_ONCE);
        const results = resultsOf(rows);
        await writeResults(tx, results);
        for (const { deliveryId, end } of results) statuses.set(deliveryId, end.status);
      });
      expect(whole).toBe(0);
    }),
  );
  const left = await database.db.query<{ id: Uuid; tries: number; claim: number | null }>(
    'SELECT delivery_id AS id, tries, claim FROM delivery_queue',
  );
  expect(left).toHaveLength(WAITING - AT_ONCE / 2);
  expect(left.filter(({ tries }) => tries === 1).map(({ id }) => statuses.get(id))).toEqual(
    Array.from({ length: AT_ONCE / 2 }, () => 'pending'),
  );
  expect(left.filter(({ claim }) => claim !== null)).toEqual([]);
  const written = await database.db.query<{ status: string; n: number }>(
    'SELECT status, count(*)::int AS n FROM deliveries WHERE json_array_length(tries::json) = 1 GROUP BY status ORDER BY status',
  );
  expect(written).toEqual([
    { status: 'pending', n: AT_ONCE / 2 },
    { status: 'succeeded', n: AT_ONCE / 2 },
  ]);
});

test('what comes at once after an idle time is claimed and written without reading the rest, though the planner takes the queue for empty', async () => {
  const plain = await addEndpoint();
  const ordered = await addEndpoint();
  await database.db.query('ALTER TABLE delivery_queue SET (autovacuum_enabled = off)');
  await connected('sender', async (db) => {
    const round = async (number: number) => {
      await enqueue(plain, 1);
      await enqueue(ordered, 2, true);
      for (const part of [0, 1]) await writeResults(db, resultsOf(await claim(db, 2 * number + part), true));
      expect(await database.db.query('SELECT FROM delivery_queue')).toEqual([]);
    };
    // A statement is prepared when it comes again, and planned anew after a vacuum: while there is next to nothing.
    for (const number of [0, 1, 2]) await round(number);
    await database.db.query('VACUUM (ANALYZE) delivery_queue');
    for (const number of [3, 4, 5, 6, 7]) await round(number);
    await enqueue(plain, WAITING);
    await enqueue(ordered, WAITING, true);
    await db.transaction(async (tx) => {
      const { whole, found } = await readBy(tx, async () => {
        const rows = await claim(tx, 1_000);
        expect(rows).toHaveLength(2 * AT_ONCE);
        expect(await writeResults(tx, resultsOf(rows))).toBe(true);
        const others = await claim(tx, 1_001);
        expect(others).toHaveLength(2 * AT_ONCE);
        await releaseClaims(tx, others);
      });
      expect(whole).toBe(0);
      // Each of twice two times AT_ONCE: claimed, looked up; in the log; of an order: the one before it, the one after it.
      expect(found).toBeLessThanOrEqual(6 * 4 * AT_ONCE);
    });
  });
});

test('claims that follow each other step over nothing that was sent, though a backup that runs keeps all of it', async () => {
  const endpoint = await addEndpoint();
  await enqueue(endpoint, WAITING);
  await database.db.query('ANALYZE');
  const backup = openDatabase({ url: database.url, max: 1, name: 'backup' });
  try {
    await backup.transaction(async (dump) => {
      await dump.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await dump.query('SELECT FROM delivery_queue LIMIT 1');
      await connected('sender', async (db) => {
        const next = async (from: Claims['upTo']) => {
          const taken = new Map([[endpoint, { held: 0, room: AT_ONCE, from: from.get(endpoint) ?? null }]]);
          return toClaims(await claimDue(db, 7, { each: AT_ONCE, atFailing: 1, taken, total: AT_ONCE }), 7);
        };
        /** Entries of the index that the work steps over, and those that it takes. */
        const stepsOf = async (work: () => Promise<unknown>) => {
          const read = async () => {
            await db.query('SELECT pg_stat_force_next_flush()');
            const [row] = await db.query<{ n: number }>(
              `SELECT idx_tup_read::int AS n FROM pg_stat_user_indexes WHERE indexrelname = 'delivery_queue_due'`,
            );
            return row?.n ?? 0;
          };
          const before = await read();
          await work();
          return (await read()) - before;
        };
        const sent: Uuid[] = [];
        let upTo: Claims['upTo'] = new Map();
        const round = async () => {
          const claims = await next(upTo);
          upTo = claims.upTo;
          expect(claims.rows).toHaveLength(AT_ONCE);
          await writeResults(db, resultsOf(claims.rows, true));
          sent.push(...claims.rows.map(({ deliveryId }) => deliveryId));
        };
        for (let i = 0; i < 8; i++) await round();
        expect(await stepsOf(round)).toBeLessThanOrEqual(2 * AT_ONCE);
        expect(new Set(sent).size).toBe(9 * AT_ONCE);
        // The yardstick of this test: from the start it is all of them.
        upTo = new Map();
        expect(await stepsOf(round)).toBeGreaterThan(9 * AT_ONCE);
      });
    });
  } finally {
    await backup.close();
  }
});

test('deliveries that follow others are held without reading the rest, though that was planned while the queue was empty', async () => {
  const ordered = await addEndpoint();
  await database.db.query('ALTER TABLE delivery_queue SET (autovacuum_enabled = off)');
  await database.db.query('VACUUM (ANALYZE)');
  await connected('worker', async (db) => {
    const hold = (ids: readonly Uuid[]) => db.transaction((tx) => readBy(tx, () => holdFollowers(tx, 1, ids)));
    // PostgreSQL makes the plan that it keeps at the sixth time.
    for (let i = 0; i < 8; i++) await hold([newUuid()]);
    await enqueue(ordered, WAITING, true);
    const last = await database.db.query<{ id: Uuid }>(
      'SELECT delivery_id AS id FROM delivery_queue ORDER BY event_seq DESC LIMIT $1',
      [AT_ONCE],
    );
    const { whole, found } = await hold(last.map(({ id }) => id));
    expect(whole).toBe(0);
    // Each row and the one before it.
    expect(found).toBeLessThanOrEqual(2 * AT_ONCE);
  });
});

test('looking for those that wait for nothing any more reads them and the ones before them', async () => {
  const ordered = await addEndpoint();
  await database.db.query('ALTER TABLE delivery_queue SET (autovacuum_enabled = off)');
  await enqueue(ordered, 2, true);
  await database.db.query('DELETE FROM delivery_queue');
  await database.db.query('VACUUM (ANALYZE)');
  await enqueue(ordered, WAITING, true);
  await enqueue(await addEndpoint(), WAITING);
  await database.db.query(
    'DELETE FROM delivery_queue WHERE endpoint_id = $1 AND event_seq <= $2 AND event_seq % 2 = 1',
    [ordered, 2 * AT_ONCE],
  );
  await database.db.transaction(async (tx) => {
    const { whole, found } = await readBy(tx, async () => expect(await releaseFollowers(tx)).toBe(AT_ONCE));
    expect(whole).toBe(0);
    expect(found).toBeLessThanOrEqual(WAITING);
  });
});

test.each([
  ['the workspace', 'workspace = 1'],
  ['the endpoint', `endpoint_id = '${newUuid()}'`],
])(
  'no index of the queue finds anything by %s alone, so the planner can take none for the one that is meant',
  async (_, which) => {
    await database.db.transaction(async (tx) => {
      await tx.query('SET LOCAL enable_seqscan = off');
      const plan = await tx.query(`EXPLAIN SELECT FROM delivery_queue WHERE ${which}`);
      // Along an index at best by reading all of it: nothing is looked up.
      expect(JSON.stringify(plan)).not.toContain('Index Cond');
    });
  },
);
