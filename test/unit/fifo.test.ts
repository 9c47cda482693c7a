/** What waits in line leaves it in the order in which it came, however much has gone through before. */
import { expect, test } from 'vitest';
import { Fifo } from '../../src/delivery/sender/fifo.ts';

test('takes the oldest first, no more than there are, through thousands', () => {
  const line = new Fifo<number>();
  const taken: number[] = [];
  let next = 0;
  // By turns fuller and emptier, past every size at which it tidies up.
  for (const [add, take] of [
    [5, 2],
    [3_000, 2_500],
    [0, 1_000],
    [1, 1],
    [2_000, 999],
    [0, 1],
    [0, 5_000],
  ] as const) {
    for (let i = 0; i < add; i++) line.push(next++);
    taken.push(...line.take(take));
    expect(line.length).toBe(next - taken.length);
  }
  expect(taken).toEqual(Array.from({ length: next }, (_, i) => i));
  expect(line.take(1)).toEqual([]);
});
