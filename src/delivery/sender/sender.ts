/**
 * The sender: claims what is due, sends it, writes what came of it. Every endpoint has a line of its own, so a slow or dead one
 * delays nobody else. Waking is a hint; polling is the truth. Any number of senders share one database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import { isDatabaseAway } from '../../db/away.ts';
import type { Database } from '../../db/database.ts';
import type { Log } from '../../db/log.ts';
import type { StoredEndpoint } from '../endpoints/endpoint-row.ts';
import { disableEndpoint } from '../health/disable-endpoint.ts';
import type { KindTools } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { type PseudonymKey, pseudonymKey, reduceText } from '../personal-data.ts';
import { claimDue, LEASE_SECONDS } from '../queue/claim.ts';
import { releaseClaims } from '../queue/release.ts';
import { webhookIdOf } from '../webhook-id.ts';
import { failedTries, HANG_MS, within } from './bounded.ts';
import { knownEndpoints } from './known-endpoints.ts';
import { AT_FAILING, adapt, CALLS, heldBy, type Item, type Line, newLine, roomOf, wantsMore } from './line.ts';
import { eventsOf } from './prepare.ts';
import { resultWriter } from './result-writer.ts';
import { settle, withoutEvent } from './settle.ts';

export interface SenderOptions {
  db: Database;
  log: Log & { debug(fields: object, message: string): void; isLevelEnabled?(level: string): boolean };
  box: SecretBox;
  /** Pseudonyms are made with it. */
  encryptionKey: string;
  tools: KindTools;
}

export interface Sender {
  /** Something may be due: look now. */
  wake(): void;
  /** Lets what is under way finish for a moment, interrupts the rest (which is tried again, uncounted), and ends. */
  stop(): Promise<void>;
}

/** Claimed at once in this process: bounds its memory, a few KiB each. */
const MOST_HELD = 3_000;
/** Results that wait for the database: no more is claimed until they are written. */
const MOST_UNWRITTEN = 2_000;
/** A lost NOTIFY delays a delivery by this at most. */
const POLL_MS = 500;
/** Endpoints with a rate get new allowance all the time. */
const RATED_POLL_MS = 100;
const RATED_FOR_MS = 2_000;
/** Commits come many a millisecond under load; one claim serves them all. */
const GAP_MS = 4;
const AWAY_PAUSE_MS = 500;
/** What waited in line so long that its lease might end while it is sent is given back instead. */
const STALE_MS = LEASE_SECONDS * 1000 - HANG_MS - 5_000;
/** At the end, what is under way may finish within this; the whole process has 10 s. */
const GRACE_MS = 1_500;
const ABORT_MS = 1_000;

/** Starts sending; returns at once. */
export function startSender(options: SenderOptions): Sender {
  const { db, log, tools } = options;
  const stopping = new AbortController();
  const interrupting = new AbortController();
  const endpoints = knownEndpoints(db, options.box, tools.now);
  const lines = new Map<Uuid, Line>();
  const keys = new WeakMap<StoredEndpoint, PseudonymKey>();
  const debugs = log.isLevelEnabled?.('debug') ?? true;
  let held = 0;
  let calls = 0;
  let wakes = 0;
  let wakeUp: (() => void) | null = null;
  let wholeRoom: (() => void) | null = null;
  let ratedUntil = 0;
  const interrupted: Item[] = [];
  const disabling = new Set<Promise<void>>();

  const wake = (): void => {
    wakes += 1;
    wakeUp?.();
  };

  const results = resultWriter({
    db,
    log,
    underWay: () => calls,
    onHopeless: (endpoint) => disable(endpoint, 'Nothing but failures for 5 days.'),
    onReleased: wake,
    onWritten: () => {
      if (held < MOST_HELD) wholeRoom?.();
    },
  });

  function disable({ workspace, id }: { workspace: number; id: Uuid }, reason: string): void {
    const line = lines.get(id);
    if (line !== undefined) giveBack(line.waiting.splice(0));
    const done = disableEndpoint(db, tools.mailer, { workspace, id, reason, publicUrl: tools.publicUrl })
      .then((disabled) => {
        if (disabled) log.warn({ endpoint: id, workspace, reason }, 'An endpoint was disabled.');
      })
      .catch((error: unknown) => log.error({ err: error, endpoint: id }, 'An endpoint could not be disabled.'))
      .finally(() => disabling.delete(done));
    disabling.add(done);
  }

  /** Claims that are not sent: free again at once, untried. */
  function giveBack(items: readonly Item[]): void {
    if (items.length === 0) return;
    held -= items.length;
    const rows = items.map((item) => item.row);
    releaseClaims(db, rows).catch((error: unknown) =>
      log.warn({ err: error, deliveries: rows.length }, 'Claims could not be given back; their leases end.'),
    );
  }

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

  async function claimLoop(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (held >= MOST_HELD || results.waiting() >= MOST_UNWRITTEN) {
        await new Promise<void>((resolve) => {
          wholeRoom = resolve;
        });
        wholeRoom = null;
        continue;
      }
      const seen = wakes;
      try {
        await claim();
      } catch (error) {
        if (isDatabaseAway(error)) log.warn({ err: error }, 'The database is away; sending goes on when it is back.');
        else log.error({ err: error }, 'Claiming deliveries failed; it is tried again.');
        await sleep(AWAY_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        continue;
      }
      if ([...lines.values()].some(wantsMore)) continue;
      await waitForWork(seen, performance.now() < ratedUntil ? RATED_POLL_MS : POLL_MS);
      await sleep(GAP_MS);
    }
  }

  async function claim(): Promise<void> {
    const taken = new Map<Uuid, { held: number; room: number }>();
    for (const [id, line] of lines) taken.set(id, { held: heldBy(line), room: roomOf(line) });
    const number = Math.floor(Math.random() * 2 ** 48);
    const claimedAt = performance.now();
    const rows = await claimDue(db, number, {
      each: CALLS,
      atFailing: AT_FAILING,
      taken,
      total: MOST_HELD - held,
    });
    if (rows.some((row) => row.rated)) ratedUntil = claimedAt + RATED_FOR_MS;
    held += rows.length;
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
      if (most > 0) line.hungry = (counts.get(id) ?? 0) >= (line.failing ? Math.min(most, AT_FAILING) : most);
    };
    for (const [id, line] of lines) learn(id, line);
    if (rows.length === 0) return;
    let enqueued = 0;
    try {
      const known = await endpoints.of(rows);
      const events = await eventsOf(db, rows);
      for (const row of rows) {
        enqueued += 1;
        const endpoint = known.get(row.endpointId);
        const whole = events.get(row);
        if (whole === undefined) {
          results.add(withoutEvent(row, tools.now()));
          held -= 1;
          continue;
        }
        if (endpoint === undefined) {
          // Removed this moment; whoever did that took its rows out of the queue.
          held -= 1;
          continue;
        }
        const line = lineOf(endpoint);
        line.waiting.push({
          row,
          claimedAt,
          outgoing: {
            deliveryId: row.deliveryId,
            webhookId: webhookIdOf(endpoint.id, whole.id),
            told: reduceText(whole, endpoint.personalData, keyOf(endpoint)),
            whole,
            test: row.eventSeq === null,
            tryNumber: row.tries + 1,
          },
        });
      }
    } catch (error) {
      const rest = rows.slice(enqueued);
      held -= rest.length;
      await releaseClaims(db, rest).catch(() => undefined);
      throw error;
    } finally {
      for (const id of counts.keys()) {
        const line = lines.get(id);
        if (line === undefined) continue;
        learn(id, line);
        pump(line);
      }
    }
  }

  /** Once for an endpoint as it is now: deriving a key takes longer than signing with it. */
  function keyOf(endpoint: StoredEndpoint): PseudonymKey {
    const key = keys.get(endpoint) ?? pseudonymKey(options.encryptionKey, endpoint.id);
    keys.set(endpoint, key);
    return key;
  }

  function lineOf(endpoint: StoredEndpoint): Line {
    let line = lines.get(endpoint.id);
    if (line === undefined) {
      line = newLine(endpoint, kindOf(endpoint.kind));
      lines.set(endpoint.id, line);
    }
    line.endpoint = endpoint;
    return line;
  }

  function pump(line: Line): void {
    while (line.calls < CALLS && line.waiting.length > 0 && !stopping.signal.aborted) {
      const now = performance.now();
      const batch = line.waiting.splice(0, line.kind.batch);
      const stale = batch.filter((item) => now - item.claimedAt > STALE_MS);
      giveBack(stale);
      const fresh = stale.length === 0 ? batch : batch.filter((item) => !stale.includes(item));
      const [first] = fresh;
      if (first === undefined) continue;
      adapt(line, now - first.claimedAt);
      void send(line, fresh);
    }
    if (heldBy(line) === 0 && !line.hungry) lines.delete(line.endpoint.id);
    else if (wantsMore(line)) wake();
  }

  async function send(line: Line, items: readonly Item[]): Promise<void> {
    line.calls += 1;
    calls += 1;
    line.open += items.length;
    const at = tools.now();
    const { endpoint, kind } = line;
    const outgoing = items.map((item) => item.outgoing);
    const tries = await within(kind.send(endpoint, outgoing, tools, interrupting.signal)).catch((error: unknown) =>
      failedTries(items.length, performance.now(), error),
    );
    line.calls -= 1;
    calls -= 1;
    line.open -= items.length;
    let gone = false;
    for (const [i, item] of items.entries()) {
      const tried = tries[i] ?? failedTries(1, performance.now(), new Error('The kind said nothing of it.'))[0];
      if (tried === undefined) continue;
      // Interrupted by our own end: as if it had not been tried.
      if (interrupting.signal.aborted && tried.outcome.kind === 'failed') {
        interrupted.push(item);
        continue;
      }
      held -= 1;
      const result = settle(item.row, tried, at);
      results.add(result);
      gone ||= tried.outcome.kind === 'gone';
      // Most never log this: what it would say is not even put together.
      if (!debugs) continue;
      log.debug(
        {
          delivery: item.row.deliveryId,
          endpoint: endpoint.id,
          kind: endpoint.kind,
          type: item.outgoing.told.type,
          try: item.outgoing.tryNumber,
          outcome: tried.outcome,
          status: result.end.status,
          statusCode: tried.statusCode,
          durationMs: tried.durationMs,
          nextInMs: result.end.status === 'pending' ? result.end.inMs : null,
        },
        'delivery tried',
      );
    }
    if (gone) disable(endpoint, 'The receiver answered 410: it wants no more.');
    if (held < MOST_HELD && results.waiting() < MOST_UNWRITTEN) wholeRoom?.();
    pump(line);
  }

  const claiming = claimLoop();
  return {
    wake,
    async stop() {
      stopping.abort();
      wake();
      wholeRoom?.();
      await claiming;
      for (const line of lines.values()) giveBack(line.waiting.splice(0));
      const open = () => [...lines.values()].some((line) => line.open > 0);
      const waitFor = async (ms: number) => {
        const until = performance.now() + ms;
        while (open() && performance.now() < until) await sleep(10);
      };
      await waitFor(GRACE_MS);
      interrupting.abort();
      await waitFor(ABORT_MS);
      await releaseClaims(
        db,
        interrupted.map((item) => item.row),
      ).catch(() => undefined);
      await Promise.all([results.end(), ...disabling]);
    },
  };
}
