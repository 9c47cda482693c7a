import type { Queryable } from '../../db/database.ts';
import { isReceipt, type ReceiptFilter, selectReceipts } from './receipt-filter.ts';
import { RECEIPT_COLUMNS, RECEIPT_JOINS, type ReceiptRow } from './receipt-row.ts';

/** Receipts that fit, the newest first, at most `limit`; `before`: only those that came before that one's `seq`. */
export function listReceipts(
  db: Queryable,
  filter: ReceiptFilter,
  page: { before: number | null; limit: number },
): Promise<ReceiptRow[]> {
  const values: unknown[] = [];
  const chosen = selectReceipts(filter, values);
  const before = page.before === null ? '' : `WHERE seq < $${values.push(page.before)}`;
  return db.query<ReceiptRow>(
    `WITH page AS MATERIALIZED (
       SELECT * FROM (${chosen}) chosen ${before} ORDER BY seq DESC LIMIT $${values.push(page.limit)}
     )
     SELECT ${RECEIPT_COLUMNS}
     FROM page JOIN receipts r ON ${isReceipt('page')}
     ${RECEIPT_JOINS}
     ORDER BY r.seq DESC`,
    values,
  );
}
