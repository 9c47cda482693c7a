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
          const repeated = shuffled.flatMap((w) => (random() < 0.2 ? [w, w] : [w]));
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
});
