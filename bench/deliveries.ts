/**
 * Deliveries: how many a second for how long, against the bare undici client with the same bodies and connections; a thousand
 * endpoints at once; webhook in → delivery out; and what claiming costs beside 10 thousand and 5 million finished ones.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { adapterFor } from '../src/adapters/registry.ts';
import { parsePublicId } from '../src/core/ids.ts';
import { type Database, openDatabase } from '../src/db/database.ts';
import { CALLS } from '../src/delivery/sender/line.ts';
import { seededRandom } from '../src/simulator/random.ts';
import { type ClaimCost, claimCost } from './deliveries/claim-cost.ts';
import { fillDeliveries, fillEvents } from './deliveries/fill.ts';
import { type Receiver, startReceiver } from './deliveries/receiver.ts';
import { percentiles } from './load/percentiles.ts';
import type { BenchOptions } from './options.ts';
import type { FigureResult } from './report.ts';
import { portOf, startChild, stopChild } from './sides/child.ts';
import { SECRET, type Side } from './sides/side.ts';
import type { World } from './sides/world.ts';

const SUSTAINED_SECONDS = 30;
const WARM_MS = 3_000;
/** More than can be sent in that time on any machine this was run on. */
const A_SECOND = 30_000;
const ENDPOINTS = 1_000;
const RATE = 200;
const FEW = 10_000;
const MANY = 5_000_000;
/** In one statement; more only fills memory. */
const PIECE = 250_000;
const CLAIMS = 50;
/** More than ten times what 200,000 events take. */
const LOOK_MS = 600_000;

interface Bench {
  side: Side & { adminKey: string };
  db: Database;
  receiver: Receiver;
}

export async function deliveries(world: World, options: BenchOptions): Promise<FigureResult> {
  const side = await world.startGradewire();
  const db = openDatabase({ url: (await world.database('gradewire')).url, max: 2, name: 'bench' });
  const launch = { ...world.launch('gradewire'), nodeFlags: [] };
  const receiver = await startReceiver(launch);
  const bench: Bench = { side, db, receiver };
  const seconds = options.short ? 2 : SUSTAINED_SECONDS;
  try {
    const { ours, bare } = await sustained(bench, seconds, async (part) => {
      const { bodies } = await receiver.ask('bodies');
      return await bareRate(receiver, bodies, part, launch.logFile);
    });
    console.log(`deliveries: ${Math.round(ours)} a second sustained, bare undici ${Math.round(bare)}`);
    const latency = await webhookToDelivery(bench, options.short ? 2 : 20);
    console.log(`deliveries: webhook in → delivery out p50 ${latency.p50} ms, p99 ${latency.p99} ms at ${RATE}/s`);
    const endpoints = options.short ? 50 : ENDPOINTS;
    const together = await inFlightTogether(bench, endpoints);
    console.log(`deliveries: ${endpoints} endpoints under way together after ${Math.round(together)} ms`);
    const finished = options.short ? 20_000 : MANY;
    const claims = await claimsBesideFinished(bench, finished);
    const [few, many] = claims;
    return {
      headings: ['', 'value'],
      rows: [
        ['deliveries a second', ours],
        ['bare undici a second', bare],
        ['webhook in → delivery out, p50 ms', latency.p50],
        ['the same, p99 ms', latency.p99],
        [`${endpoints} endpoints under way together after ms`, together],
        [`claiming 100 beside ${FEW.toLocaleString('en')} finished, ms`, few.claimMs],
        [`claiming 100 beside ${finished.toLocaleString('en')} finished, ms`, many.claimMs],
        ['the yardstick just then, ms', few.yardstickMs],
        ['the same beside the latter, ms', many.yardstickMs],
        [`writing 100 results beside ${FEW.toLocaleString('en')}, ms`, few.writeMs],
        [`writing 100 results beside ${finished.toLocaleString('en')}, ms`, many.writeMs],
      ],
      requirements: [
        { what: 'sustained deliveries, of bare undici', value: ours / bare, bound: 0.5, kind: 'least' },
        { what: 'webhook in → delivery out p50 ms', value: latency.p50, bound: 100, kind: 'under' },
        {
          what: 'claiming beside 5 million, of beside 10 thousand, by the yardstick',
          value: many.claimMs / many.yardstickMs / (few.claimMs / few.yardstickMs),
          bound: 1.3,
          kind: 'under',
        },
      ],
      runs: [{ ours, bare, latency, together, claims }],
    };
  } finally {
    await receiver.stop();
    await db.close();
    await side.stop();
    await world.settle('gradewire');
  }
}

/**
 * A backlog for one endpoint, sent for so long; the bare client for half of it before and half of it after, because the speed of a machine
 * that is shared changes from minute to minute. Deliveries a second of both.
 */
async function sustained(
  bench: Bench,
  seconds: number,
  bareFor: (seconds: number) => Promise<number>,
): Promise<{ ours: number; bare: number }> {
  const { db, receiver } = bench;
  const id = await addEndpoint(bench, { url: `${receiver.url}/sustained`, enabled: false });
  const count = (seconds + (2 * WARM_MS) / 1000) * A_SECOND;
  await fillEvents(db, 1, count);
  await fillDeliveries(db, uuidOf(id), { first: 1, count, finished: false });
  await untilLookedAt(db);
  await db.query('VACUUM (ANALYZE)');
  await db.query('CHECKPOINT');
  const taken = async () => (await receiver.ask('counts')).taken;
  const warmUp = async () => {
    const before = await taken();
    await call(bench, 'POST', `/api/v1/endpoints/${id}/enable`);
    while ((await taken()) === before) await sleep(20);
    await sleep(WARM_MS);
  };
  // Before the bare client, which sends the bodies that this has sent.
  await warmUp();
  await call(bench, 'POST', `/api/v1/endpoints/${id}/disable`);
  const first = await bareFor(seconds / 2);
  await warmUp();
  const before = await taken();
  const began = performance.now();
  await sleep(seconds * 1000);
  const after = await taken();
  const ours = ((after - before) / (performance.now() - began)) * 1000;
  const [left] = await db.query<{ n: number }>('SELECT count(*)::int AS n FROM delivery_queue');
  if (left?.n === 0) throw new Error('The backlog was sent before the time was over; A_SECOND is too low.');
  await call(bench, 'DELETE', `/api/v1/endpoints/${id}`);
  return { ours, bare: (first + (await bareFor(seconds / 2))) / 2 };
}

/**
 * Until the worker has looked at all events of the feed: what waits in a backlog was looked at when it came, and the bare client has
 * no worker beside it.
 */
async function untilLookedAt(db: Database): Promise<void> {
  const deadline = performance.now() + LOOK_MS;
  for (;;) {
    const [row] = await db.query<{ over: boolean }>(
      `SELECT (SELECT max(seq) FROM events WHERE workspace = 1) <= seq AS over FROM attention_position WHERE workspace = 1`,
    );
    if (row?.over === true) return;
    if (performance.now() > deadline)
      throw new Error(`Within ${LOOK_MS / 1000} s the worker did not look at all events.`);
    await sleep(200);
  }
}

async function bareRate(receiver: Receiver, bodies: string[], seconds: number, logFile: string): Promise<number> {
  const file = fileURLToPath(new URL('./servers/bare-client.ts', import.meta.url));
  const child = startChild({ args: [file], env: {}, nodeFlags: [], logFile });
  await portOf(child, logFile);
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once('message', ({ answered }: { answered: number }) => resolve(answered));
  child.send({ url: `${receiver.url}/bare`, bodies, connections: CALLS, seconds });
  const answered = await promise;
  await stopChild(child);
  return answered / seconds;
}

/** Completions at a steady rate, each timed from its sending to its coming at the receiver; one clock, one machine. */
async function webhookToDelivery(bench: Bench, seconds: number) {
  const { receiver, side } = bench;
  const id = await addEndpoint(bench, { url: `${receiver.url}/latency` });
  const sent = new Map<string, number>();
  const under: Promise<unknown>[] = [];
  const count = RATE * seconds;
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    const wait = began + (n * 1000) / RATE - performance.now();
    if (wait > 0) await sleep(wait);
    const webhook = completion(side, `lat-${n}`, n);
    sent.set(`lat-${n}`, Date.now());
    under.push(webhook());
  }
  await Promise.all(under);
  let arrivals = new Map<string, number>();
  for (let i = 0; i < 300 && arrivals.size < count; i++) {
    await sleep(100);
    arrivals = new Map((await receiver.ask('arrivals')).arrivals);
  }
  if (arrivals.size < count) throw new Error(`Of ${count} webhooks ${arrivals.size} were delivered within 30 s.`);
  await call(bench, 'DELETE', `/api/v1/endpoints/${id}`);
  const took = [...sent].map(([name, at]) => (arrivals.get(name) ?? at) - at);
  return percentiles(Float64Array.from(took), took.length);
}

/** A signed webhook, made before it is sent. */
function completion(side: Side, learner: string, n: number): () => Promise<unknown> {
  const adapter = adapterFor('quizapi');
  const at = Date.now() - 60_000;
  const body = adapter.example({
    event: 'quiz.completed',
    learner: { externalId: learner, name: learner, email: `${learner}@school.example` },
    activity: { externalId: `quiz-${n % 50}`, title: `Quiz ${n % 50}` },
    attemptId: learner,
    startedAt: at - 30_000,
    at,
    ability: 0.5,
    random: seededRandom('bench', String(n)),
    index: 0,
    total: 1,
  });
  const signed = adapter.sign(
    body,
    { secrets: [SECRET], publicKey: null, basicAuth: [] },
    { id: learner, at: Date.now(), event: 'quiz.completed' },
  );
  return async () => {
    const response = await fetch(`http://${side.target.host}:${side.target.port}${side.target.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed.headers },
      body: new Uint8Array(signed.body),
    });
    await response.arrayBuffer();
  };
}

/** One webhook for so many endpoints that do not answer: milliseconds until all of them are under way. */
async function inFlightTogether(bench: Bench, endpoints: number): Promise<number> {
  const { receiver } = bench;
  for (let i = 0; i < endpoints; i++) await addEndpoint(bench, { url: `${receiver.url}/hold/${i}` });
  const webhook = completion(bench.side, 'together', 1_000_000);
  const began = performance.now();
  await webhook();
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { held } = await receiver.ask('counts');
    if (held >= endpoints) break;
    if (performance.now() > deadline) throw new Error(`Of ${endpoints} endpoints ${held} were under way within 30 s.`);
    await sleep(10);
  }
  const took = performance.now() - began;
  await receiver.ask('release');
  await bench.db.query('UPDATE endpoints SET enabled = false');
  return took;
}

/** The server is stopped for this: two claimers would take from each other. */
async function claimsBesideFinished({ side, db }: Bench, many: number) {
  await side.stop();
  await db.query('TRUNCATE deliveries, delivery_exchanges, delivery_queue');
  const endpoint = '00000000-0000-4000-8000-000000000001';
  await db.query(`UPDATE endpoints SET enabled = false`);
  await db.query(
    `INSERT INTO endpoints (workspace, id, kind, sealed) VALUES (1, $1, 'webhook', '') ON CONFLICT DO NOTHING`,
    [endpoint],
  );
  const measured: (ClaimCost & { finished: number })[] = [];
  let finished = 0;
  for (const upTo of [FEW, many]) {
    while (finished < upTo) {
      const count = Math.min(PIECE, upTo - finished);
      await fillDeliveries(db, endpoint, { first: 10_000_000 + finished, count, finished: true });
      finished += count;
    }
    await db.query('VACUUM (ANALYZE) deliveries');
    const cost = await claimCost(db, endpoint, { first: 1 + measured.length * 20_000, rounds: CLAIMS });
    const [claim, write, yardstick] = [cost.claimMs, cost.writeMs, cost.yardstickMs].map((ms) => ms.toFixed(2));
    console.log(
      `deliveries: beside ${upTo} finished: claiming 100 ${claim}, writing 100 ${write}, yardstick ${yardstick} ms`,
    );
    measured.push({ finished: upTo, ...cost });
  }
  const [few, most] = measured;
  if (few === undefined || most === undefined) throw new Error('Nothing was measured.');
  return [few, most] as const;
}

async function addEndpoint(bench: Bench, settings: object): Promise<string> {
  const { id } = await call<{ id: string }>(bench, 'POST', '/api/v1/endpoints', { kind: 'webhook', ...settings });
  return id;
}

async function call<T>({ side }: Bench, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`http://${side.target.host}:${side.target.port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${side.adminKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function uuidOf(id: string): string {
  const uuid = parsePublicId('end', id);
  if (uuid === null) throw new Error(`${id} is no endpoint.`);
  return uuid;
}
