/** Which events of replayed receipts the feed has already. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

/** The ids of all events that these receipts have led to: a replay tells only what was not told. */
export async function eventsToldBefore(tx: Queryable, workspace: number, seqs: readonly number[]): Promise<Set<Uuid>> {
  if (seqs.length === 0) return new Set();
  const rows = await tx.query<{ id: Uuid }>(
    'SELECT id FROM events WHERE workspace = $1 AND receipt_seq = ANY ($2::bigint[])',
    [workspace, seqs],
  );
  return new Set(rows.map((row) => row.id));
}
