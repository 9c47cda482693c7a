/**
 * Claims what is due and reads its events. The two overlap, one claim ahead of the other: a quick receiver would otherwise wait for as
 * long as both take. Waking is a hint; polling is the truth.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Uuid } from '../../core/ids.ts';
import { isDatabaseAway } from '../../db/away.ts';
import type { Log } from '../../db/log.ts';
import type { EventText } from '../../live/events.ts';
import type { StoredEndpoint } from '../endpoints/endpoint-row.ts';
import { type Claimed, type Place, toClaims } from '../queue/claim.ts';
import type { Desk } from './desk.ts';
import type { KnownEndpoints } from './known-endpoints.ts';
import { AT_FAILING, CALLS, heldBy, type Line, placeToLook, roomOf, wantsMore } from './line.ts';

export interface ClaimingOptions {
  desk: Desk;
  log: Log;
  endpoints: KnownEndpoints;
  /** By their endpoints; `coming`, `hungry` and `failing` of them are kept here. */
  lines: ReadonlyMap<Uuid, Line>;
  /** How many more may be claimed; 0 or less: none until `roomAgain`. */
  room(): number;
  onClaimed(rows: readonly Claimed[]): void;
  /** A claimed row with its event, in the order in which they are to be sent; for its line. */
  onReady(row: Claimed, endpoint: StoredEndpoint, event: EventText, claimedAt: number): void;
  /** Its event, or its endpoint, is no longer there. */
  onGone(row: Claimed, what: 'event' | 'endpoint'): void;
  /** They could not be read; they are claimed no longer. */
  onFailed(rows: readonly Claimed[]): void;
  /** Something lies in the line, or its state has changed. */
  pump(line: Line): void;
}

export interface Claiming {
  /** Something may be due: look now. */
  wake(): void;
  /** `room` may have grown. */
  roomAgain(): void;
  /** Claims no more; resolves when all that was claimed lies in its line or was handed to `onFailed`. */
  end(): Promise<void>;
}

/** A lost NOTIFY delays a delivery by this at most. */
const POLL_MS = 500;
/** Endpoints with a rate get new allowance all the time. */
const RATED_POLL_MS = 100;
const RATED_FOR_MS = 2_000;
/** Commits come many a millisecond under load; one claim serves them all. */
const GAP_MS = 4;
const AWAY_PAUSE_MS = 500;

/** Rows of one claim, and what it was asked for. */
interface Batch {
  rows: Claimed[];
  claimedAt: number;
  /** Rows by endpoint. */
  counts: Map<Uuid, number>;
  /** The lines that were there already, and count theirs as coming. */
  known: Map<Uuid, Line>;
  /** Tells a line what the claim says of it. */
  learn(id: Uuid, line: Line): void;
}

/** Starts at once. */
export function startClaiming(options: ClaimingOptions): Claiming {
  const { desk, log, lines } = options;
  const stopping = new AbortController();
  let wakes = 0;
  let wakeUp: (() => void) | null = null;
  let enter: (() => void) | null = null;
  let ratedUntil = 0;
  /** The events of the claim before; never rejects. */
  let reading: Promise<void> = Promise.resolve();
  /** What went wrong with reading and was not told yet. */
  let failed: { error: unknown } | null = null;

  const wake = (): void => {
    wakes += 1;
    wakeUp?.();
  };

  const someWantMore = (): boolean => {
    for (const line of lines.values()) if (wantsMore(line)) return true;
    return false;
  };

  /** Waits until woken, at most `ms`. */
  async function waitForWork(seen: number, ms: number): Promise<void> {
    if (wakes !== seen || stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wakeUp = null;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (options.room() <= 0) {
        await new Promise<void>((resolve) => {
          enter = resolve;
        });
        enter = null;
        continue;
      }
      const seen = wakes;
      try {
        await next();
      } catch (error) {
        if (isDatabaseAway(error)) log.warn({ err: error }, 'The database is away; sending goes on when it is back.');
        else log.error({ err: error }, 'Claiming deliveries failed; it is tried again.');
        await sleep(AWAY_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        continue;
      }
      if (someWantMore()) continue;
      await waitForWork(seen, performance.now() < ratedUntil ? RATED_POLL_MS : POLL_MS);
      if (!someWantMore()) await sleep(GAP_MS);
    }
    await reading;
  }

  /** Claims, and has the events read behind those of the claim before. Rejects with what went wrong with either. */
  async function next(): Promise<void> {
    const batch = await claim();
    const before = reading;
    if (batch.rows.length > 0) {
      // An endpoint without a line says nowhere what is on its way to it: the next claim would take as much for it once more.
      const unknown = [...batch.counts.keys()].some((id) => !lines.has(id));
      reading = before.then(() => read(batch));
      if (unknown) await reading;
    }
    await before;
    if (failed === null) return;
    const { error } = failed;
    failed = null;
    throw error;
  }

  async function claim(): Promise<Batch> {
    const claimedAt = performance.now();
    const taken = new Map<Uuid, { held: number; room: number; from: Place | null }>();
    for (const [id, line] of lines)
      taken.set(id, { held: heldBy(line), room: roomOf(line), from: placeToLook(line, claimedAt) });
    const number = Math.floor(Math.random() * 2 ** 48);
    const total = options.room();
    const groups = await desk.claim(number, { each: CALLS, atFailing: AT_FAILING, taken, total });
    const { rows, upTo } = toClaims(groups, number);
    options.onClaimed(rows);
    if (rows.some((row) => row.rated)) ratedUntil = claimedAt + RATED_FOR_MS;
    const counts = new Map<Uuid, number>();
    const failing = new Map<Uuid, boolean>();
    for (const row of rows) {
      counts.set(row.endpointId, (counts.get(row.endpointId) ?? 0) + 1);
      failing.set(row.endpointId, row.failing);
    }
    /** What the claim says of a line that was there before, or came by it: whether there may be more. */
    const learn = (id: Uuid, line: Line): void => {
      line.failing = failing.get(id) ?? line.failing;
      const most = taken.get(id)?.room ?? (line.failing ? AT_FAILING : CALLS);
      // Nothing was asked for: what was known holds.
      if (most <= 0) return;
      const all = (counts.get(id) ?? 0) >= (line.failing ? Math.min(most, AT_FAILING) : most);
      const fromStart = (taken.get(id)?.from ?? null) === null;
      if (fromStart) line.fromStartAt = claimedAt;
      // Where it looked from a place on and found too little, there may be more before it.
      else if (!all) line.fromStartAt = Number.NEGATIVE_INFINITY;
      line.hungry = all || !fromStart;
      line.upTo = upTo.get(id) ?? line.upTo;
    };
    const known = new Map(lines);
    for (const [id, line] of known) {
      learn(id, line);
      line.coming += counts.get(id) ?? 0;
    }
    return { rows, claimedAt, counts, known, learn };
  }

  /** Puts claimed rows in their lines, with their events. */
  async function read({ rows, claimedAt, counts, known, learn }: Batch): Promise<void> {
    let done = 0;
    try {
      const endpoints = await options.endpoints.of(rows);
      const events = await desk.events(rows);
      for (const [i, row] of rows.entries()) {
        done += 1;
        const endpoint = endpoints.get(row.endpointId);
        const event = events[i] ?? null;
        if (event === null) options.onGone(row, 'event');
        else if (endpoint === undefined) options.onGone(row, 'endpoint');
        else options.onReady(row, endpoint, event, claimedAt);
      }
    } catch (error) {
      failed = { error };
      options.onFailed(rows.slice(done));
    }
    for (const [id, n] of counts) {
      const before = known.get(id);
      if (before !== undefined) before.coming -= n;
      const line = lines.get(id);
      if (line === undefined) continue;
      if (before === undefined) learn(id, line);
      options.pump(line);
    }
  }

  const running = loop();
  return {
    wake,
    roomAgain() {
      if (options.room() > 0) enter?.();
    },
    async end() {
      stopping.abort();
      wake();
      enter?.();
      await running;
    },
  };
}
