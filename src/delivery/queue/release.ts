import type { Queryable } from '../../db/database.ts';
import type { Claimed } from './claim.ts';

/** Gives claimed rows back untried, to be taken again at once. */
export async function releaseClaims(
  db: Queryable,
  rows: readonly Pick<Claimed, 'deliveryId' | 'claim'>[],
): Promise<void> {
  if (rows.length === 0) return;
  // Not joined with a list of pairs: the planner may read the whole queue to do so. A delivery is under one claim at a time.
  await db.query(
    `UPDATE delivery_queue SET lease_until = NULL, claim = NULL
     WHERE delivery_id = ANY ($1::uuid[]) AND claim = ANY ($2::bigint[])`,
    [rows.map((row) => row.deliveryId), [...new Set(rows.map((row) => row.claim))]],
  );
}
