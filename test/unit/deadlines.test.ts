/** One timer for many that take equally long: each ends in its own time, those that ended before do not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deadlines } from '../../src/delivery/deadlines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('each ends when its own time is over, and not if it was deleted', async () => {
  const ends = deadlines(1_000);
  const ended: string[] = [];
  const timed = (name: string) => ({
    expire: () => void ended.push(`${name} at ${Math.round(performance.now() - began)}`),
  });
  const began = performance.now();
  const [first, second, third, fourth] = [timed('first'), timed('second'), timed('third'), timed('fourth')];
  const one = ends.add(first);
  await vi.advanceTimersByTimeAsync(300);
  ends.add(second);
  await vi.advanceTimersByTimeAsync(300);
  const three = ends.add(third);
  ends.delete(one);
  await vi.advanceTimersByTimeAsync(600);
  ends.delete(three);
  await vi.advanceTimersByTimeAsync(5_000);
  // The timer has run out with nothing left; the next one starts it again.
  ends.add(fourth);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ended).toEqual(['second at 1300', 'fourth at 7200']);
});
