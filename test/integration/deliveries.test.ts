/** Events on their way to endpoints: planned with the progress, sent at once, tried again, and written down. */
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashUuid, publicId } from '../../src/core/ids.ts';
import { deleteEndpoint } from '../../src/delivery/endpoints/delete-endpoint.ts';
import { endpointCounts } from '../../src/delivery/endpoints/endpoint-counts.ts';
import { getEndpoint } from '../../src/delivery/endpoints/get-endpoint.ts';
import { patchEndpoint } from '../../src/delivery/endpoints/patch-endpoint.ts';
import { setEnabled } from '../../src/delivery/endpoints/set-enabled.ts';
import { backfill } from '../../src/delivery/log/backfill.ts';
import { dropOldDeliveries } from '../../src/delivery/log/drop-old-deliveries.ts';
import { endpointActivity } from '../../src/delivery/log/endpoint-activity.ts';
import { getDelivery } from '../../src/delivery/log/get-delivery.ts';
import { listDeliveries } from '../../src/delivery/log/list-deliveries.ts';
import { recoverFailed } from '../../src/delivery/log/recover-failed.ts';
import { retryDelivery } from '../../src/delivery/log/retry-delivery.ts';
import { sendTest } from '../../src/delivery/log/send-test.ts';
import { skipDelivery } from '../../src/delivery/log/skip-delivery.ts';
import { CALLS } from '../../src/delivery/sender/line.ts';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { replayReceipts } from '../../src/normalise/queue/replay-receipts.ts';
import { EXAMPLE_EVENT } from '../helpers/example-event.ts';
import { eventIn, type PassingOn, passingOn, queued } from '../helpers/passing-on.ts';
import { projectAll } from '../helpers/receipts.ts';
import { accept, type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { TEST_BOX } from '../helpers/test-box.ts';
import { until } from '../helpers/until.ts';

let place: PassingOn;
let receiver: RecordingServer;
/** What the receiver answers; 200 unless a test says otherwise. */
let status = 200;
beforeEach(async () => {
  status = 200;
  place = await passingOn();
  receiver = await recordingServer((_, response) => {
    if (status === 200) accept(response);
    else response.writeHead(status, status === 429 ? { 'retry-after': '600' } : {}).end('no');
  });
});
afterEach(async () => {
  await place.close();
  await receiver.close();
});

const page = { after: null, limit: 200 };
const settled = () => until('nothing is pending', async () => (await queued(place.db)).length === 0);
const log = { info() {}, warn() {}, error() {} };

/** Waits until every delivery of the queue was tried so often. */
const tried = (tries: number) =>
  until(`${tries} tries`, async () => {
    const rows = await queued(place.db);
    return rows.length > 0 && rows.every((row) => row.tries === tries);
  });

describe('a delivery', () => {
  it('goes out signed, once, and is written down', async () => {
    const endpoint = await place.endpoint(receiver.url);
    await place.complete(['maria']);
    place.send();
    await settled();
    expect(receiver.requests).toHaveLength(1);
    const [request] = receiver.requests;
    if (request === undefined) throw new Error('nothing came');
    new Webhook(endpoint.signingSecrets[0]?.secret ?? '').verify(
      request.body.toString(),
      request.headers as Record<string, string>,
    );
    expect(eventIn(request).learner?.identities[0]?.externalId).toBe('maria');
    const [listed] = await listDeliveries(place.db, 1, {}, page);
    expect(listed).toMatchObject({ status: 'succeeded', eventType: 'attempt.completed', test: false });
    const whole = await getDelivery(place.db, 1, listed?.id ?? '');
    expect(whole?.tries).toMatchObject([{ statusCode: 200, error: null }]);
    expect(whole?.attempts[0]?.responseBody).toContain('received');
    const counts = await endpointCounts(place.db, 1, [endpoint.id]);
    expect(counts.get(endpoint.id)).toEqual({ pending: 0, succeeded24h: 1, failed24h: 0 });
    const now = Date.now();
    const activity = await endpointActivity(place.db, 1, endpoint.id, {
      from: new Date(now - 3600_000),
      to: new Date(now + 300_000),
      bucketSeconds: 300,
    });
    expect(activity).toMatchObject([{ succeeded: 1, failed: 0, p50Ms: expect.any(Number) }]);
  });

  it('is tried again by the schedule under the same id, and given up after eight tries', async () => {
    status = 500;
    const endpoint = await place.endpoint(receiver.url);
    await place.complete(['maria']);
    place.send();
    for (let tries = 1; tries < 8; tries++) {
      await tried(tries);
      const [row] = await queued(place.db);
      if (tries === 1) {
        const pause = (row?.due_at.getTime() ?? 0) - Date.now();
        expect(pause).toBeLessThan(6_000);
        expect(pause).toBeGreaterThan(0);
      }
      await retryDelivery(place.db, 1, row?.delivery_id ?? '');
    }
    await settled();
    expect(new Set(receiver.requests.map((request) => request.headers['webhook-id'])).size).toBe(1);
    expect(receiver.requests).toHaveLength(8);
    const [failed] = await listDeliveries(place.db, 1, { status: 'failed' }, page);
    expect(failed).toMatchObject({ status: 'failed', detail: 'Given up after 8 tries.' });
    expect((await getEndpoint(place.db, TEST_BOX, 1, endpoint.id))?.failingSince).toBeInstanceOf(Date);

    status = 200;
    expect(await recoverFailed(place.db, 1, endpoint.id, { since: new Date(0) })).toBe(1);
    await settled();
    expect(await listDeliveries(place.db, 1, { status: 'failed' }, page)).toEqual([]);
    const [succeeded] = await listDeliveries(place.db, 1, { status: 'succeeded' }, page);
    expect(succeeded?.tries).toHaveLength(9);
    expect((await getEndpoint(place.db, TEST_BOX, 1, endpoint.id))?.failingSince).toBeNull();
  });

  it('waits as long as a 429 asks', async () => {
    status = 429;
    await place.endpoint(receiver.url);
    await place.complete(['maria']);
    place.send();
    await tried(1);
    const [row] = await queued(place.db);
    const pause = (row?.due_at.getTime() ?? 0) - Date.now();
    expect(pause).toBeGreaterThan(540_000);
    expect(pause).toBeLessThan(601_000);
  });

  it('can be skipped by hand', async () => {
    status = 500;
    await place.endpoint(receiver.url);
    await place.complete(['maria']);
    place.send();
    await tried(1);
    const [row] = await queued(place.db);
    expect(await skipDelivery(place.db, 1, row?.delivery_id ?? '')).toBe(true);
    expect(await skipDelivery(place.db, 1, row?.delivery_id ?? '')).toBe(false);
    expect((await getDelivery(place.db, 1, row?.delivery_id ?? ''))?.status).toBe('skipped');
    expect(await queued(place.db)).toEqual([]);
  });

  it('of a test goes the same way, whatever the endpoint asks for', async () => {
    const endpoint = await place.endpoint(receiver.url, { eventTypes: ['review.created'] });
    place.send();
    const id = await sendTest(place.db, 1, endpoint.id, EXAMPLE_EVENT);
    await settled();
    expect(receiver.requests.map((request) => eventIn(request).data)).toEqual([{ test: true }]);
    expect(await getDelivery(place.db, 1, id)).toMatchObject({ status: 'succeeded', test: true });
  });

  it('that a person asks for goes before all that waits: a test, and a retry by hand', async () => {
    const endpoint = await place.endpoint(receiver.url, { ratePerSecond: 1 });
    await place.complete(['maria', 'tom', 'ada']);
    const waiting = await listDeliveries(place.db, 1, {}, page);
    // The last of those that wait.
    const retried = waiting[0];
    await retryDelivery(place.db, 1, retried?.id ?? '');
    place.send();
    await until('the first is sent', () => receiver.requests.length > 0);
    expect(receiver.requests.slice(0, 1).map((request) => eventIn(request).id)).toEqual([
      publicId('evt', retried?.eventId ?? ''),
    ]);
    const id = await sendTest(place.db, 1, endpoint.id, EXAMPLE_EVENT);
    expect((await getDelivery(place.db, 1, id))?.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await until('the second is sent', () => receiver.requests.length > 1);
    expect(receiver.requests.slice(1, 2).map((request) => eventIn(request).data)).toEqual([{ test: true }]);
  });

  it('interrupted by the end of a sender is tried again, uncounted', async () => {
    const hanging = await recordingServer(() => {});
    await place.endpoint(hanging.url);
    await place.complete(['maria']);
    const stop = place.send();
    await until('it is under way', () => hanging.requests.length > 0);
    await stop();
    const [row] = await queued(place.db);
    expect(row?.tries).toBe(0);
    place.send();
    await until('it is sent again', () => hanging.requests.length > 1);
    expect(hanging.requests[1]?.headers['webhook-id']).toBe(hanging.requests[0]?.headers['webhook-id']);
    await hanging.close();
  });
});

describe('planning', () => {
  it('keeps to types and filters', async () => {
    const fits = await place.endpoint(receiver.url, { filter: { provider: 'quizapi', verification: 'signature' } });
    await place.endpoint(receiver.url, { eventTypes: ['certificate.issued'] });
    await place.endpoint(receiver.url, { filter: { provider: 'synap' } });
    await place.endpoint(receiver.url, { filter: { verification: 'token' } });
    await place.endpoint(receiver.url, { filter: { outcome: 'failed' } });
    await place.endpoint(receiver.url, { filter: { activity: hashUuid('another') } });
    await place.endpoint(receiver.url, { filter: { cohort: hashUuid('nobody') } });
    await place.endpoint(receiver.url, { enabled: false });
    await place.complete(['maria', 'jonas']);
    const planned = await listDeliveries(place.db, 1, {}, page);
    expect(planned.map((delivery) => delivery.endpointId)).toEqual([fits.id, fits.id]);
  });

  it('goes by who is in the cohort when the event is recorded', async () => {
    const cohort = hashUuid('a class');
    await place.db.query(`INSERT INTO cohorts (workspace, id, name) VALUES (1, $1, 'A class')`, [cohort]);
    await place.endpoint(receiver.url, { filter: { cohort } });
    await place.complete(['maria', 'jonas']);
    expect(await listDeliveries(place.db, 1, {}, page)).toEqual([]);
    await place.db.query(
      `INSERT INTO cohort_members (workspace, cohort_id, learner_id, origin)
       SELECT 1, $1, learner_id, 'hand' FROM identities WHERE external_id = 'maria'`,
      [cohort],
    );
    await place.complete(['maria', 'jonas']);
    expect(await listDeliveries(place.db, 1, {}, page)).toHaveLength(1);
  });

  it('stands or falls with the transaction that writes the progress', async () => {
    await place.endpoint(receiver.url);
    // Nothing of a batch is there when the last of its statements fails.
    await place.db.query(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'`,
    );
    await place.db.query('CREATE TRIGGER fail BEFORE INSERT ON delivery_queue EXECUTE FUNCTION fail()');
    await place.complete(['maria']);
    const [count] = await place.db.query(
      'SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM attempts) AS attempts',
    );
    expect(count).toEqual({ events: 0, attempts: 0 });
  });

  it('plans nothing for replays and rebuilds unless told to', async () => {
    await place.complete(['maria']);
    await place.endpoint(receiver.url);
    await replayReceipts(place.db, { workspace: 1 });
    await projectAll(place.db);
    await rebuildAll(place.db, 1);
    await projectAll(place.db);
    expect(await listDeliveries(place.db, 1, {}, page)).toEqual([]);

    await replayReceipts(place.db, { workspace: 1 }, { deliver: true });
    await projectAll(place.db);
    place.send();
    await settled();
    expect(receiver.requests).toHaveLength(1);

    // Again: the same delivery, under the same id.
    await replayReceipts(place.db, { workspace: 1 }, { deliver: true });
    await projectAll(place.db);
    await settled();
    expect(receiver.requests).toHaveLength(2);
    expect(receiver.requests[1]?.headers['webhook-id']).toBe(receiver.requests[0]?.headers['webhook-id']);
    expect(await listDeliveries(place.db, 1, {}, page)).toHaveLength(1);
  });

  it('backfills what an endpoint never got, once', async () => {
    await place.complete(['maria', 'jonas']);
    const endpoint = await place.endpoint(receiver.url);
    await place.complete(['anna']);
    const range = { from: new Date(0), to: new Date(Date.now() + 60_000) };
    expect(await backfill(place.db, 1, endpoint.id, range)).toBe(2);
    expect(await backfill(place.db, 1, endpoint.id, range)).toBe(0);
    place.send();
    await settled();
    expect(receiver.requests).toHaveLength(3);
  });
});

describe('endpoints', () => {
  it('a slow one delays no other', async () => {
    const slow = await recordingServer(() => {});
    await place.endpoint(slow.url);
    await place.endpoint(receiver.url);
    await place.complete(Array.from({ length: 100 }, (_, i) => `learner-${i}`));
    place.send();
    await until('the quick one has all', () => receiver.requests.length === 100);
    expect(slow.requests.length).toBeLessThanOrEqual(32);
    await slow.close();
  });

  it('one with nothing but failures gets the next try as soon as the last are over, not at the next poll', async () => {
    status = 500;
    const learners = Array.from({ length: 200 }, (_, i) => `learner-${i}`);
    await place.endpoint(receiver.url);
    await place.complete(learners);
    place.send();
    // Two at a time and a poll between them would take 50 s.
    await until('each was tried', () => receiver.requests.length >= learners.length);
  });

  it('a thousand with one event each are under way together', async () => {
    const waiting: (() => void)[] = [];
    const holding = await recordingServer((_, response) => void waiting.push(() => accept(response)));
    for (let i = 0; i < 1_000; i++) await place.endpoint(`${holding.url}/${i}`);
    await place.complete(['maria']);
    place.send();
    await until('all are there', () => waiting.length === 1_000);
    for (const answer of waiting) answer();
    await settled();
    await holding.close();
  });

  it('that want less of a person get it of what waits in line already', async () => {
    const learners = Array.from({ length: 300 }, (_, i) => `learner-${i}`);
    const quickly = 200;
    const waiting: (() => void)[] = [];
    const holding = await recordingServer((_, response) => {
      if (holding.requests.length <= quickly) accept(response);
      else waiting.push(() => accept(response));
    });
    const { id } = await place.endpoint(holding.url, { personalData: 'full' });
    await place.complete(learners);
    place.send();
    const claimed = async () => {
      const [row] = await place.db.query<{ n: number }>('SELECT count(claim)::int AS n FROM delivery_queue');
      return row?.n;
    };
    await until('the rest is claimed', async () => (await claimed()) === learners.length - quickly);
    await until('as many are under way as may be', () => waiting.length === CALLS);
    await patchEndpoint(place.db, TEST_BOX, 1, id, { personalData: 'none' });
    await place.complete(['one more']);
    await until('the change is seen', async () => (await claimed()) === learners.length - quickly + 1);
    await until('all are there', () => {
      for (const answer of waiting.splice(0)) answer();
      return holding.requests.length === learners.length + 1;
    });
    await settled();
    const told = holding.requests.slice(quickly + CALLS).map((request) => eventIn(request).learner);
    expect(told.filter((learner) => learner !== null)).toEqual([]);
    await holding.close();
  });

  it('keeps to a rate', async () => {
    await place.endpoint(receiver.url, { ratePerSecond: 20 });
    await place.complete(Array.from({ length: 30 }, (_, i) => `learner-${i}`));
    place.send();
    await settled();
    const [first] = receiver.requests;
    const last = receiver.requests.at(-1);
    // 30 at 20 a second, of which two may go at once.
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_200);
  });

  it('an ordered one keeps the order of a learner and activity, and stops at a failure', async () => {
    const order: string[] = [];
    let refuse = true;
    const ordered = await recordingServer((request, response) => {
      const event = eventIn(request);
      if (refuse && event.learner?.identities[0]?.externalId === 'maria') {
        response.writeHead(500).end();
        return;
      }
      order.push(`${event.learner?.identities[0]?.externalId} ${event.occurredAt}`);
      accept(response);
    });
    await place.endpoint(ordered.url, { ordered: true });
    for (let i = 0; i < 5; i++) await place.complete(['maria', 'jonas']);
    place.send();
    await until('the other learner goes on', () => order.length === 5);
    // Only the first of hers was tried.
    expect(ordered.requests.filter((r) => eventIn(r).learner?.identities[0]?.externalId === 'maria')).toHaveLength(1);
    refuse = false;
    const [first] = await queued(place.db);
    await retryDelivery(place.db, 1, first?.delivery_id ?? '');
    await settled();
    const hers = order.filter((line) => line.startsWith('maria'));
    expect(hers).toHaveLength(5);
    expect(hers).toEqual([...hers].sort());
    await ordered.close();
  });

  it('is disabled by 410, told to the others and the admins, and goes on when enabled again', async () => {
    const mails: string[] = [];
    await place.db.query(
      `INSERT INTO auth_users (id, name, email, email_verified) VALUES ($1, 'Ada', 'ada@school.example', true)`,
      [hashUuid('ada')],
    );
    await place.db.query(`INSERT INTO members (workspace, user_id, role) VALUES (1, $1, 'admin')`, [hashUuid('ada')]);
    status = 410;
    const endpoint = await place.endpoint(receiver.url, { eventTypes: ['attempt.completed'] });
    const other = await recordingServer((_, response) => accept(response));
    await place.endpoint(other.url, { eventTypes: ['endpoint.disabled'] });
    await place.complete(['maria']);
    place.send({
      mailer: { send: async ({ to, subject }) => void mails.push(`${to}: ${subject}`), close() {} },
    });
    await until('the other one is told', () => other.requests.length === 1);
    await until('the admins are told', () => mails.length === 1);
    expect(mails[0]).toMatch(/^ada@school.example: Endpoint disabled/);
    const disabled = await getEndpoint(place.db, TEST_BOX, 1, endpoint.id);
    expect(disabled).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('410') });

    await settled();
    status = 200;
    await setEnabled(place.db, TEST_BOX, 1, endpoint.id, true);
    await recoverFailed(place.db, 1, endpoint.id, { since: new Date(0) });
    await until('it goes on', () => receiver.requests.length === 2);
    await other.close();
  });

  it('is disabled after five days of nothing but failures', async () => {
    status = 500;
    const endpoint = await place.endpoint(receiver.url);
    await place.db.query(`UPDATE endpoints SET failing_since = now() - interval '6 days', consecutive_failures = 3`);
    await place.complete(['maria']);
    place.send();
    await until(
      'it is disabled',
      async () => (await getEndpoint(place.db, TEST_BOX, 1, endpoint.id))?.enabled === false,
    );
  });

  it('takes what waits with it when it is deleted', async () => {
    const endpoint = await place.endpoint(receiver.url);
    await place.complete(['maria']);
    expect(await deleteEndpoint(place.db, 1, endpoint.id)).toBe(true);
    expect(await deleteEndpoint(place.db, 1, endpoint.id)).toBe(false);
    expect(await queued(place.db)).toEqual([]);
    expect(await listDeliveries(place.db, 1, { status: 'skipped' }, page)).toHaveLength(1);
    expect(await getEndpoint(place.db, TEST_BOX, 1, endpoint.id)).toBeNull();
  });
});

describe('retention', () => {
  it('drops weeks that no workspace keeps any more', async () => {
    await place.db.query(
      `CREATE TABLE deliveries_old PARTITION OF deliveries FOR VALUES FROM ('2020-01-06') TO ('2020-01-13')`,
    );
    await place.db.query(
      `CREATE TABLE delivery_exchanges_old PARTITION OF delivery_exchanges FOR VALUES FROM ('2020-01-06') TO ('2020-01-13')`,
    );
    await place.db.query(`UPDATE workspaces SET settings = '{"retention": {"deliveriesDays": null}}'`);
    await dropOldDeliveries(place.db, log);
    const left = () =>
      place.db.query(`SELECT relname FROM pg_class WHERE relname IN ('deliveries_old', 'delivery_exchanges_old')`);
    expect(await left()).toEqual([{ relname: 'deliveries_old' }]);
    await place.db.query(`UPDATE workspaces SET settings = '{}'`);
    await dropOldDeliveries(place.db, log);
    expect(await left()).toEqual([]);
  });
});
