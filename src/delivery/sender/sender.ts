/**
 * The sender: sends what was claimed (./claiming.ts) and has written what came of it. Every endpoint has a line of its own, so a slow or
 * dead one delays nobody else. Any number of senders share one database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import type { Log } from '../../db/log.ts';
import type { EventText } from '../../live/events.ts';
import type { StoredEndpoint } from '../endpoints/endpoint-row.ts';
import { disableEndpoint } from '../health/disable-endpoint.ts';
import type { KindTools, Outgoing, Try } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { type PseudonymKey, pseudonymKey, reduceText } from '../personal-data.ts';
import { type Claimed, LEASE_SECONDS } from '../queue/claim.ts';
import { releaseClaims } from '../queue/release.ts';
import type { Result } from '../queue/results.ts';
import { webhookIdOf } from '../webhook-id.ts';
import { failedTries, HANG_MS, tryWithin } from './bounded.ts';
import { startClaiming } from './claiming.ts';
import type { Desk } from './desk.ts';
import { knownEndpoints } from './known-endpoints.ts';
import { adapt, CALLS, heldBy, type Item, type Line, newLine, wantsMore } from './line.ts';
import { resultWriter } from './result-writer.ts';
import { settle, withoutEvent } from './settle.ts';

export interface SenderOptions {
  /** For what is asked seldom: endpoints, claims given back. */
  db: Database;
  desk: Desk;
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
/** What waited in line so long that its lease might end while it is sent is given back instead. */
const STALE_MS = LEASE_SECONDS * 1000 - HANG_MS - 5_000;
/** At the end, what is under way may finish within this; the whole process has 10 s. */
const GRACE_MS = 1_500;
const ABORT_MS = 1_000;

/** Starts sending; returns at once. */
export function startSender(options: SenderOptions): Sender {
  const { db, desk, log, tools } = options;
  const stopping = new AbortController();
  const interrupting = new AbortController();
  const lines = new Map<Uuid, Line>();
  const keys = new WeakMap<StoredEndpoint, PseudonymKey>();
  const debugs = log.isLevelEnabled?.('debug') ?? true;
  let held = 0;
  let calls = 0;
  const interrupted: Item[] = [];
  const disabling = new Set<Promise<void>>();

  const results = resultWriter({
    desk,
    log,
    underWay: () => calls,
    onHopeless: (endpoint) => disable(endpoint, 'Nothing but failures for 5 days.'),
    onReleased: () => claiming.wake(),
    onWritten: () => claiming.roomAgain(),
  });

  const claiming = startClaiming({
    desk,
    log,
    endpoints: knownEndpoints(db, options.box, tools.now),
    lines,
    room: () => (results.waiting() < MOST_UNWRITTEN ? MOST_HELD - held : 0),
    onClaimed: (rows) => {
      held += rows.length;
    },
    onReady: enqueue,
    onGone: (row, what) => {
      held -= 1;
      // Of an endpoint that was removed this moment: whoever did that took its rows out of the queue.
      if (what === 'event') results.add(withoutEvent(row, tools.now()));
    },
    onFailed: giveBack,
    pump,
  });

  function disable({ workspace, id }: { workspace: number; id: Uuid }, reason: string): void {
    const line = lines.get(id);
    if (line !== undefined) giveBack(rowsOf(line.waiting.take(line.waiting.length)));
    const done = disableEndpoint(db, tools.mailer, { workspace, id, reason, publicUrl: tools.publicUrl })
      .then((disabled) => {
        if (disabled) log.warn({ endpoint: id, workspace, reason }, 'An endpoint was disabled.');
      })
      .catch((error: unknown) => log.error({ err: error, endpoint: id }, 'An endpoint could not be disabled.'))
      .finally(() => disabling.delete(done));
    disabling.add(done);
  }

  /** Claims that are not sent: free again at once, untried. */
  function giveBack(rows: readonly Claimed[]): void {
    if (rows.length === 0) return;
    held -= rows.length;
    releaseClaims(db, rows).catch((error: unknown) =>
      log.warn({ err: error, deliveries: rows.length }, 'Claims could not be given back; their leases end.'),
    );
  }

  function enqueue(row: Claimed, endpoint: StoredEndpoint, whole: EventText, claimedAt: number): void {
    lineOf(endpoint).waiting.push({ row, whole, claimedAt });
  }

  /** Made in the moment of sending: by then the endpoint may want less of a person, and what waits in line stays small. */
  function outgoingOf({ row, whole }: Item, endpoint: StoredEndpoint): Outgoing {
    return {
      deliveryId: row.deliveryId,
      webhookId: webhookIdOf(endpoint.id, whole.id),
      told: reduceText(whole, endpoint.personalData, keyOf(endpoint)),
      whole,
      test: row.eventSeq === null,
      tryNumber: row.tries + 1,
    };
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
      const fresh = freshOf(line.waiting.take(line.kind.batch), now);
      const [first] = fresh;
      if (first === undefined) continue;
      adapt(line, now - first.claimedAt);
      send(line, fresh);
    }
    if (heldBy(line) === 0 && !line.hungry) lines.delete(line.endpoint.id);
    else if (wantsMore(line)) claiming.wake();
  }

  function freshOf(batch: readonly Item[], now: number): readonly Item[] {
    const isStale = (item: Item) => now - item.claimedAt > STALE_MS;
    // The first waits longest.
    const [first] = batch;
    if (first === undefined || !isStale(first)) return batch;
    giveBack(rowsOf(batch.filter(isStale)));
    return batch.filter((item) => !isStale(item));
  }

  function send(line: Line, items: readonly Item[]): void {
    line.calls += 1;
    calls += 1;
    line.open += items.length;
    const at = tools.now();
    const { endpoint, kind } = line;
    tryWithin(
      () => {
        const outgoing = items.map((item) => outgoingOf(item, endpoint));
        return kind.send(endpoint, outgoing, tools, interrupting.signal);
      },
      items.length,
      (tries) => sent({ line, endpoint, items, at }, tries),
    );
  }

  function sent({ line, endpoint, items, at }: Sent, tries: readonly Try[]): void {
    line.calls -= 1;
    calls -= 1;
    line.open -= items.length;
    let gone = false;
    for (const [i, item] of items.entries()) {
      const tried = tries[i] ?? failedTries(1, 0, new Error('The kind said nothing of it.'))[0];
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
      if (debugs) logTry(endpoint, item, tried, result);
    }
    if (gone) disable(endpoint, 'The receiver answered 410: it wants no more.');
    claiming.roomAgain();
    pump(line);
  }

  function logTry(endpoint: StoredEndpoint, { row, whole }: Item, tried: Try, { end }: Result): void {
    log.debug(
      {
        delivery: row.deliveryId,
        endpoint: endpoint.id,
        kind: endpoint.kind,
        type: whole.type,
        try: row.tries + 1,
        outcome: tried.outcome,
        status: end.status,
        statusCode: tried.statusCode,
        durationMs: tried.durationMs,
        nextInMs: end.status === 'pending' ? end.inMs : null,
      },
      'delivery tried',
    );
  }

  return {
    wake: () => claiming.wake(),
    async stop() {
      stopping.abort();
      await claiming.end();
      for (const line of lines.values()) giveBack(rowsOf(line.waiting.take(line.waiting.length)));
      const open = () => [...lines.values()].some((line) => line.open > 0);
      const waitFor = async (ms: number) => {
        const until = performance.now() + ms;
        while (open() && performance.now() < until) await sleep(10);
      };
      await waitFor(GRACE_MS);
      interrupting.abort();
      await waitFor(ABORT_MS);
      await releaseClaims(db, rowsOf(interrupted)).catch(() => undefined);
      await Promise.all([results.end(), ...disabling]);
    },
  };
}

/** What was handed to a kind, and when; milliseconds since 1970. */
interface Sent {
  line: Line;
  /** As it was then. */
  endpoint: StoredEndpoint;
  items: readonly Item[];
  at: number;
}

function rowsOf(items: readonly Item[]): Claimed[] {
  return items.map(({ row }) => row);
}
