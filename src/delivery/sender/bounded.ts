/** What the sender does about a kind that breaks its word: one that never comes back, or rejects. */
import { type Deadline, deadlines, type Timed } from '../deadlines.ts';
import type { Try } from '../kinds/kind.ts';

/** A kind that does not come back holds its place for no longer: calls end by themselves after 15 s, tokens and batches included in less. */
export const HANG_MS = 50_000;

const ends = deadlines(HANG_MS);

/**
 * Has `work` done for `count` deliveries, and hands over what it says of them: once, and that they failed when it throws, rejects or says
 * nothing within HANG_MS. `done` must not throw. By a call and not by a promise: this runs thousands of times a second.
 */
export function tryWithin(
  work: () => Promise<readonly Try[]>,
  count: number,
  done: (tries: readonly Try[]) => void,
): void {
  const bounded = new Bounded(count, done);
  begun(work).then(
    (tries) => bounded.end(tries),
    (error: unknown) => bounded.fail(error),
  );
}

/** What throws is told like what rejects, after this returned: `done` begins the next, and a line of throwing ones would fill the stack. */
function begun(work: () => Promise<readonly Try[]>): Promise<readonly Try[]> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

class Bounded implements Timed {
  readonly #count: number;
  #done: ((tries: readonly Try[]) => void) | null;
  readonly #began = performance.now();
  readonly #deadline: Deadline;

  constructor(count: number, done: (tries: readonly Try[]) => void) {
    this.#count = count;
    this.#done = done;
    this.#deadline = ends.add(this);
  }

  end(tries: readonly Try[]): void {
    const done = this.#done;
    this.#done = null;
    ends.delete(this.#deadline);
    done?.(tries);
  }

  fail(error: unknown): void {
    this.end(failedTries(this.#count, performance.now() - this.#began, error));
  }

  expire(): void {
    this.fail(new Error(`Nothing came of it within ${HANG_MS / 1000} s.`));
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
