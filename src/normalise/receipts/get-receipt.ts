import type { Queryable } from '../../db/database.ts';
import { RECEIPT_COLUMNS, RECEIPT_JOINS, type ReceiptRow } from './receipt-row.ts';

export interface WholeReceipt extends ReceiptRow {
  /** JSON object of lower-case names, credentials redacted. */
  headers: string;
  body: Buffer;
}

/** The receipt whose key lies in a range (core/ids.ts, parseReceiptId); null when the workspace has none. */
export async function getReceipt(
  db: Queryable,
  workspace: number,
  keys: { from: Buffer; to: Buffer },
): Promise<WholeReceipt | null> {
  const rows = await db.query<WholeReceipt>(
    `WITH found AS MATERIALIZED (
       SELECT workspace, seq, received_at FROM receipt_keys WHERE workspace = $1 AND key BETWEEN $2 AND $3 LIMIT 1
     )
     SELECT ${RECEIPT_COLUMNS}, r.headers, r.body
     FROM found JOIN receipts r ON r.workspace = found.workspace AND r.seq = found.seq AND r.received_at = found.received_at
     ${RECEIPT_JOINS}`,
    [workspace, keys.from, keys.to],
  );
  return rows[0] ?? null;
}
