import { hash } from 'node:crypto';
import { hashParts, type Uuid } from '../core/ids.ts';

/** What tells one webhook of a source from another: the sender's signed message id, or the body itself. */
export interface Deduplication {
  /** The signed message id; null where the platform signs none. */
  messageId: string | null;
  body: Uint8Array;
  /**
   * `?event=` of the ingest URL, null for platforms that name their events in the body. Synap's bodies do not say which
   * event they tell of, so equal bytes on two of its URLs are two webhooks (docs/decisions/0031-deduplication-key.md).
   */
  eventName: string | null;
}

/**
 * The 32 bytes under which a receipt is known for ever: SHA-256 over workspace, source and de-duplication key. The receipt's
 * public id is made of the first 16 (core/ids.ts).
 */
export function receiptKey(workspace: number, sourceId: Uuid, { messageId, body, eventName }: Deduplication): Buffer {
  const own = messageId === null ? (['body', hash('sha256', body, 'hex')] as const) : (['id', messageId] as const);
  return hashParts([String(workspace), sourceId, ...own, ...(eventName === null ? [] : [eventName])]);
}
