/** Receipts as people look at them, with where they stand. */
import type { Uuid } from '../../core/ids.ts';
import type { Provider, Verification } from '../../core/vocabulary.ts';
import type { ReceiptStatus } from './receipt-filter.ts';

export interface ReceiptRow {
  seq: number;
  key: Buffer;
  receivedAt: Date;
  sourceId: Uuid;
  /** The source's slug, also of a removed source; null when its row is gone. */
  slug: string | null;
  provider: Provider | null;
  verification: Verification;
  /** `?event=` of the ingest URL. */
  eventName: string | null;
  test: boolean;
  status: ReceiptStatus;
  /** Why it is not plainly processed. */
  detail: string | null;
  duplicates: number;
  /** Length of the body. */
  bytes: number;
}

/** Columns and joins of a ReceiptRow, over receipts named `r`. */
export const RECEIPT_COLUMNS = `r.seq, r.key, r.received_at AS "receivedAt", r.source_id AS "sourceId", s.slug, s.provider,
  r.verification, r.event_name AS "eventName", r.test, octet_length(r.body) AS bytes,
  CASE WHEN q.seq IS NOT NULL THEN 'pending' ELSE coalesce(o.status, 'processed') END AS status,
  CASE WHEN q.seq IS NULL THEN o.detail END AS detail, coalesce(k.duplicates, 0) AS duplicates`;

export const RECEIPT_JOINS = `
  LEFT JOIN receipt_queue q ON q.workspace = r.workspace AND q.seq = r.seq
  LEFT JOIN receipt_outcomes o ON o.workspace = r.workspace AND o.seq = r.seq
  LEFT JOIN receipt_keys k ON k.workspace = r.workspace AND k.key = r.key
  LEFT JOIN sources s ON s.workspace = r.workspace AND s.id = r.source_id`;
