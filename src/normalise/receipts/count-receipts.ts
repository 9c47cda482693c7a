import type { Queryable } from '../../db/database.ts';
import { type ReceiptFilter, selectReceipts } from './receipt-filter.ts';

/** How many receipts fit; counts no further than `most`. */
export async function countReceipts(db: Queryable, filter: ReceiptFilter, most: number): Promise<number> {
  const values: unknown[] = [];
  const chosen = selectReceipts(filter, values);
  const [row] = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT FROM (${chosen}) fitting LIMIT $${values.push(most)}) c`,
    values,
  );
  return row?.count ?? 0;
}
