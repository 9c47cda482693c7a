/** What waits for one endpoint in this process, and how much of it may be claimed ahead. */
import type { EventText } from '../../live/events.ts';
import type { StoredEndpoint } from '../endpoints/endpoint-row.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Claimed, Place } from '../queue/claim.ts';
import { Fifo } from './fifo.ts';

export interface Item {
  row: Claimed;
  /** With all personal data: what of it leaves is settled when it is sent. */
  whole: EventText;
  /** When it was claimed; monotonic milliseconds. */
  claimedAt: number;
}

export interface Line {
  endpoint: StoredEndpoint;
  kind: Kind;
  waiting: Fifo<Item>;
  /** Claimed, and their events are not read yet. */
  coming: number;
  /** Deliveries under way, and the calls they are in. */
  open: number;
  calls: number;
  /** Claimed at most, with what is under way. */
  ahead: number;
  /** The last claim gave all it might: there may be more. */
  hungry: boolean;
  /** Its last try failed. */
  failing: boolean;
  /** Up to where it was claimed, and when a claim last looked from the start; monotonic milliseconds. */
  upTo: Place | null;
  fromStartAt: number;
}

/** Calls to one endpoint at once: enough to keep up with hundreds a second over the internet, few enough to be no attack. */
export const CALLS = 32;
/**
 * Claimed ahead of a quick endpoint, so that the round to the database is not what limits it: it is refilled from half of this, some
 * 20 ms before it runs dry at 19,000 a second. With more, what waits grows old before it is sent, and is collected as old objects
 * are, at twice the cost (docs/performance.md, "Deliveries").
 */
const MOST_AHEAD = 768;
/** What waits longer than this shows that too much was claimed. */
const TOO_LONG_MS = 2_000;

export function newLine(endpoint: StoredEndpoint, kind: Kind): Line {
  return {
    endpoint,
    kind,
    waiting: new Fifo(),
    coming: 0,
    open: 0,
    calls: 0,
    ahead: CALLS,
    hungry: false,
    failing: false,
    upTo: null,
    fromStartAt: Number.NEGATIVE_INFINITY,
  };
}

/** Of an endpoint with nothing but failures: a thousand dead ones hold no more than what is left of the sender. */
export const AT_FAILING = 2;

/** What the line holds of claims. */
export function heldBy(line: Line): number {
  return line.coming + line.waiting.length + line.open;
}

/** Claims as the endpoint works: doubled when its line ran dry while there was more, halved when they wait too long. */
export function adapt(line: Line, waitedMs: number): void {
  if (waitedMs > TOO_LONG_MS) line.ahead = Math.max(CALLS, Math.floor(line.ahead / 2));
  else if (line.waiting.length === 0 && line.hungry) line.ahead = Math.min(MOST_AHEAD, line.ahead * 2);
}

/** How much more may be claimed for it. */
export function roomOf(line: Line): number {
  return Math.max(0, (line.failing ? AT_FAILING : line.ahead) - heldBy(line));
}

/** What comes to stand before the place up to which was claimed (a test, a retry by hand, claims given back) is found this much later at most. */
const FROM_START_MS = 100;

/**
 * Where its next claim begins to look: while one follows another, where the last one ended. What was sent leaves entries in the index until
 * they are cleaned up, and from the start each claim would step over all of them; as long as a backup runs, that is everything sent since.
 */
export function placeToLook(line: Line, now: number): Place | null {
  return line.hungry && now - line.fromStartAt < FROM_START_MS ? line.upTo : null;
}

/** Whether more should be claimed for it now. */
export function wantsMore(line: Line): boolean {
  return line.hungry && heldBy(line) <= (line.failing ? 0 : line.ahead / 2);
}
