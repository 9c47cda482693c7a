/** What became of receipts that are not plainly processed. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

export interface Outcome {
  seq: number;
  receivedAtExact: string;
  sourceId: Uuid;
  status: 'ignored' | 'unmapped' | 'failed';
  /** A sentence for the person who looks at the receipt. */
  detail: string;
}

/** Writes outcomes; a receipt read again replaces what it said before. */
export async function writeOutcomes(tx: Queryable, workspace: number, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await tx.query(
    `INSERT INTO receipt_outcomes (workspace, seq, received_at, source_id, status, detail)
     SELECT $1, o.* FROM unnest($2::bigint[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[])
       AS o (seq, received_at, source_id, status, detail)
     ON CONFLICT (workspace, seq) DO UPDATE SET status = EXCLUDED.status, detail = EXCLUDED.detail, at = now()`,
    [
      workspace,
      outcomes.map((o) => o.seq),
      outcomes.map((o) => o.receivedAtExact),
      outcomes.map((o) => o.sourceId),
      outcomes.map((o) => o.status),
      outcomes.map((o) => o.detail.slice(0, 2000)),
    ],
  );
}

/** Deletes what was said of these receipts. */
export async function forgetOutcomes(tx: Queryable, workspace: number, seqs: readonly number[]): Promise<void> {
  if (seqs.length === 0) return;
  await tx.query('DELETE FROM receipt_outcomes WHERE workspace = $1 AND seq = ANY ($2::bigint[])', [workspace, seqs]);
}
