import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wilsonInterval } from '../../src/progress/figures/wilson.ts';

describe('wilsonInterval', () => {
  // Lower ends of learning.md; the rest worked out by hand from its formula with z = 1.96.
  test.each([
    [1, 1, 0.2065, 1],
    [40, 50, 0.6696, 0.8876],
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [3, 5, 0.2307, 0.8824],
  ])('%i of %i', (hits, total, lower, upper) => {
    const interval = wilsonInterval(hits, total);
    expect(interval?.lower).toBeCloseTo(lower, 3);
    expect(interval?.upper).toBeCloseTo(upper, 3);
  });

  test('nothing tried has no interval', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });

  test('holds the rate, lies within 0 and 1, and is the other side of its complement', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (total, raw) => {
        const hits = raw % (total + 1);
        const interval = wilsonInterval(hits, total);
        const other = wilsonInterval(total - hits, total);
        if (interval === null || other === null) throw new Error('There is an interval for every try.');
        expect(interval.lower).toBeGreaterThanOrEqual(0);
        expect(interval.upper).toBeLessThanOrEqual(1);
        expect(interval.lower).toBeLessThanOrEqual(hits / total);
        expect(interval.upper).toBeGreaterThanOrEqual(hits / total);
        expect(interval.lower).toBeCloseTo(1 - other.upper, 9);
      }),
    );
  });
});
