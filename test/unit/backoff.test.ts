import { describe, expect, it } from 'vitest';
import { MOST_TRIES, nextTryInMs } from '../../src/core/backoff.ts';

const middle = () => 0.5;
const SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

describe('the schedule of tries', () => {
  it('is at once, then 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, then over', () => {
    expect(SECONDS.map((_, i) => nextTryInMs(i + 1, null, middle))).toEqual(SECONDS.map((s) => s * 1000));
    expect(MOST_TRIES).toBe(8);
    expect(nextTryInMs(8, null, middle)).toBeNull();
    expect(nextTryInMs(8, 60, middle)).toBeNull();
  });

  it('is spread by a fifth either way', () => {
    for (const [i, seconds] of SECONDS.entries()) {
      expect(nextTryInMs(i + 1, null, () => 0)).toBe(seconds * 800);
      expect(nextTryInMs(i + 1, null, () => 1)).toBe(seconds * 1200);
    }
  });

  it('waits as long as the receiver asks, up to 12 h, and never less than the schedule', () => {
    expect(nextTryInMs(1, 120, middle)).toBe(120_000);
    expect(nextTryInMs(1, 0, middle)).toBe(5_000);
    expect(nextTryInMs(1, -5, middle)).toBe(5_000);
    expect(nextTryInMs(1, 1e9, middle)).toBe(12 * 3600_000);
    expect(nextTryInMs(4, 60, middle)).toBe(7_200_000);
  });
});
