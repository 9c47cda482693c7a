import { expect, test } from 'vitest';
import { formatCursor, parseCursor } from '../../src/live/cursor.ts';
import { sseFrame } from '../../src/live/sse.ts';
import { turns } from '../../src/live/turns.ts';

test('cursors come back as they went out; nothing else is one', () => {
  for (const seq of [0, 1, 42, 999_999_999_999_999]) expect(parseCursor(formatCursor(seq))).toBe(seq);
  for (const text of ['', '-1', '1.5', '01', ' 1', '1\n', '1e3', '0x1', 'evt_1', '9'.repeat(16)])
    expect(parseCursor(text)).toBeNull();
});

test('a message is one line of data, whatever is in it', () => {
  const text = sseFrame('7', 'attempt.completed', JSON.stringify({ title: 'a\nb\r\n\ndata: c' })).toString();
  expect(text.split('\n')).toEqual([
    'id: 7',
    'event: attempt.completed',
    String.raw`data: {"title":"a\nb\r\n\ndata: c"}`,
    '',
    '',
  ]);
  expect(sseFrame('7', null, '{}').toString()).toBe('id: 7\ndata: {}\n\n');
});

test('turns: no more at once than said, in order, and a failure gives its turn on', async () => {
  const { take } = turns(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const work = (n: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    order.push(n);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (n % 2 === 1) throw new Error('odd');
    return n;
  };
  const done = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((n) => take(work(n))));
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect(done.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
  ]);
});
