import type { Queryable } from '../../db/database.ts';
import type { Claimed } from './claim.ts';

/** Gives claimed rows back untried, to be taken again at once. */
export async function releaseClaims(
  db: Queryable,
  rows: readonly (Pick<Claimed, 'workspace' | 'deliveryId'> & { claim: number })[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.query(
    `UPDATE delivery_queue q SET lease_until = NULL, claim = NULL
     FROM unnest($1::int[], $2::uuid[], $3::bigint[]) AS r (workspace, delivery_id, claim)
     WHERE q.workspace = r.workspace AND q.delivery_id = r.delivery_id AND q.claim = r.claim`,
    [rows.map((row) => row.workspace), rows.map((row) => row.deliveryId), rows.map((row) => row.claim)],
  );
}
