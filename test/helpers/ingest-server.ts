/** The receive path on a real HTTP server and a real database, and platforms that sign as they do. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { SignedWebhook } from '../../src/adapters/adapter.ts';
import { adapterFor } from '../../src/adapters/registry.ts';
import { secretBox } from '../../src/core/encryption.ts';
import { hmac } from '../../src/core/signatures.ts';
import type { Database } from '../../src/db/database.ts';
import { createIngest, type Ingest } from '../../src/ingest/ingest.ts';
import { type TestMarks, testMarks } from '../../src/ingest/test-marks.ts';
import { ingestUrl } from '../../src/sources/ingest-url.ts';
import type { Source } from '../../src/sources/source.ts';

const ENCRYPTION_KEY = 'an encryption key that only the tests know';
export const box = secretBox(ENCRYPTION_KEY);

export interface IngestServer {
  origin: string;
  port: number;
  ingest: Ingest;
  marks: TestMarks;
  registry: Registry;
  /** What was logged as a warning or an error. */
  logged: string[];
  /** How often onStored was called with how many. */
  stored: number[];
  /** How many requests node:http read. */
  throughNode(): number;
  /** How many of them are still open. */
  openRequests(): number;
  close(): Promise<void>;
}

export interface IngestServerOptions extends http.ServerOptions {
  /** false: node:http reads everything. */
  front?: boolean;
}

export async function startIngest(databaseUrl: string, options: IngestServerOptions = {}): Promise<IngestServer> {
  const { front = true, ...http1 } = options;
  const registry = new Registry();
  const logged: string[] = [];
  const stored: number[] = [];
  const marks = testMarks(ENCRYPTION_KEY);
  const log = (fields: object, message: string): void => {
    const err = 'err' in fields && fields.err instanceof Error ? ` ${fields.err.message}` : '';
    logged.push(`${message}${err} ${JSON.stringify(fields)}`);
  };
  const ingest = createIngest({
    databaseUrl,
    box,
    testMarks: marks,
    registry,
    log: { debug() {}, warn: log, error: log },
    onStored: (count) => stored.push(count),
  });
  let throughNode = 0;
  let openRequests = 0;
  const server = http.createServer({ keepAliveTimeout: 65_000, ...http1 }, (req, res) => {
    throughNode += 1;
    openRequests += 1;
    res.once('close', () => {
      openRequests -= 1;
    });
    ingest.handle(req, res);
  });
  if (front) ingest.standBefore(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    ingest,
    marks,
    registry,
    logged,
    stored,
    throughNode: () => throughNode,
    openRequests: () => openRequests,
    async close() {
      await ingest.drain();
      server.closeAllConnections();
      ingest.cut();
      server.close();
      await ingest.close();
    },
  };
}

/** A realistic webhook of the source's platform; different numbers make different bodies. */
export function webhook(source: Source, number = 1, event?: string): SignedWebhook {
  const adapter = adapterFor(source.provider);
  const name = event ?? adapter.events.at(-1) ?? '';
  const at = Date.now();
  const body = adapter.example({
    event: name,
    learner: { externalId: `user_${number}`, name: 'Ada', email: 'ada@example.org' },
    activity: { externalId: 'activity_1', title: 'Fractions' },
    attemptId: `${1000 + number}`,
    startedAt: at - 60_000,
    at,
    ability: 0.7,
    random: () => 0.5,
    index: 0,
    total: 4,
  });
  return adapter.sign(body, source.secrets, { id: `msg_${number}`, at, event: name });
}

/** Any bytes, signed as the platform signs; only for platforms whose signature is over the whole body. */
export function quizapiHeaders(source: Source, body: Uint8Array): Record<string, string> {
  const verdict = adapterFor('quizapi').sign({}, source.secrets, { id: 'x', at: 0, event: 'x' });
  return { ...verdict.headers, 'x-quizapi-signature': quizapiSignature(source, body) };
}

function quizapiSignature(source: Source, body: Uint8Array): string {
  const secret = source.secrets.secrets[0] ?? '';
  return `sha256=${hmac('sha256', secret, body).toString('hex')}`;
}

export async function post(server: IngestServer, source: Source, sent: SignedWebhook): Promise<Response> {
  return fetch(`${ingestUrl(server.origin, source)}${sent.query}`, {
    method: 'POST',
    headers: sent.headers,
    body: new Uint8Array(sent.body),
  });
}

export interface StoredReceipt {
  seq: number;
  key: Buffer;
  source_id: string;
  verification: string;
  event_name: string | null;
  test: boolean;
  headers: string;
  body: Buffer;
  received_at: Date;
  duplicates: number;
  queued: boolean;
}

/** All receipts, in the order of their numbers. */
export function receipts(db: Database): Promise<StoredReceipt[]> {
  return db.query<StoredReceipt>(
    `SELECT r.*, k.duplicates, q.seq IS NOT NULL AS queued
     FROM receipts r JOIN receipt_keys k USING (workspace, key)
     LEFT JOIN receipt_queue q ON q.workspace = r.workspace AND q.seq = r.seq
     ORDER BY r.seq`,
  );
}

/** Waits until a condition holds; fails after ten seconds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`This did not come about within ten seconds: ${what}.`);
    await sleep(10);
  }
}

/** Bytes of bodies the receive path holds. */
export async function bytesInFlight(of: IngestServer): Promise<number> {
  const text = await of.registry.getSingleMetricAsString('gradewire_ingest_bytes_in_flight');
  return Number(/ (\d+)$/m.exec(text)?.[1]);
}
