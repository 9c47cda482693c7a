/** Claims pending receipts for one transaction: deleted from the queue in it, given back when it does not commit. */
import type { Uuid } from '../../core/ids.ts';
import type { Provider, Verification } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import type { IdentityFrom } from '../../sources/source.ts';

/** Why a receipt stands in the queue; see migrations/000002-receipts.sql. */
export type QueueMode = 'new' | 'replay' | 'rebuild';

export interface PendingReceipt {
  seq: number;
  receivedAt: Date;
  /** To the microsecond, as the partition key needs it; a Date would cut it off. */
  receivedAtExact: string;
  mode: QueueMode;
  /** Of a replay: endpoints get what it means. */
  deliver: boolean;
  /** The de-duplication key, 32 bytes. */
  key: Buffer;
  sourceId: Uuid;
  /** null: the source's row is gone. */
  provider: Provider | null;
  identityFrom: IdentityFrom | null;
  verification: Verification;
  eventName: string | null;
  test: boolean;
  /** Somebody of the workspace was erased, so every person has to be asked after (src/people/erased-among.ts). */
  anyErased: boolean;
  /** Ingest takes only UTF-8; a claim that meets anything else fails as a whole. */
  body: string;
}

/**
 * Prevents a batch of large bodies from filling the memory of the worker, which would die of it and claim the same again. At
 * least one receipt is taken, whatever its size.
 */
const MOST_BYTES = 8 * 1024 * 1024;

/** `chosen`: rows of the queue that are locked and free. Those that fit are deleted and given, in order of arrival. */
const CLAIM = `
  , weighed AS MATERIALIZED (
    SELECT q.seq, q.received_at AS "receivedAt", q.received_at::text AS "receivedAtExact", q.mode, q.deliver, r.key,
      r.source_id AS "sourceId", s.provider, s.identity_from AS "identityFrom", r.verification,
      r.event_name AS "eventName", r.test, r.body,
      sum(octet_length(r.body)) OVER (ORDER BY q.seq) - octet_length(r.body) AS bytes_before
    FROM chosen q
    CROSS JOIN LATERAL (
      SELECT * FROM receipts WHERE workspace = $1 AND seq = q.seq AND received_at = q.received_at OFFSET 0
    ) r
    LEFT JOIN sources s ON s.workspace = $1 AND s.id = r.source_id
  ), claimed AS (
    DELETE FROM receipt_queue WHERE workspace = $1
      AND seq = ANY (ARRAY (SELECT seq FROM weighed WHERE bytes_before < ${MOST_BYTES}))
    RETURNING seq
  )
  SELECT w.seq, w."receivedAt", w."receivedAtExact", w.mode, w.deliver, w.key, w."sourceId", w.provider, w."identityFrom",
    w.verification, w."eventName", w.test, convert_from(w.body, 'UTF8') AS body,
    EXISTS (SELECT FROM erased_people WHERE workspace = $1) AS "anyErased"
  FROM weighed w JOIN claimed c USING (seq)
  ORDER BY w.seq`;

const CLAIM_OLDEST = `
  WITH chosen AS MATERIALIZED (
    SELECT seq, received_at, mode, deliver FROM receipt_queue WHERE workspace = $1 ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED
  ) ${CLAIM}`;

const CLAIM_THESE = `
  WITH chosen AS MATERIALIZED (
    SELECT seq, received_at, mode, deliver FROM receipt_queue WHERE workspace = $1 AND seq = ANY ($2::bigint[])
    FOR UPDATE SKIP LOCKED
  ) ${CLAIM}`;

/** The oldest pending receipts of a workspace that no other worker holds, in order of arrival: at most `limit`, and 8 MiB. */
export function claimOldest(tx: Queryable, workspace: number, limit: number): Promise<PendingReceipt[]> {
  return tx.query<PendingReceipt>(CLAIM_OLDEST, [workspace, limit]);
}

/** The numbers of the oldest pending receipts, nothing claimed: for a batch that failed before it could say which it held. */
export async function oldestSeqs(db: Queryable, workspace: number, limit: number): Promise<number[]> {
  const rows = await db.query<{ seq: number }>(
    'SELECT seq FROM receipt_queue WHERE workspace = $1 ORDER BY seq LIMIT $2',
    [workspace, limit],
  );
  return rows.map((row) => row.seq);
}

/** Takes receipts out of the queue without reading their bodies: for those that cannot be read. */
export function takeOut(
  tx: Queryable,
  workspace: number,
  seqs: readonly number[],
): Promise<Pick<PendingReceipt, 'seq' | 'receivedAtExact' | 'sourceId'>[]> {
  return tx.query(
    `WITH taken AS (
       DELETE FROM receipt_queue WHERE workspace = $1 AND seq = ANY ($2::bigint[]) RETURNING workspace, seq, received_at
     )
     SELECT t.seq, t.received_at::text AS "receivedAtExact", r.source_id AS "sourceId"
     FROM taken t JOIN receipts r ON r.workspace = t.workspace AND r.seq = t.seq AND r.received_at = t.received_at`,
    [workspace, seqs],
  );
}

/** Exactly these receipts, as far as they are pending and free: for the halves of a batch that failed. */
export function claimThese(tx: Queryable, workspace: number, seqs: readonly number[]): Promise<PendingReceipt[]> {
  return tx.query<PendingReceipt>(CLAIM_THESE, [workspace, seqs]);
}
