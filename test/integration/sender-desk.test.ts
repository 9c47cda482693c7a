/** The sender's desk in a thread of its own: gives what it gives in this thread, and says what is wrong so that the sender knows what to do. */
import type { Logger } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isDatabaseAway } from '../../src/db/away.ts';
import type { Outcome } from '../../src/delivery/kinds/kind.ts';
import { sendTest } from '../../src/delivery/log/send-test.ts';
import { type Claimed, toClaims } from '../../src/delivery/queue/claim.ts';
import type { Result } from '../../src/delivery/queue/results.ts';
import { type Desk, deskOf } from '../../src/delivery/sender/desk.ts';
import { settle } from '../../src/delivery/sender/settle.ts';
import { startDesk } from '../../src/worker/start-desk.ts';
import { superviseThread } from '../../src/worker/supervise-thread.ts';
import { EXAMPLE_EVENT } from '../helpers/example-event.ts';
import { type PassingOn, passingOn, queued } from '../helpers/passing-on.ts';
import { until } from '../helpers/until.ts';

/** Asks a desk whose thread dies at its start. */
const DYING = new URL('../helpers/dying-desk.ts', import.meta.url);
/** More than stand in one text. */
const LEARNERS = Array.from({ length: 40 }, (_, i) => `Žofie ${i} 学生`);

let place: PassingOn;
let remote: ReturnType<typeof startDesk>;
beforeEach(async () => {
  place = await passingOn();
  remote = startDesk({ databaseUrl: place.url });
});
afterEach(async () => {
  await remote.stop();
  await place.close();
});

async function claimAll(desk: Desk): Promise<Claimed[]> {
  const room = { each: 1_000, atFailing: 2, taken: new Map(), total: 1_000 };
  return toClaims(await desk.claim(7, room), 7).rows;
}

function resultOf(row: Claimed, outcome: Outcome = { kind: 'delivered' }): Result {
  const tried = {
    outcome,
    statusCode: 200,
    durationMs: 12.5,
    requestHeaders: { 'webhook-id': 'msg_1' },
    responseBody: 'děkuji 好',
  };
  return settle(row, tried, Date.now());
}

test('claims, reads events and writes results as the desk in this thread does', async () => {
  const { id } = await place.endpoint('http://127.0.0.1:9/');
  await place.complete(LEARNERS);
  await sendTest(place.db, 1, id, EXAMPLE_EVENT);
  const rows = await claimAll(remote);
  expect(rows).toHaveLength(LEARNERS.length + 1);
  // Backwards, so that neighbours stand in other texts, with one whose event is gone.
  const wanted = [...rows.toReversed(), { workspace: 1, deliveryId: rows[0]?.deliveryId ?? '', eventSeq: 10 ** 9 }];
  const events = await remote.events(wanted);
  const here = await deskOf(place.db).events(wanted);
  expect(events.at(-1)).toBeNull();
  expect(events.map((event) => event?.event)).toEqual(here.map((event) => event?.event));
  expect(events.map((event) => [event?.id, event?.type, event?.occurredAt])).toEqual(
    here.map((event) => [event?.id, event?.type, event?.occurredAt]),
  );
  expect(events.filter((event) => event?.event.data.test === true)).toHaveLength(1);

  expect(await remote.write(rows.map((row) => resultOf(row)))).toEqual({ released: false, hopeless: [] });
  expect(await queued(place.db)).toEqual([]);
  const [log] = await place.db.query<{ succeeded: number; bodies: string[] }>(
    `SELECT (SELECT count(*)::int FROM deliveries WHERE status = 'succeeded') AS succeeded,
       (SELECT array_agg(DISTINCT response_body) FROM delivery_exchanges) AS bodies`,
  );
  expect(log).toEqual({ succeeded: rows.length, bodies: ['děkuji 好'] });
});

test('names endpoints with nothing but failures for 5 days', async () => {
  const { id } = await place.endpoint('http://127.0.0.1:9/');
  await place.db.query(`UPDATE endpoints SET failing_since = now() - interval '6 days', consecutive_failures = 9`);
  await place.complete(['Ada']);
  const rows = await claimAll(remote);
  const failed: Outcome = { kind: 'failed', error: 'It failed.', retryAfterSeconds: null };
  expect(await remote.write(rows.map((row) => resultOf(row, failed)))).toEqual({
    released: false,
    hopeless: [{ workspace: 1, id }],
  });
});

test('tells a database that is away from a fault', async () => {
  await place.db.query('ALTER TABLE delivery_queue RENAME TO gone');
  const fault = await claimAll(remote).catch((error: unknown) => error);
  expect(fault).toMatchObject({ message: expect.stringContaining('delivery_queue') });
  expect(isDatabaseAway(fault)).toBe(false);

  const nowhere = startDesk({ databaseUrl: 'postgres://127.0.0.1:1/none' });
  const away = await claimAll(nowhere).catch((error: unknown) => error);
  expect(away).toBeInstanceOf(Error);
  expect(isDatabaseAway(away)).toBe(true);
  await nowhere.stop();
});

test('takes the sender with it when its thread dies, and both are started again', async () => {
  const died: object[] = [];
  const log = { error: (fields: object) => void died.push(fields) } as unknown as Logger;
  const heap = { maxOldGenerationSizeMb: 128 };
  const sender = superviseThread({ file: DYING, name: 'sender', workerData: null, heap, log });
  await until('it died, was started again and died again', () => died.length >= 2);
  await sender.stop();
  expect(died[0]).toMatchObject({ err: { message: expect.stringContaining('databaseUrl') } });
});
