/** HMACs and their comparison, and the Standard Webhooks scheme (https://www.standardwebhooks.com), which Svix speaks too. */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';

type Algorithm = 'sha256' | 'sha512';

/** Bytes in a block of the hash (FIPS 180-4). */
const BLOCK: Readonly<Record<Algorithm, number>> = { sha256: 64, sha512: 128 };
/** Secrets are few; this only bounds the memory of an instance that rotates them by the thousand. */
const MOST_KEYS = 1000;
/** Longer messages than a webhook may be go the slow way. */
const SCRATCH_BYTES = 1024 * 1024 + 4096;

/** A key's two blocks: XOR 0x36 and XOR 0x5c (RFC 2104). */
interface Pads {
  inner: Buffer;
  outer: Buffer;
}

/** By key: texts, and bytes as the text that has a character for each. */
const pads: Readonly<Record<Algorithm, { text: Map<string, Pads>; bytes: Map<string, Pads> }>> = {
  sha256: { text: new Map(), bytes: new Map() },
  sha512: { text: new Map(), bytes: new Map() },
};
/** Of `whsec_` secrets. */
const keys = new Map<string, Buffer>();
let scratch: Buffer | null = null;

/**
 * HMAC of the message (RFC 2104), 32 (sha256) or 64 (sha512) bytes. Two hashes in one call each, which takes half as long as
 * an Hmac object for messages of a webhook's size; test/unit/signatures.test.ts compares the two.
 */
export function hmac(
  algorithm: Algorithm,
  key: string | Uint8Array,
  ...message: readonly (string | Uint8Array)[]
): Buffer {
  const block = BLOCK[algorithm];
  let length = block;
  for (const part of message) length += typeof part === 'string' ? Buffer.byteLength(part) : part.byteLength;
  if (length > SCRATCH_BYTES) {
    const mac = createHmac(algorithm, key);
    for (const part of message) mac.update(part);
    return mac.digest();
  }
  const { inner, outer } = padsOf(algorithm, key);
  scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  scratch.set(inner, 0);
  let at = block;
  for (const part of message) {
    if (typeof part === 'string') at += scratch.write(part, at, 'utf8');
    else {
      scratch.set(part, at);
      at += part.byteLength;
    }
  }
  const digest = hash(algorithm, scratch.subarray(0, at), 'buffer');
  scratch.set(outer, 0);
  scratch.set(digest, block);
  return hash(algorithm, scratch.subarray(0, block + digest.byteLength), 'buffer');
}

function padsOf(algorithm: Algorithm, key: string | Uint8Array): Pads {
  const text = typeof key === 'string';
  const known = text ? pads[algorithm].text : pads[algorithm].bytes;
  const name = text ? key : Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
  let made = known.get(name);
  if (made === undefined) {
    const block = BLOCK[algorithm];
    const given = Buffer.from(key);
    const padded = Buffer.alloc(block);
    padded.set(given.byteLength > block ? hash(algorithm, given, 'buffer') : given);
    made = { inner: Buffer.from(padded.map((b) => b ^ 0x36)), outer: Buffer.from(padded.map((b) => b ^ 0x5c)) };
    if (known.size >= MOST_KEYS) known.clear();
    known.set(name, made);
  }
  return made;
}

/** Constant-time comparison; unequal lengths are a plain no. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/** Constant-time comparison of texts by their UTF-8 bytes. */
export function equalText(a: string, b: string): boolean {
  return equalBytes(Buffer.from(a), Buffer.from(b));
}

/** A webhook older or newer than this is stale: Standard Webhooks' tolerance, in seconds. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/**
 * The bytes of a `whsec_…` secret (the prefix may be missing), not to be changed. Of any length: real secrets are shorter than the 24
 * bytes asked for.
 */
export function standardWebhooksKey(secret: string): Buffer {
  let key = keys.get(secret);
  if (key === undefined) {
    key = Buffer.from(secret.startsWith('whsec_') ? secret.slice(6) : secret, 'base64');
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(secret, key);
  }
  return key;
}

/** One `v1,<base64>` signature over `id.timestamp.body`; timestamp in unix seconds as it stands in the header. */
export function signStandardWebhook(secret: string, id: string, timestamp: string, body: Uint8Array): string {
  return `v1,${hmac('sha256', standardWebhooksKey(secret), `${id}.${timestamp}.`, body).toString('base64')}`;
}
