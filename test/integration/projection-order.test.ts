/** Order and repetition do not matter: any way the same webhooks arrive ends in the same progress. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../src/adapters/registry.ts';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { scenario } from '../../src/simulator/scenario.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { snapshot } from '../helpers/progress-snapshot.ts';
import { addSources, emptyAll, projectAll, type StoredWebhook, storeReceipts, webhookOf } from '../helpers/receipts.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await addSources(test.db);
});
afterAll(() => test.drop());

/** Webhooks of a small class on all six platforms; every one different. */
function classWebhooks(seed: string, count: number): StoredWebhook[] {
  const webhooks: StoredWebhook[] = [];
  const start = Date.UTC(2026, 8, 1, 8);
  for (const event of scenario({ seed, adapters: Object.values(ADAPTERS), learners: 4, start, rhythm: 'history' })) {
    webhooks.push(webhookOf(event));
    if (webhooks.length === count) return webhooks;
  }
  return webhooks;
}

/** A webhook of QuizAPI at a minute of an hour. */
function quiz(event: string, minute: number, userId = 'u'): StoredWebhook {
  const timestamp = new Date(Date.UTC(2026, 3, 8, 14, minute)).toISOString();
  const data = { userId, quizId: 'q', score: 1, totalQuestions: 2, percentage: 50 };
  return { provider: 'quizapi', eventName: null, body: Buffer.from(JSON.stringify({ event, timestamp, data })) };
}

/**
 * The one order that matters (platforms.md): Testpress dates no corrections, so those of one attempt count as received. Puts
 * them into their first order, at the places they were shuffled to.
 */
function correctionsInOrder(shuffled: readonly StoredWebhook[], original: readonly StoredWebhook[]): StoredWebhook[] {
  const attemptOf = ({ provider, body }: StoredWebhook): number | null =>
    provider === 'testpress' ? (JSON.parse(body.toString()) as { attempt_id: number }).attempt_id : null;
  const inOrder = new Map<number, StoredWebhook[]>();
  for (const webhook of original) {
    const attempt = attemptOf(webhook);
    if (attempt !== null) inOrder.set(attempt, [...(inOrder.get(attempt) ?? []), webhook]);
  }
  return shuffled.map((webhook) => inOrder.get(attemptOf(webhook) ?? -1)?.shift() ?? webhook);
}

async function projected(webhooks: readonly StoredWebhook[], options: { lanes: number; batch: number }) {
  await emptyAll(test.db);
  await storeReceipts(test.db, webhooks);
  await projectAll(test.db, options);
  return snapshot(test.db, { ids: false });
}

describe('the projection', () => {
  it('ends in the same rows for any permutation and repetition, on two workers at once', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 6 }),
        fc.integer({ min: 20, max: 80 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        async (seed, count, batch, order) => {
          const random = seededRandom(String(order));
          const webhooks = classWebhooks(seed, count);
          const inOrder = await projected(webhooks, { lanes: 1, batch: 500 });
          expect(inOrder.attempts.length).toBeGreaterThan(0);
          const shuffled = webhooks
            .map((webhook) => ({ webhook, at: random() }))
            .sort((a, b) => a.at - b.at)
            .map(({ webhook }) => webhook);
          const repeated = correctionsInOrder(shuffled, webhooks).flatMap((w) => (random() < 0.2 ? [w, w] : [w]));
          expect(await projected(repeated, { lanes: 2, batch })).toEqual(inOrder);
        },
      ),
      { numRuns: Number(process.env.GRADEWIRE_PROPERTY_RUNS ?? 15) },
    );
  });

  it('gives identical progress, ids included, when everything is replayed and when it is rebuilt', async () => {
    const webhooks = classWebhooks('rebuild', 300);
    await emptyAll(test.db);
    await storeReceipts(
      test.db,
      webhooks.toSorted((a, b) => (a.body < b.body ? -1 : 1)),
    );
    await projectAll(test.db, { lanes: 2, batch: 7 });
    const before = await snapshot(test.db, { ids: true });
    const feed = await test.db.query('SELECT seq, id FROM events ORDER BY seq');

    await test.db.query(
      `INSERT INTO receipt_queue (workspace, seq, received_at, mode) SELECT workspace, seq, received_at, 'replay' FROM receipts`,
    );
    await projectAll(test.db, { lanes: 2, batch: 11 });
    expect(await snapshot(test.db, { ids: true })).toEqual(before);

    expect(await rebuildAll(test.db, 1)).toBe(300);
    await projectAll(test.db, { lanes: 2, batch: 13 });
    expect(await snapshot(test.db, { ids: true })).toEqual(before);
    expect(await test.db.query('SELECT seq, id FROM events ORDER BY seq')).toEqual(feed);
  });

  it('keeps published ids over a rebuild when a late start has split an attempt', async () => {
    await emptyAll(test.db);
    for (const webhook of [quiz('quiz.started', 0), quiz('quiz.completed', 10), quiz('quiz.started', 5)]) {
      await storeReceipts(test.db, [webhook]);
      await projectAll(test.db);
    }
    const before = await snapshot(test.db, { ids: true });
    expect(before.attempts).toHaveLength(2);
    await rebuildAll(test.db, 1);
    await projectAll(test.db, { batch: 1 });
    expect(await snapshot(test.db, { ids: true })).toEqual(before);
  });

  it('keeps published ids over a rebuild when a completion had overtaken the one before it', async () => {
    const learners = Array.from({ length: 20 }, (_, i) => `u${i}`);
    const plays = learners.flatMap((learner) => [
      quiz('quiz.started', 0, learner),
      quiz('quiz.completed', 5, learner),
      quiz('quiz.started', 10, learner),
      quiz('quiz.completed', 15, learner),
    ]);
    await emptyAll(test.db);
    await storeReceipts(test.db, plays);
    // Another worker has what lies between: the second completion closes the first attempt meanwhile.
    const late = await test.db.query<{ seq: string }>(
      `DELETE FROM receipt_queue q USING receipts r WHERE r.seq = q.seq AND convert_from(r.body, 'UTF8') ~ '14:(05|10):00'
       RETURNING q.seq`,
    );
    expect(late).toHaveLength(2 * learners.length);
    await projectAll(test.db);
    await test.db.query(
      `INSERT INTO receipt_queue (workspace, seq, received_at) SELECT workspace, seq, received_at FROM receipts
       WHERE seq = ANY ($1::bigint[])`,
      [late.map((row) => row.seq)],
    );
    await projectAll(test.db);
    const before = await snapshot(test.db, { ids: true });
    expect(before.attempts).toHaveLength(2 * learners.length);
    await rebuildAll(test.db, 1);
    // In order now: the start of the first attempt may be given to the row of the second, until the completion comes.
    await projectAll(test.db, { batch: 1 });
    expect(await snapshot(test.db, { ids: true })).toEqual(before);
    expect(await test.db.query("SELECT FROM attempts WHERE facts::text = '[]'")).toEqual([]);
  });

  it('rebuilds while webhooks come in: nothing deadlocks, nothing is set aside, nothing is lost', async () => {
    const webhooks = classWebhooks('busy', 400);
    await emptyAll(test.db);
    await storeReceipts(test.db, webhooks);
    await projectAll(test.db, { lanes: 2, batch: 50 });
    const before = await snapshot(test.db, { ids: false });
    await emptyAll(test.db);
    await storeReceipts(test.db, webhooks.slice(0, 200));
    await projectAll(test.db, { lanes: 2, batch: 50 });
    let arriving = true;
    const projecting = (async () => {
      while (arriving) await projectAll(test.db, { lanes: 2, batch: 5 });
    })();
    for (let from = 200; from < 400; from += 20) {
      await storeReceipts(test.db, webhooks.slice(from, from + 20));
      await rebuildAll(test.db, 1);
    }
    arriving = false;
    await projecting;
    await projectAll(test.db, { lanes: 2, batch: 50 });
    expect(await snapshot(test.db, { ids: false })).toEqual(before);
  });
});
