/**
 * The mark by which POST sources/{id}/test tells the real ingest path that a webhook is a test: an HMAC that only the holder of
 * GRADEWIRE_ENCRYPTION_KEY can make, so nobody outside can have a receipt counted in no figure.
 */
import { hash, hkdfSync } from 'node:crypto';
import { equalText, hmac } from '../core/signatures.ts';

/** The request header that carries a mark. */
export const TEST_MARK_HEADER = 'gradewire-test';

export interface TestMarks {
  /** The header's value for a body that is sent at `at` (milliseconds since 1970). */
  mark(body: Uint8Array, at: number): string;
  /** Whether a header's value marks this body, made within a minute or two of `at`. */
  holds(mark: string, body: Uint8Array, at: number): boolean;
}

/** Marks of one instance: every process with the same encryption key knows those of the others. */
export function testMarks(encryptionKey: string): TestMarks {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, 'gradewire', 'test receipts v1', 32));
  const markOf = (body: Uint8Array, minute: number): string =>
    hmac('sha256', key, `${minute}.${hash('sha256', body, 'hex')}`).toString('hex');
  return {
    mark: (body, at) => markOf(body, minuteOf(at)),
    holds(mark, body, at) {
      const minute = minuteOf(at);
      return [minute, minute - 1, minute + 1].some((m) => equalText(mark, markOf(body, m)));
    },
  };
}

function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}
