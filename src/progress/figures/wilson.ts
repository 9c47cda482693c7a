/** Wilson's score interval, after ../shared/learning.md, "Weak area". */

/** 95 %, two-sided. */
const Z = 1.96;

export interface Interval {
  /** Both 0..1. */
  lower: number;
  upper: number;
}

/**
 * Where the true rate of `hits` in `total` tries lies, with 95 % confidence:
 * `[p + z²/2n ∓ z√(p(1−p)/n + z²/4n²)] / (1 + z²/n)`. Null without a try. 1 of 1 starts at .207, 40 of 50 at .670, which is
 * why areas are ranked by the lower end and not by the rate.
 */
export function wilsonInterval(hits: number, total: number): Interval | null {
  if (!(total > 0)) return null;
  const p = hits / total;
  const z2 = Z * Z;
  const centre = p + z2 / (2 * total);
  const spread = Z * Math.sqrt((p * (1 - p)) / total + z2 / (4 * total * total));
  const scale = 1 + z2 / total;
  // The ends are 0 and 1 exactly where nothing or everything hit; rounding would leave −1e-17 there.
  return {
    lower: hits === 0 ? 0 : (centre - spread) / scale,
    upper: hits === total ? 1 : (centre + spread) / scale,
  };
}
