/** What is left of a receipt whose person was erased: that it came, and its key, so that a retry is a duplicate. */
import type { Queryable } from '../db/database.ts';

/** Stands where the body was. */
export const ERASED_BODY = '{"erased":true}';

/** Why it means nothing, for the person who looks at it. */
export const ERASED_REASON = 'This person was erased, so the webhook was not kept and counts nowhere.';

/** Overwrites bodies and headers. `receivedAt` to the microsecond, as the partition key needs it. */
export async function redactReceipts(
  tx: Queryable,
  workspace: number,
  receipts: readonly { seq: number; receivedAtExact: string }[],
): Promise<void> {
  if (receipts.length === 0) return;
  await tx.query(
    `UPDATE receipts r SET body = convert_to($4, 'UTF8'), headers = '{}'
     FROM unnest($2::bigint[], $3::timestamptz[]) AS e (seq, received_at)
     WHERE r.workspace = $1 AND r.seq = e.seq AND r.received_at = e.received_at`,
    [
      workspace,
      receipts.map((receipt) => receipt.seq),
      receipts.map((receipt) => receipt.receivedAtExact),
      ERASED_BODY,
    ],
  );
}
