/**
 * Faults on the way from a platform to us. None of them loses anything: what is tampered with, broken or stale is a copy
 * sent beside the real webhook, so a run with faults must end in the same progress as one without.
 */
import type { PlayedEvent } from './play.ts';
import { type Random, seededRandom, wholeBetween } from './random.ts';

export const FAULTS = ['duplicate', 'reorder', 'tamper', 'late', 'malformed'] as const;
export type Fault = (typeof FAULTS)[number];

/** Share of the webhooks (0..1) that each fault befalls. */
export type FaultShares = Readonly<Partial<Record<Fault, number>>>;

/** When no share is said. */
export const DEFAULT_SHARE = 0.05;

/**
 * One request to make. `plain`: as it should be. `duplicate`: the bytes of `of` again. `tamper`: one bit, or the
 * credential, changed. `stale`: signed ten minutes ago. `malformed`: cut off in the middle.
 */
export type Delivery =
  | { kind: 'plain'; event: PlayedEvent; fault: 'reorder' | 'late' | null }
  | { kind: 'duplicate'; event: PlayedEvent; fault: 'duplicate'; of: Delivery }
  | { kind: 'tamper' | 'malformed'; event: PlayedEvent; fault: 'tamper' | 'malformed' }
  | { kind: 'stale'; event: PlayedEvent; fault: 'late' };

/** How many other webhooks pass a held-back one: far enough to cross a batch of the worker. */
const HELD_FOR = [10, 60] as const;

/**
 * The webhooks with faults among them, the same for the same seed. What is held back comes out at the end at the latest.
 * `signsTime(provider)`: whether the platform signs a timestamp, so that late ones can be stale.
 */
export function* withFaults(
  events: Iterable<PlayedEvent>,
  shares: FaultShares,
  seed: string,
  signsTime: (event: PlayedEvent) => boolean,
): Generator<Delivery> {
  const random = seededRandom(seed, 'faults');
  /** Waiting for the next webhook of the same learner. */
  const swapped = new Map<number, Delivery>();
  /** Waiting for a number of others to pass; `due` counts webhooks of the scenario. */
  let held: { due: number; delivery: Delivery }[] = [];
  let number = 0;
  for (const event of events) {
    number += 1;
    const fault = drawFault(random, shares);
    const plain: Delivery = { kind: 'plain', event, fault: fault === 'reorder' || fault === 'late' ? fault : null };
    const swapPartner = swapped.get(event.learner.index);
    swapped.delete(event.learner.index);
    switch (fault) {
      case null:
        yield plain;
        break;
      case 'duplicate':
        yield plain;
        held.push({
          due: number + wholeBetween(random, 1, HELD_FOR[1]),
          delivery: { kind: 'duplicate', event, fault, of: plain },
        });
        break;
      case 'reorder':
        if (swapPartner === undefined) swapped.set(event.learner.index, plain);
        else yield plain;
        break;
      case 'tamper':
      case 'malformed':
        yield { kind: fault, event, fault };
        yield plain;
        break;
      case 'late':
        if (signsTime(event)) yield { kind: 'stale', event, fault };
        held.push({ due: number + wholeBetween(random, ...HELD_FOR), delivery: plain });
        break;
      default:
        fault satisfies never;
    }
    if (swapPartner !== undefined) yield swapPartner;
    const due = held.filter((one) => one.due <= number);
    if (due.length > 0) {
      held = held.filter((one) => one.due > number);
      for (const one of due) yield one.delivery;
    }
  }
  yield* swapped.values();
  for (const one of held) yield one.delivery;
}

function drawFault(random: Random, shares: FaultShares): Fault | null {
  // One number a webhook whatever the shares, so that changing one share moves as little as possible.
  let x = random();
  for (const fault of FAULTS) {
    x -= shares[fault] ?? 0;
    if (x < 0) return fault;
  }
  return null;
}
