/**
 * The receive path: everything under /webhooks/, without a framework, because its share of a request is more than ours
 * (docs/decisions/0030-group-commit.md).
 *
 * How slow a sender may be is the server's business: set `requestTimeout` (30 s will do) and `headersTimeout` on the http.Server.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Registry } from 'prom-client';
import type { SecretBox } from '../core/encryption.ts';
import { receiptId } from '../core/ids.ts';
import { isDatabaseAway } from '../db/away.ts';
import { openDatabase } from '../db/database.ts';
import { GroupCommit } from './group-commit.ts';
import { BodyRoom } from './http/body-room.ts';
import { Front } from './http/front.ts';
import { NodeCall } from './http/node-call.ts';
import { IngestMetrics } from './metrics.ts';
import { Receiver } from './receiver.ts';
import { Rejections } from './rejections.ts';
import { SourceCache } from './source-cache.ts';
import type { TestMarks } from './test-marks.ts';
import { WorkerWaker } from './wake-workers.ts';

/** What this part needs of a logger; pino's fits. */
export interface IngestLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface IngestDeps {
  /** The receive path has connections of its own, so that reports cannot starve it. */
  databaseUrl: string;
  box: SecretBox;
  testMarks: TestMarks;
  registry: Registry;
  log: IngestLog;
  /** Called after each commit that stored new receipts, for a worker in this process; others hear by NOTIFY. */
  onStored?: (count: number) => void;
}

export interface Ingest {
  /** Answers one request whose URL begins with INGEST_PREFIX. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** From now on plain webhooks on new connections of this server are read without node:http (http/front.ts). */
  standBefore(server: Server): void;
  /** Requests that were taken and are not answered yet. */
  inFlight(): number;
  /** From now on requests get 503; resolves when those that were taken are answered and rejections are written. */
  drain(): Promise<void>;
  /** Cuts the connections of standBefore() that are still open. */
  cut(): void;
  /** Closes the connections; what is still under way gets 503. Call after drain(). */
  close(): Promise<void>;
}

/** For lookups of sources, rejections and notifications; receipts have connections of their own. */
const SIDE_CONNECTIONS = 2;
/** Frees a side connection whose server went silent. */
const SIDE_TIMEOUT_MS = 5000;
/** A lost database would else write a line per try to connect, and a broken source one per request. */
const LOG_EVERY_MS = 5000;

/** Starts connecting at once; requests that come before are held until there is a connection, 1.5 s at most. */
export function createIngest(deps: IngestDeps): Ingest {
  const { databaseUrl: url, log } = deps;
  const side = openDatabase({ url, max: SIDE_CONNECTIONS, name: 'ingest', queryTimeoutMs: SIDE_TIMEOUT_MS });
  const room = new BodyRoom();
  const metrics = new IngestMetrics(deps.registry, {
    requestsInFlight: () => receiver.inFlight,
    bytesInFlight: () => room.held,
  });
  const waker = new WorkerWaker(side);
  const rejections = new Rejections(side, (count) => metrics.rejectionDropped(count));

  let loggedAt = -Infinity;
  const unavailable = (err: unknown): void => {
    const now = performance.now();
    if (now - loggedAt < LOG_EVERY_MS) return;
    loggedAt = now;
    // A source whose secrets cannot be opened comes this way too: the error says so.
    if (isDatabaseAway(err)) log.warn({ err }, 'the database cannot be reached; webhooks get 503 until it can');
    else log.error({ err }, 'webhooks get 503');
  };
  const commits = new GroupCommit(url, {
    committed(batch) {
      metrics.committed(batch.rows, batch.seconds);
      log.debug(batch, 'receipts committed');
      if (batch.fresh === 0) return;
      waker.wake();
      deps.onStored?.(batch.fresh);
    },
    failed(err, rows) {
      metrics.commitFailed();
      log.warn({ err, rows }, 'receipts were not confirmed; their senders got 503 and will send them again');
    },
    refused(err, receipt) {
      log.error({ err, receipt: receiptId(receipt.key) }, 'the database refuses this receipt; its sender got 503');
    },
    lost: unavailable,
  });
  const receiver = new Receiver({
    sources: new SourceCache(side, deps.box),
    commits,
    rejections,
    room,
    metrics,
    marks: deps.testMarks,
    lookupFailed: unavailable,
    adapterThrew: (err, provider) =>
      log.error({ err, provider }, 'an adapter threw while it verified; the sender got 503'),
  });

  const front = new Front(room, (call) => receiver.handle(call));

  return {
    handle: (req, res) => receiver.handle(new NodeCall(req, res, room)),
    standBefore: (server) => front.standBefore(server),
    inFlight: () => receiver.inFlight,
    async drain() {
      await receiver.drain();
      front.closeIdle();
      await rejections.flush();
    },
    cut: () => front.destroy(),
    async close() {
      front.destroy();
      await commits.close();
      await side.close();
    },
  };
}
