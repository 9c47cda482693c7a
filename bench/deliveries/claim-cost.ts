/** What claiming and finishing a delivery costs the database, beside few and beside many finished ones. */
import type { Uuid } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/database.ts';
import { claimDue } from '../../src/delivery/queue/claim.ts';
import { writeResults } from '../../src/delivery/queue/write-results.ts';
import { median } from '../report.ts';
import { fillDeliveries } from './fill.ts';

const BATCH = 100;

/** Milliseconds of a claim of 100, and of writing down that they got there: medians over `rounds`. */
export async function claimCost(
  db: Database,
  endpoint: Uuid,
  { first, rounds }: { first: number; rounds: number },
): Promise<{ claimMs: number; writeMs: number }> {
  await fillDeliveries(db, endpoint, { first, count: BATCH * (rounds + 5), finished: false });
  await db.query('VACUUM (ANALYZE) delivery_queue');
  await db.query('CHECKPOINT');
  const claims: number[] = [];
  const writes: number[] = [];
  for (let round = 0; round < rounds + 5; round++) {
    const began = performance.now();
    const rows = await claimDue(db, round + 1, { each: BATCH, atFailing: 1, taken: new Map(), total: BATCH });
    const claimed = performance.now();
    if (rows.length !== BATCH) throw new Error(`Claimed ${rows.length} instead of ${BATCH}.`);
    await writeResults(
      db,
      rows.map((row) => ({
        ...row,
        end: { status: 'succeeded' as const, detail: null },
        at: Date.now(),
        statusCode: 200,
        durationMs: 10,
        error: null,
        requestHeaders: JSON.stringify({ 'content-type': 'application/json', 'webhook-id': row.deliveryId }),
        responseBody: 'ok',
        untried: false,
      })),
    );
    // The first ones fill the caches.
    if (round < 5) continue;
    claims.push(claimed - began);
    writes.push(performance.now() - claimed);
  }
  return { claimMs: median(claims), writeMs: median(writes) };
}
