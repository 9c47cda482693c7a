/** What arrives for one source, for the page that waits for it. */
import { receiptId, type Uuid } from '../../core/ids.ts';
import type { EventType } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { RECEIPT_COLUMNS, RECEIPT_JOINS, type ReceiptRow } from './receipt-row.ts';

/** A place behind which everything is new: numbers of the newest receipt and rejection. */
export interface Place {
  receipt: number;
  rejection: number;
}

export interface ArrivedReceipt {
  seq: number;
  id: string;
  status: ReceiptRow['status'];
  receivedAt: string;
  /** The platform's own word for it, where it is known. */
  event: string | null;
  /** What it meant, once it is processed. */
  events: EventType[];
  error: string | null;
  test: boolean;
}

export interface ArrivedRejection {
  id: number;
  at: string;
  reason: string;
  explanation: string;
}

/** Shown at once; more would only scroll by. */
const MOST = 100;

/** Where a watch begins that begins now. */
export async function placeNow(db: Queryable, workspace: number, sourceId: Uuid): Promise<Place> {
  const [row] = await db.query<Place>(
    `SELECT (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM receipt_seq) AS receipt,
            coalesce((SELECT max(id) FROM rejections WHERE workspace = $1 AND source_id = $2), 0) AS rejection`,
    [workspace, sourceId],
  );
  if (row === undefined) throw new Error('The database gave no position. Try again.');
  return row;
}

/** Receipts of a source after a place, and those named by their numbers, oldest first. */
export async function receiptsAfter(
  db: Queryable,
  workspace: number,
  sourceId: Uuid,
  after: number,
  alsoThese: readonly number[],
): Promise<ArrivedReceipt[]> {
  const rows = await db.query<ReceiptRow & { types: EventType[]; platform_event: string | null }>(
    `SELECT ${RECEIPT_COLUMNS}, coalesce(e.types, '{}') AS types, e.platform_event
     FROM (SELECT * FROM receipts
           WHERE workspace = $1 AND (seq > $3 OR seq = ANY ($4::bigint[])) AND source_id = $2
           ORDER BY seq LIMIT $5) r
     LEFT JOIN LATERAL (
       SELECT array_agg(e.type ORDER BY e.seq) AS types, min(e.payload #>> '{data,platformEvent}') AS platform_event
       FROM events e WHERE e.workspace = $1 AND e.receipt_seq = r.seq) e ON true
     ${RECEIPT_JOINS}
     ORDER BY r.seq`,
    [workspace, sourceId, after, alsoThese, MOST],
  );
  return rows.map((row) => ({
    seq: row.seq,
    id: receiptId(row.key),
    status: row.status,
    receivedAt: row.receivedAt.toISOString(),
    event: row.platform_event ?? row.eventName,
    events: row.types,
    error: row.detail,
    test: row.test,
  }));
}

/** Rejections of a source after a place, oldest first. */
export async function rejectionsAfter(
  db: Queryable,
  workspace: number,
  sourceId: Uuid,
  after: number,
): Promise<ArrivedRejection[]> {
  const rows = await db.query<{ id: number; at: Date; reason: string; hint: string }>(
    `SELECT id, at, reason, hint FROM rejections
     WHERE workspace = $1 AND source_id = $2 AND id > $3 ORDER BY id LIMIT $4`,
    [workspace, sourceId, after, MOST],
  );
  return rows.map(({ id, at, reason, hint }) => ({ id, at: at.toISOString(), reason, explanation: hint }));
}
