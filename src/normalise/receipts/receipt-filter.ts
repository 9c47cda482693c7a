/** Which receipts are meant, as SQL: lists and replays choose them the same way. */
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';

export const RECEIPT_STATUSES = ['pending', 'processed', 'ignored', 'unmapped', 'failed'] as const;
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number];

export interface ReceiptFilter {
  workspace: number;
  sourceId?: Uuid | undefined;
  status?: ReceiptStatus | undefined;
  /** Received from this time on. */
  from?: Instant | undefined;
  /** Received before this time. */
  to?: Instant | undefined;
}

/**
 * Joins receipts `r` to rows that selectReceipts gave. An outcome's time went through JavaScript, so it may be cut to the
 * millisecond; by a range the partition is still found without a look at the others.
 */
export function isReceipt(row: string): string {
  return `r.workspace = ${row}.workspace AND r.seq = ${row}.seq
    AND r.received_at >= ${row}.received_at AND r.received_at < ${row}.received_at + interval '1 millisecond'`;
}

/**
 * `SELECT workspace, seq, received_at …` of the receipts that fit, without order or limit; its parameters are pushed onto
 * `values`. Each status is read where it stands (see migrations/000002-receipts.sql), so that the few that failed are found
 * without a look at the many that did not.
 */
export function selectReceipts(filter: ReceiptFilter, values: unknown[]): string {
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions = (time: string, source: string) => [
    ...(filter.sourceId === undefined ? [] : [`${source} = ${parameter(filter.sourceId)}`]),
    ...(filter.from === undefined ? [] : [`${time} >= ${parameter(filter.from)}::timestamptz`]),
    ...(filter.to === undefined ? [] : [`${time} < ${parameter(filter.to)}::timestamptz`]),
  ];
  const where = (parts: readonly string[]) => parts.map((part) => ` AND ${part}`).join('');
  const workspace = parameter(filter.workspace);
  switch (filter.status) {
    case undefined:
      return `SELECT r.workspace, r.seq, r.received_at FROM receipts r
        WHERE r.workspace = ${workspace}${where(conditions('r.received_at', 'r.source_id'))}`;
    case 'processed':
      return `SELECT r.workspace, r.seq, r.received_at FROM receipts r
        WHERE r.workspace = ${workspace}${where(conditions('r.received_at', 'r.source_id'))}
          AND NOT EXISTS (SELECT FROM receipt_queue q WHERE q.workspace = r.workspace AND q.seq = r.seq)
          AND NOT EXISTS (SELECT FROM receipt_outcomes o WHERE o.workspace = r.workspace AND o.seq = r.seq)`;
    case 'pending':
      return `SELECT q.workspace, q.seq, q.received_at FROM receipt_queue q
        JOIN receipts r ON r.workspace = q.workspace AND r.seq = q.seq AND r.received_at = q.received_at
        WHERE q.workspace = ${workspace}${where(conditions('q.received_at', 'r.source_id'))}`;
    case 'ignored':
    case 'unmapped':
    case 'failed':
      return `SELECT o.workspace, o.seq, o.received_at FROM receipt_outcomes o
        WHERE o.workspace = ${workspace} AND o.status = ${parameter(filter.status)}${where(conditions('o.received_at', 'o.source_id'))}
          AND NOT EXISTS (SELECT FROM receipt_queue q WHERE q.workspace = o.workspace AND q.seq = o.seq)`;
    default:
      return filter.status satisfies never;
  }
}
