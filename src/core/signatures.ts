/** HMACs and their comparison, and the Standard Webhooks scheme (https://www.standardwebhooks.com), which Svix speaks too. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Secrets are few; this only bounds the memory of an instance that rotates them by the thousand. */
const MOST_KEYS = 1000;
const keys = new Map<string, KeyObject>();

/** A key made once: from text each HMAC would make it anew, which is a third of its cost. */
function keyObject(key: string | Uint8Array): KeyObject {
  const name = typeof key === 'string' ? key : `\0${Buffer.from(key).toString('latin1')}`;
  let made = keys.get(name);
  if (made === undefined) {
    made = createSecretKey(Buffer.from(key));
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(name, made);
  }
  return made;
}

/** HMAC of the message, 32 (sha256) or 64 (sha512) bytes. */
export function hmac(
  algorithm: 'sha256' | 'sha512',
  key: string | Uint8Array,
  ...message: readonly (string | Uint8Array)[]
): Buffer {
  const mac = createHmac(algorithm, keyObject(key));
  for (const part of message) mac.update(part);
  return mac.digest();
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

/** The bytes of a `whsec_…` secret (the prefix may be missing). Of any length: real secrets are shorter than the 24 bytes asked for. */
export function standardWebhooksKey(secret: string): Buffer {
  return Buffer.from(secret.startsWith('whsec_') ? secret.slice(6) : secret, 'base64');
}

/** One `v1,<base64>` signature over `id.timestamp.body`; timestamp in unix seconds as it stands in the header. */
export function signStandardWebhook(secret: string, id: string, timestamp: string, body: Uint8Array): string {
  return `v1,${hmac('sha256', standardWebhooksKey(secret), `${id}.${timestamp}.`, body).toString('base64')}`;
}
