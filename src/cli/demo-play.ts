/** What the demo's class does: three weeks quickly, then live by the clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter } from '../adapters/adapter.ts';
import type { Provider } from '../core/vocabulary.ts';
import type { Delivery } from '../simulator/faults.ts';
import type { PlayedEvent } from '../simulator/play.ts';
import { run } from '../simulator/run.ts';
import { scenario } from '../simulator/scenario.ts';
import { Sender } from '../simulator/sender.ts';
import { Tally } from '../simulator/tally.ts';
import type { Target } from '../simulator/target.ts';
import { bar, StatusLine } from './status-line.ts';
import { grouped, milliseconds, say, shorten, styled } from './terminal.ts';

export interface DemoPlay {
  targets: ReadonlyMap<Provider, Target>;
  /** The platforms the class plays on. */
  adapters: readonly Adapter[];
  learners: number;
  signal: AbortSignal;
}

const HISTORY_DAYS = 21;
/** Who did something this recently is at it. */
const ACTIVE_MS = 60_000;
/** After a laptop's sleep the class goes on now, instead of sending hours of clicks at once. */
const TOO_FAR_BEHIND_MS = 60_000;
/** Without a terminal a line this often says that it goes on. */
const TELL_EVERY_MS = 60_000;

/** Earlier results, sent as fast as they are taken, so that there are figures to look at. */
export async function playHistory(play: DemoPlay): Promise<void> {
  const now = Date.now();
  const start = now - HISTORY_DAYS * 86_400_000;
  const tally = new Tally();
  const sender = new Sender({ connections: 8, retries: 8, signal: play.signal });
  let reached = start;
  const line = new StatusLine((width) => {
    const text = `Three weeks of earlier results  ${grouped(tally.sent)} webhooks`;
    return `${text}  ${styled('green', bar((reached - start) / (now - start), Math.min(30, width - text.length - 2)), process.stderr)}`;
  });
  line.start();
  try {
    await run({
      deliveries: plain(
        before(
          scenario({
            seed: 'demo history',
            adapters: play.adapters,
            learners: play.learners,
            start,
            rhythm: 'history',
          }),
          now,
        ),
      ),
      target: (delivery) => targetOf(play, delivery.event),
      sender,
      tally,
      concurrency: 32,
      rate: null,
      signal: play.signal,
      onDone: (delivery) => {
        reached = Math.max(reached, delivery.event.at);
      },
    });
  } finally {
    line.stop();
    await sender.close();
  }
  const { accepted, duplicates, seconds } = tally.summary();
  if (!play.signal.aborted) {
    say(
      `${styled('green', '✓')} Three weeks of earlier results: ${grouped(accepted + duplicates)} webhooks in ${seconds.toFixed(1)} s.`,
    );
  }
}

/** By the clock, until the signal. */
export async function playLive(play: DemoPlay): Promise<void> {
  const tally = new Tally();
  const sender = new Sender({ connections: 16, retries: 8, signal: play.signal });
  const seenAt = new Map<number, number>();
  const line = new StatusLine((width) => statusText(tally, activeCount(seenAt), width));
  const telling = process.stderr.isTTY
    ? null
    : setInterval(() => say(statusText(tally, activeCount(seenAt), 200)), TELL_EVERY_MS).unref();
  line.start();
  try {
    while (!play.signal.aborted) {
      await playByTheClock(play, (delivery) => {
        seenAt.set(delivery.event.learner.index, Date.now());
        return sender.send(targetOf(play, delivery.event), delivery).then((outcome) => tally.add(delivery, outcome));
      });
    }
  } finally {
    line.stop();
    if (telling !== null) clearInterval(telling);
    await sender.close();
  }
}

/** Sends each webhook at its time, without waiting for answers. Returns when stopped, or when the clock has jumped. */
async function playByTheClock(play: DemoPlay, send: (delivery: Delivery) => Promise<void>): Promise<void> {
  const start = Date.now();
  const options = {
    seed: `live ${start}`,
    adapters: play.adapters,
    learners: play.learners,
    start,
    rhythm: 'live' as const,
  };
  const underWay = new Set<Promise<void>>();
  for (const delivery of plain(scenario(options))) {
    const wait = delivery.event.at - Date.now();
    if (wait > 0) await sleep(wait, undefined, { signal: play.signal }).catch(() => {});
    if (play.signal.aborted || wait < -TOO_FAR_BEHIND_MS) break;
    const sent: Promise<void> = send(delivery).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
}

function* plain(events: Iterable<PlayedEvent>): Generator<Delivery> {
  for (const event of events) yield { kind: 'plain', event, fault: null };
}

function* before(events: Iterable<PlayedEvent>, end: number): Generator<PlayedEvent> {
  for (const event of events) {
    if (event.at >= end) return;
    yield event;
  }
}

function targetOf(play: DemoPlay, event: PlayedEvent): Target {
  const target = play.targets.get(event.provider);
  if (target === undefined) throw new Error(`The demo has no source for ${event.provider}.`);
  return target;
}

function activeCount(seenAt: ReadonlyMap<number, number>): number {
  const since = Date.now() - ACTIVE_MS;
  return [...seenAt.values()].filter((at) => at >= since).length;
}

function statusText(tally: Tally, active: number, width: number): string {
  const bad = tally.refusedCount + tally.failedCount;
  const text = [
    `live  ${active} playing`,
    `${grouped(tally.sent)} sent`,
    `${grouped(tally.accepted)} accepted`,
    ...(bad > 0 ? [`${grouped(bad)} not`] : []),
    `${tally.pace().perSecond.toFixed(1)} a second`,
    milliseconds(tally.median()),
  ].join(' · ');
  return `${styled('green', '●', process.stderr)} ${shorten(text, width - 2)}`;
}
