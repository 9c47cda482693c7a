/**
 * What stands, sealed, in sources.secrets: signing secrets, Basic credentials and URL tokens, each with the time at which
 * it ends. Newest first; during a rotation the old and the new one hold side by side.
 */
import type { SecretBox } from '../core/encryption.ts';
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';

/** A value that holds until `expiresAt` (RFC 3339; null: until it is rotated). */
export type Expiring<T> = T & { expiresAt: string | null };

export interface StoredSecrets {
  secrets: Expiring<{ value: string }>[];
  basicAuth: Expiring<{ username: string; password: string }>[];
  tokens: Expiring<{ value: string }>[];
}

/** Old values kept at most: each costs an HMAC per forged request, so rotating in a loop must not pile them up. */
const MOST_KEPT = 5;

export function sealSecrets(box: SecretBox, sourceId: Uuid, stored: StoredSecrets): Buffer {
  return box.seal(JSON.stringify(stored), sourceId);
}

/** Throws `internal` with a sentence and no secret when the bytes were sealed with another key or for another source. */
export function openSecrets(box: SecretBox, sourceId: Uuid, sealed: Uint8Array): StoredSecrets {
  try {
    // Only sealSecrets makes these bytes, and the seal proves that nobody else changed them.
    return JSON.parse(box.open(sealed, sourceId)) as StoredSecrets;
  } catch (cause) {
    throw new GradewireError(
      'internal',
      'The stored secrets of a source cannot be opened. Start with the GRADEWIRE_ENCRYPTION_KEY they were sealed with, or rotate them.',
      { cause },
    );
  }
}

/** Those that hold at `now` (milliseconds since 1970). */
export function validAt<T extends { expiresAt: string | null }>(entries: readonly T[], now: number): T[] {
  return entries.filter((entry) => entry.expiresAt === null || Date.parse(entry.expiresAt) > now);
}

/**
 * Puts `fresh` first and lets the others hold until `now + overlapMs` at most; 0 ends them at once. What has ended already
 * is dropped.
 */
export function rotated<T extends { expiresAt: string | null }>(
  entries: readonly T[],
  fresh: T,
  now: number,
  overlapMs: number,
): T[] {
  if (overlapMs <= 0) return [fresh];
  const end = now + overlapMs;
  const old = validAt(entries, now).map((entry) => ({
    ...entry,
    expiresAt: new Date(entry.expiresAt === null ? end : Math.min(end, Date.parse(entry.expiresAt))).toISOString(),
  }));
  return [fresh, ...old].slice(0, MOST_KEPT);
}
