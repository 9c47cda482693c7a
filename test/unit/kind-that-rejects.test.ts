/** A kind never rejects; should one do so, its deliveries count as failed. */
import { expect, test } from 'vitest';
import type { Try } from '../../src/delivery/kinds/kind.ts';
import { tryWithin } from '../../src/delivery/sender/bounded.ts';

function triesOf(work: () => Promise<readonly Try[]>, count: number): Promise<readonly Try[]> {
  return new Promise((resolve) => tryWithin(work, count, resolve));
}

test('what a kind rejects is logged with how long it took, not with how long the process runs', async () => {
  const began = performance.now();
  const tries = await triesOf(() => Promise.reject(new Error('out of ideas')), 2);
  const took = performance.now() - began;
  expect(tries).toHaveLength(2);
  for (const { outcome, durationMs, statusCode } of tries) {
    expect(outcome).toEqual({ kind: 'failed', error: 'Sending failed: out of ideas', retryAfterSeconds: null });
    expect(durationMs).toBeLessThanOrEqual(took);
    expect(statusCode).toBeNull();
  }
});

test('what throws before it begins counts as failed too', async () => {
  const tries = await triesOf(() => {
    throw new Error('no event');
  }, 1);
  expect(tries).toMatchObject([{ outcome: { kind: 'failed', error: 'Sending failed: no event' } }]);
});

test('thousands in line that throw, each begun when the one before has ended, do not fill the stack', async () => {
  const LINE = 20_000;
  const ended = await new Promise<number>((resolve) => {
    let n = 0;
    const next = (): void => {
      n += 1;
      if (n === LINE) resolve(n);
      else tryWithin(throwing, 1, next);
    };
    next();
  });
  expect(ended).toBe(LINE);
});

function throwing(): never {
  throw new Error('no event');
}
