/** What claiming and finishing a delivery costs the database, beside few and beside many finished ones. */
import type { Uuid } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/database.ts';
import { claimDue, toClaims } from '../../src/delivery/queue/claim.ts';
import { writeResults } from '../../src/delivery/queue/write-results.ts';
import { median } from '../report.ts';
import { fillDeliveries } from './fill.ts';

const BATCH = 100;

/** Takes the database's backend as long as a claim, whatever lies in tables. */
const YARDSTICK = `SELECT max(md5(i::text)) FROM generate_series(1, 6000) i`;

export interface ClaimCost {
  claimMs: number;
  writeMs: number;
  /** Of YARDSTICK, asked after each claim. */
  yardstickMs: number;
}

/**
 * Milliseconds of a claim of 100, and of writing down that they got there: medians over `rounds`. Costs that lie minutes apart are
 * compared by the yardstick: this machine's speed changes by half within one.
 */
export async function claimCost(
  db: Database,
  endpoint: Uuid,
  { first, rounds }: { first: number; rounds: number },
): Promise<ClaimCost> {
  await fillDeliveries(db, endpoint, { first, count: BATCH * (rounds + 5), finished: false });
  await db.query('VACUUM (ANALYZE) delivery_queue');
  await db.query('CHECKPOINT');
  const claims: number[] = [];
  const writes: number[] = [];
  const yardsticks: number[] = [];
  for (let round = 0; round < rounds + 5; round++) {
    const began = performance.now();
    const groups = await claimDue(db, round + 1, { each: BATCH, atFailing: 1, taken: new Map(), total: BATCH });
    const claimed = performance.now();
    const { rows } = toClaims(groups, round + 1);
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
    const written = performance.now();
    writes.push(written - claimed);
    await db.query(YARDSTICK);
    yardsticks.push(performance.now() - written);
  }
  return { claimMs: median(claims), writeMs: median(writes), yardstickMs: median(yardsticks) };
}
