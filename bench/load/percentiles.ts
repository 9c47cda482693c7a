import type { Percentiles } from './protocol.ts';

/** Exact percentiles of the first `count` values (milliseconds); sorts them in place. */
export function percentiles(values: Float64Array, count: number): Percentiles {
  const sorted = values.subarray(0, count).sort();
  const at = (share: number) => round(sorted[Math.min(count - 1, Math.floor(count * share))] ?? 0);
  return { count, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: round(sorted[count - 1] ?? 0) };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
