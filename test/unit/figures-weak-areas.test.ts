import { describe, expect, test } from 'vitest';
import { type AreaCounts, weakAreas } from '../../src/progress/figures/weak-areas.ts';

function area(name: string, wrong: number, total: number, more: Partial<AreaCounts> = {}): AreaCounts {
  return { kind: 'subject', name, parent: null, wrong, total, unanswered: 0, cohortRate: null, ...more };
}

function statusOf(counts: AreaCounts, ownRate: number): string | undefined {
  return weakAreas([counts], ownRate)[0]?.status;
}

describe('weakAreas', () => {
  test('1 wrong of 1 ranks below 40 of 50', () => {
    const [first, second] = weakAreas([area('once', 1, 1), area('often', 40, 50)], 41 / 51);
    expect(first?.name).toBe('often');
    expect(first?.lowerBound).toBeCloseTo(0.67, 3);
    expect(second?.name).toBe('once');
    expect(second?.lowerBound).toBeCloseTo(0.207, 3);
  });

  test('fewer than five answers are insufficient, however bad', () => {
    expect(statusOf(area('a', 4, 4), 0.1)).toBe('insufficient');
    expect(statusOf(area('a', 5, 5), 0.1)).toBe('weak');
  });

  test('weak over the baseline, strong under it, else unclear', () => {
    // 5 of 10: 0.2366 to 0.7634.
    expect(statusOf(area('a', 5, 10), 0.236)).toBe('weak');
    expect(statusOf(area('a', 5, 10), 0.237)).toBe('unclear');
    expect(statusOf(area('a', 5, 10), 0.763)).toBe('unclear');
    expect(statusOf(area('a', 5, 10), 0.764)).toBe('strong');
  });

  test("the cohort's rate in the area comes before the learner's own", () => {
    const [judged] = weakAreas([area('a', 5, 10, { cohortRate: 0.1 })], 0.5);
    expect(judged).toMatchObject({ status: 'weak', baseline: 0.1, baselineOf: 'cohort' });
    expect(weakAreas([area('a', 5, 10)], 0.5)[0]).toMatchObject({
      status: 'unclear',
      baseline: 0.5,
      baselineOf: 'learner',
    });
  });

  test('an area without an answer is left out; unanswered questions are in no rate', () => {
    expect(weakAreas([area('a', 0, 0, { unanswered: 7 })], 0)).toEqual([]);
    expect(weakAreas([area('a', 2, 8, { unanswered: 7 })], 0)[0]).toMatchObject({
      rate: 0.25,
      total: 8,
      unanswered: 7,
    });
  });

  test('equals stand in a fixed order', () => {
    const names = weakAreas([area('b', 0, 5), area('a', 0, 5), area('c', 0, 9)], 0.5).map(({ name }) => name);
    expect(names).toEqual(['c', 'a', 'b']);
  });
});
