/** Plays deliveries to their targets: as fast as the receiver answers, or at a rate whatever it does. */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Delivery } from './faults.ts';
import type { Sender } from './sender.ts';
import type { Outcome, Tally } from './tally.ts';
import type { Target } from './target.ts';

export interface RunOptions {
  deliveries: Iterable<Delivery>;
  target: (delivery: Delivery) => Target;
  sender: Sender;
  tally: Tally;
  /** Webhooks under way at once. With a rate, what is due beyond that waits for a connection, and the wait counts. */
  concurrency: number;
  /** Webhooks a second, sent at their time even when the receiver is slow (open loop); null: as fast as it answers. */
  rate: number | null;
  /** Stops sending; what is under way is still waited for. */
  signal?: AbortSignal;
  onDone?: (delivery: Delivery, outcome: Outcome) => void;
}

/** At a rate that the receiver cannot hold, so many wait at most, so that memory stays bounded. */
const WAITING_AT_MOST = 20_000;

/** Resolves when everything sent is answered or given up. */
export async function run(options: RunOptions): Promise<void> {
  if (options.rate === null) await closedLoop(options);
  else await openLoop(options, options.rate);
}

/** As fast as answers come; one learner's webhooks one after the other, as the platform makes them. */
async function closedLoop(options: RunOptions): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const lastOfLearner = new Map<number, Promise<void>>();
  for (const delivery of options.deliveries) {
    if (options.signal?.aborted === true) break;
    const learner = delivery.event.learner.index;
    const before = lastOfLearner.get(learner);
    const sent: Promise<void> = (async () => {
      await before;
      await sendOne(options, delivery);
    })().finally(() => {
      underWay.delete(sent);
      if (lastOfLearner.get(learner) === sent) lastOfLearner.delete(learner);
    });
    lastOfLearner.set(learner, sent);
    underWay.add(sent);
    if (underWay.size >= options.concurrency) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}

async function openLoop(options: RunOptions, rate: number): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const start = performance.now();
  let number = 0;
  for (const delivery of options.deliveries) {
    if (options.signal?.aborted === true) break;
    const due = start + (number * 1000) / rate;
    number += 1;
    // Timers are good to a millisecond; at high rates several go out in one turn.
    const wait = due - performance.now();
    if (wait >= 1) await sleep(wait, undefined, { signal: options.signal }).catch(() => {});
    // Behind time: still let answers in, or a receiver that is merely slow would look dead.
    else if (number % 8 === 0) await turn();
    if (underWay.size >= WAITING_AT_MOST) await Promise.race(underWay);
    const sent: Promise<void> = sendOne(options, delivery, due).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
}

async function sendOne(options: RunOptions, delivery: Delivery, due?: number): Promise<void> {
  const outcome = await options.sender.send(options.target(delivery), delivery, due);
  options.tally.add(delivery, outcome);
  options.onDone?.(delivery, outcome);
}
