/**
 * Latencies are counted in steps, each a quarter above the one before, so that percentiles over millions of tries come out of a
 * few small rows; they are exact to a step.
 */
const FACTOR = 1.25;
/** The last step holds all above it: 1.25^46 is 28 s, more than any try may take. */
export const STEPS = 48;

/** The step of a duration in milliseconds: 0 up to 1 ms. */
export function stepOf(ms: number): number {
  if (ms <= 1) return 0;
  return Math.min(STEPS - 1, Math.ceil(Math.log(ms) / Math.log(FACTOR)));
}

/** The duration below which the share `p` (0..1) of the counted tries lies, in milliseconds; null when there is none. */
export function percentile(counts: readonly number[], p: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [step, count] of counts.entries()) {
    seen += count;
    // The middle of the step: its upper end would show every latency an eighth too high.
    if (seen >= total * p) return Math.round((step === 0 ? 1 : FACTOR ** (step - 0.5)) * 10) / 10;
  }
  return null;
}
