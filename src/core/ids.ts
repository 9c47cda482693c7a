/**
 * Ids. In the database they are UUIDs; outside they are opaque text with a prefix that says what they name
 * (`att_0198…`). Ids of what platforms tell us are hashes of the platform's own keys, so that the same thing
 * gets the same id on every machine, in every order of arrival, and again in a rebuild.
 */
import { createHash, hash, randomBytes, randomUUID } from 'node:crypto';

/** What a public id names. */
export type IdPrefix =
  | 'src'
  | 'rcp'
  | 'rej'
  | 'evt'
  | 'lrn'
  | 'act'
  | 'att'
  | 'key'
  | 'tkt'
  | 'coh'
  | 'end'
  | 'dlv'
  | 'mem'
  | 'inv'
  | 'ses'
  | 'aud'
  | 'flg';

/** A UUID as PostgreSQL prints it: lower case, with dashes. */
export type Uuid = string;

/** A random (version 4) UUID, for what people make: sources, keys. */
export function newUuid(): Uuid {
  return randomUUID();
}

/**
 * The UUID (version 8, custom) of a list of parts: the first 16 bytes of SHA-256 over the parts, each led by its
 * length so that ('ab','c') and ('a','bc') differ.
 */
export function hashUuid(...parts: readonly string[]): Uuid {
  const hex = hexOf(parts);
  const variant = variantOf(hex);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The 32 digits of the same UUID, without dashes. */
export function hashDigits(...parts: readonly string[]): string {
  const hex = hexOf(parts);
  return `${hex.slice(0, 12)}8${hex.slice(13, 16)}${variantOf(hex)}${hex.slice(17, 32)}`;
}

/** As text all the way: a buffer of the digest, a copy of its half and its digits cost more than hashing. */
function hexOf(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += withLength(part);
  return hash('sha256', text, 'hex');
}

function variantOf(hex: string): string {
  return VARIANTS.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
}

/** The first digit of the fourth group says by its two upper bits which kind of UUID it is (RFC 9562, 4.1). */
const VARIANTS = '89ab';

/** SHA-256 over length-prefixed parts, 32 bytes. */
export function hashParts(parts: readonly (string | Uint8Array)[]): Buffer {
  let text = '';
  for (const part of parts) {
    if (typeof part !== 'string') return hashMixedParts(parts);
    text += withLength(part);
  }
  // One call into native code instead of one for each part: keys are made by the thousand.
  return hash('sha256', text, 'buffer');
}

function withLength(part: string): string {
  return `${Buffer.byteLength(part)}:${part}`;
}

function hashMixedParts(parts: readonly (string | Uint8Array)[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) {
    digest.update(`${typeof part === 'string' ? Buffer.byteLength(part) : part.byteLength}:`);
    digest.update(part);
  }
  return digest.digest();
}

/** `('att', '0198…-…')` → `att_0198…` (no dashes). */
export function publicId(prefix: IdPrefix, uuid: Uuid): string {
  return `${prefix}_${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(14, 18)}${uuid.slice(19, 23)}${uuid.slice(24)}`;
}

const PUBLIC = /^([a-z]{3})_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The UUID in a public id of that kind; null for any other text. */
export function parsePublicId(prefix: IdPrefix, text: string): Uuid | null {
  const m = PUBLIC.exec(text);
  if (m === null || m[1] !== prefix) return null;
  return m.slice(2).join('-');
}

/** `n` random bytes as text that is safe in a URL. */
export function randomToken(n = 24): string {
  return randomBytes(n).toString('base64url');
}

/**
 * The public id of a receipt: the first 16 bytes of its de-duplication key (given as bytes, or as their hexadecimal digits), so it is
 * the same wherever it was taken.
 */
export function receiptId(key: Uint8Array | string): string {
  return `rcp_${typeof key === 'string' ? key.slice(0, 32) : Buffer.from(key.subarray(0, 16)).toString('hex')}`;
}

/** The range of 32-byte keys that a receipt's public id stands for; null for any other text. */
export function parseReceiptId(text: string): { from: Buffer; to: Buffer } | null {
  if (!/^rcp_[0-9a-f]{32}$/.test(text)) return null;
  const prefix = Buffer.from(text.slice(4), 'hex');
  return { from: Buffer.concat([prefix, Buffer.alloc(16, 0)]), to: Buffer.concat([prefix, Buffer.alloc(16, 0xff)]) };
}
