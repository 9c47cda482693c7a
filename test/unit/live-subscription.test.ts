/** The moment in which a stream that catches up joins the living feed, step by step. */
import { expect, test } from 'vitest';
import { newUuid } from '../../src/core/ids.ts';
import type { Queryable } from '../../src/db/database.ts';
import { FeedEvent } from '../../src/live/events.ts';
import { type Feed, toEntry } from '../../src/live/feed.ts';
import type { SseStream } from '../../src/live/sse.ts';
import { subscribe } from '../../src/live/subscription.ts';
import { turns } from '../../src/live/turns.ts';
import { EXAMPLE_EVENT } from '../helpers/example-event.ts';
import { until } from '../helpers/until.ts';

/** A row of `readEvents`, as the database gives it. */
function row(seq: number): object {
  return {
    seq,
    id: newUuid(),
    type: 'attempt.completed',
    occurred_at: '2026-04-08 14:30:00.123456+00',
    received_at: '2026-04-08 14:30:01+00',
    source_id: null,
    receipt: null,
    test: false,
    learner_id: null,
    activity_id: null,
    attempt_id: null,
    payload: '{"attempt":null,"previous":null,"data":{}}',
  };
}

/** A feed of which memory holds nothing older than `floor`; `move` is what its reader does when it reads on. */
function fakeFeed(floor: number, position: number) {
  let moved = () => {};
  let kept: FeedEvent[] = [];
  const feed: Feed = {
    get position() {
      return position;
    },
    since: (after) => (after < floor ? null : kept.filter(({ seq }) => seq > after).map(toEntry)),
    follow(listener) {
      moved = listener;
      return () => {};
    },
    wake() {},
    close() {},
  };
  return {
    feed,
    move(to: number, events: FeedEvent[] = [], newFloor = floor) {
      position = to;
      floor = newFloor;
      kept = [...kept, ...events];
      moved();
    },
  };
}

function fakeStream() {
  const ids: number[] = [];
  const stream: SseStream & { closed: boolean } = {
    closed: false,
    write(frames) {
      for (const frame of frames) ids.push(Number(/^id: (\d+)/.exec(Buffer.from(frame).toString())?.[1]));
    },
    keepAlive() {},
    ready: async () => !stream.closed,
    end() {
      stream.closed = true;
    },
    onClose() {},
  };
  return { stream, ids };
}

/** A database whose answers are scripted, one a statement; each script may change the world before the answer arrives. */
function fakeDatabase(answers: (() => object[])[]): Queryable {
  return {
    async query<Row extends object>() {
      await new Promise((resolve) => setImmediate(resolve));
      const answer = answers.shift();
      if (answer === undefined) throw new Error('Asked once too often.');
      return answer() as Row[];
    },
  };
}

const everything = { wants: () => true, narrow: () => ({}) };

test('what commits after the page was read, and before it arrived, is not passed by', async () => {
  const { feed, move } = fakeFeed(2, 2);
  const { stream, ids } = fakeStream();
  const db = fakeDatabase([
    () => {
      // The page's snapshot ends at 2; while it is on its way the feed reads 3 and 4 and forgets them again.
      move(4, [], 4);
      return [row(1), row(2)];
    },
    () => [row(3), row(4)],
  ]);
  subscribe({ db, workspace: 1, feed, from: 0, stream, selection: everything, reading: turns(1), failed() {} });
  await until('four messages', () => ids.length >= 4);
  expect(ids).toEqual([1, 2, 3, 4]);
  stream.end();
  move(4);
});

test('what the page already held does not come again from memory', async () => {
  const { feed, move } = fakeFeed(2, 2);
  const { stream, ids } = fakeStream();
  const entry = (seq: number) =>
    new FeedEvent(
      { seq, test: false, learnerId: null, activityId: null },
      JSON.stringify(EXAMPLE_EVENT),
      0,
      JSON.stringify(EXAMPLE_EVENT).length,
    );
  const db = fakeDatabase([
    () => {
      move(4, [entry(3), entry(4)]);
      return [row(1), row(2), row(3)];
    },
  ]);
  subscribe({ db, workspace: 1, feed, from: 0, stream, selection: everything, reading: turns(1), failed() {} });
  await until('four messages', () => ids.length >= 4);
  move(5, [entry(5)]);
  await until('the fifth', () => ids.length >= 5);
  expect(ids).toEqual([1, 2, 3, 4, 5]);
  stream.end();
  move(5);
});

test('while the database is away the stream stays, is told of once, and goes on where it was', async () => {
  const { feed, move } = fakeFeed(1, 1);
  const { stream, ids } = fakeStream();
  const failures: unknown[] = [];
  const away = () => {
    throw new Error('away');
  };
  const db = fakeDatabase([away, away, () => [row(1)]]);
  subscribe({
    db,
    workspace: 1,
    feed,
    from: 0,
    stream,
    selection: everything,
    reading: turns(1),
    failed: (error) => failures.push(error),
  });
  await until('the message', () => ids.length === 1);
  expect(ids).toEqual([1]);
  expect(failures).toHaveLength(1);
  expect(stream.closed).toBe(false);
  stream.end();
  move(1);
});
