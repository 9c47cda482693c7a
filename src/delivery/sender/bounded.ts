/** What the sender does about a kind that breaks its word: one that never comes back, or rejects. */
import { deadlines } from '../deadlines.ts';
import type { Try } from '../kinds/kind.ts';

/** A kind that does not come back holds its place for no longer: calls end by themselves after 15 s, tokens and batches included in less. */
export const HANG_MS = 50_000;

const ends = deadlines(HANG_MS);

/** What `work` says of `count` deliveries; that they failed when it throws, rejects, or says nothing within HANG_MS. Never rejects. */
export function triesOf(work: () => Promise<readonly Try[]>, count: number): Promise<readonly Try[]> {
  const began = performance.now();
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve(failedTries(count, performance.now() - began, error));
    const deadline = ends.add({
      expire: () => failed(new Error(`Nothing came of it within ${HANG_MS / 1000} s.`)),
    });
    begun(work).then(
      (tries) => {
        ends.delete(deadline);
        resolve(tries);
      },
      (error: unknown) => {
        ends.delete(deadline);
        failed(error);
      },
    );
  });
}

function begun(work: () => Promise<readonly Try[]>): Promise<readonly Try[]> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
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
