/** Ids that are hashes of what they name, so that a repeat is the same statement: UUID version 5 (RFC 9562). */
import { createHash } from 'node:crypto';
import type { Uuid } from '../../../core/ids.ts';

/** Gradewire's own namespace; another would give every statement a new id. */
const NAMESPACE = Buffer.from('6f1c1d0c5b0e5c9d8a2f4e7b9d3a6c51', 'hex');

/** The id of the statement that this event makes with this verb about this object. */
export function statementId(eventId: string, verb: string, object: string, revision: number): Uuid {
  return uuid5(JSON.stringify([eventId, verb, object, revision]));
}

/** `context.registration` of an attempt, by its published id. */
export function registrationOf(attemptId: string): Uuid {
  return uuid5(attemptId);
}

function uuid5(name: string): Uuid {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
