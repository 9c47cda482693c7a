/** When what failed is tried again. */

/** Seconds from one try to the next: with the first, eight tries over some 27.6 hours (../shared/contract.md). */
const SCHEDULE = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000] as const;

/** Tries of one delivery before it is given up. */
export const MOST_TRIES = SCHEDULE.length + 1;

/** Each pause is longer or shorter by up to this share, so that what failed together does not come back together. */
const JITTER = 0.2;

/** A receiver may ask for patience up to this; more would be a way to stop deliveries without saying so. */
const LONGEST_RETRY_AFTER_SECONDS = 12 * 3600;

/**
 * Milliseconds until the next try, after `tries` of them failed (1: the first); null: it is given up. `retryAfterSeconds`, as the
 * receiver asked, is kept where it is longer than the schedule, up to 12 h. `random` gives 0..1.
 */
export function nextTryInMs(
  tries: number,
  retryAfterSeconds: number | null = null,
  random: () => number = Math.random,
): number | null {
  const pause = SCHEDULE[tries - 1];
  if (pause === undefined) return null;
  const jittered = pause * (1 - JITTER + 2 * JITTER * random());
  const asked = Math.min(retryAfterSeconds ?? 0, LONGEST_RETRY_AFTER_SECONDS);
  return Math.round(Math.max(jittered, asked) * 1000);
}
