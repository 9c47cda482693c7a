/** What the sender does about a kind that breaks its word: one that never comes back, or rejects. */
import { deadlines } from '../deadlines.ts';
import type { Try } from '../kinds/kind.ts';

/** A kind that does not come back holds its place for no longer: calls end by themselves after 15 s, tokens and batches included in less. */
export const HANG_MS = 50_000;

const ends = deadlines(HANG_MS);

/** The outcome of `work`, or a rejection when none came within HANG_MS. */
export function within<T>(work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const deadline = ends.add({
      expire: () => reject(new Error(`Nothing came of it within ${HANG_MS / 1000} s.`)),
    });
    work.then(
      (value) => {
        ends.delete(deadline);
        resolve(value);
      },
      (error: unknown) => {
        ends.delete(deadline);
        reject(error);
      },
    );
  });
}

/** A kind never rejects; should it all the same, the deliveries are tried again by the schedule. */
export function failedTries(count: number, durationMs: number, error: unknown): Try[] {
  const message = error instanceof Error ? error.message : String(error);
  return Array.from({ length: count }, () => ({
    outcome: { kind: 'failed' as const, error: `Sending failed: ${message}`, retryAfterSeconds: null },
    statusCode: null,
    durationMs,
    requestHeaders: {},
    responseBody: null,
  }));
}
