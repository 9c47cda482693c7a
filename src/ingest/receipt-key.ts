import { hash } from 'node:crypto';
import { hashParts, type Uuid } from '../core/ids.ts';
import { MOST_BODY_BYTES } from './http/body-room.ts';

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

/** One copy of the largest body and what stands before it; hashing never waits, so it is free again at once. */
const scratch = Buffer.allocUnsafe(MOST_BODY_BYTES + 4096);

/**
 * The 32 bytes under which a receipt is known for ever: SHA-256 over workspace, source and de-duplication key. The receipt's
 * public id is made of the first 16 (core/ids.ts). The body is hashed in the same pass: two passes and their calls into
 * native code cost about 4 µs of some 100 that a webhook may cost (docs/performance.md).
 */
export function receiptKey(workspace: number, sourceId: Uuid, { messageId, body, eventName }: Deduplication): Buffer {
  const event = eventName === null ? '-' : `${Buffer.byteLength(eventName)}:${eventName}`;
  if (messageId !== null) return hashParts(['id', String(workspace), sourceId, event, messageId]);
  const length = scratch.write(`body|${workspace}|${sourceId}|${event}|`, 'utf8');
  scratch.set(body, length);
  return hash('sha256', scratch.subarray(0, length + body.byteLength), 'buffer');
}
