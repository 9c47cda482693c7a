/**
 * Accounting under faults: events for five endpoints of which one is slow, one flaps, one answers 500 and then 410, one closes
 * connections in the middle of a body; the sender is killed with -9 five times. GRADEWIRE_FAULT_EVENTS sets how many events
 * (`npm run test:faults` takes 10,000); what has to hold is the same for any number.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getEndpoint } from '../../src/delivery/endpoints/get-endpoint.ts';
import { eventIn, type PassingOn, passingOn } from '../helpers/passing-on.ts';
import { type Recorded, type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { TEST_BOX } from '../helpers/test-box.ts';
import { until } from '../helpers/until.ts';

const EVENTS = Number(process.env.GRADEWIRE_FAULT_EVENTS ?? 400);
const KILLS = 5;
/** Retries of the schedule come after 5 s and 5 min; this test cannot wait so long and moves what is due to now. */
const HURRY_MS = 300;
const SENDER = fileURLToPath(new URL('../helpers/sender-process.ts', import.meta.url));

let place: PassingOn;
const receivers: RecordingServer[] = [];
beforeAll(async () => {
  place = await passingOn();
});
afterAll(async () => {
  await place.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

async function receiver(answer: Parameters<typeof recordingServer>[0]): Promise<RecordingServer> {
  const server = await recordingServer(answer);
  receivers.push(server);
  return server;
}

/** A sender in a process of its own that ends by being killed. */
async function senderProcess(): Promise<{ kill(): Promise<void> }> {
  const child = spawn(process.execPath, [SENDER, place.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const idsOf = (requests: readonly Recorded[]) => new Set(requests.map((request) => eventIn(request).id));

it('delivers every event to each living endpoint at least once, whatever breaks', async () => {
  // Taken: answered with 200 to the end.
  const taken = new Set<Recorded>();
  const ok = (request: Recorded, response: Parameters<Parameters<typeof recordingServer>[0]>[1]) => {
    taken.add(request);
    response.writeHead(200).end('ok');
  };
  const slow = await receiver((request, response) => void setTimeout(() => ok(request, response), 100));
  // Never so often the same that its eight tries are used up: that would be a dead one.
  const refused = new Map<string, number>();
  const flapping = await receiver((request, response, n) => {
    const id = String(request.headers['webhook-id']);
    const before = refused.get(id) ?? 0;
    if (Math.floor(n / 7) % 2 === 0 || before === 3) return ok(request, response);
    refused.set(id, before + 1);
    response.writeHead(503).end('not now');
  });
  const dying = await receiver((_, response, n) => void response.writeHead(n < 5 ? 500 : 410).end('no'));
  // Those that came to the middle of the answer before; only these closed, so that the endpoint lives.
  const closed = new Set<string>();
  const closing = await receiver((request, response) => {
    const id = String(request.headers['webhook-id']);
    if (closed.has(id) || closed.size > EVENTS / 4) return ok(request, response);
    closed.add(id);
    response.writeHead(500, { 'content-length': '100' });
    response.write('half of');
    setTimeout(() => response.destroy(), 5);
  });
  const healthy = await receiver(ok);
  const all = { slow, flapping, dying, closing, healthy };
  const endpoints = new Map<string, string>();
  for (const [name, { url }] of Object.entries(all)) {
    // The healthy one does not ask for the disabling of another.
    const { id } = await place.endpoint(url, name === 'healthy' ? { eventTypes: ['attempt.completed'] } : {});
    endpoints.set(name, id);
  }
  const other = await receiver(ok);
  await place.endpoint(other.url, { eventTypes: ['certificate.issued'] });

  let kills = 0;
  let sender = await senderProcess();
  const hurrying = new AbortController();
  const hurry = (async () => {
    while (!hurrying.signal.aborted) {
      await place.db.query(`UPDATE delivery_queue SET due_at = now() WHERE due_at > now() AND lease_until IS NULL`);
      // The lease of a killed sender ends after 90 s; here after this sender is surely gone.
      await sleep(HURRY_MS);
    }
  })();

  const part = Math.ceil(EVENTS / 10);
  for (let done = 0; done < EVENTS; done += part) {
    const learners = Array.from({ length: Math.min(part, EVENTS - done) }, (_, i) => `learner-${done + i}`);
    await place.complete(learners);
    if (kills < KILLS) {
      // In the middle of something: when the fast endpoint has got more.
      const before = healthy.requests.length;
      await until('something is sent', () => healthy.requests.length > before);
      await sender.kill();
      kills += 1;
      await place.db.query(`UPDATE delivery_queue SET lease_until = now() WHERE lease_until IS NOT NULL`);
      sender = await senderProcess();
    }
  }
  const pending = () =>
    place.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM delivery_queue q JOIN endpoints e ON e.workspace = q.workspace AND e.id = q.endpoint_id
         WHERE e.enabled`,
    );
  await until('nothing is pending', async () => (await pending())[0]?.n === 0, 600_000);
  hurrying.abort();
  await hurry;
  await sender.kill();

  expect(kills).toBe(KILLS);
  const feed = await place.db.query<{ id: string }>(
    `SELECT 'evt_' || replace(id::text, '-', '') AS id FROM events WHERE type = 'attempt.completed'`,
  );
  expect(feed).toHaveLength(EVENTS);
  const events = new Set(feed.map((row) => row.id));
  for (const [name, { requests }] of Object.entries(all)) {
    const got = idsOf(
      requests.filter((request) => taken.has(request) && eventIn(request).type === 'attempt.completed'),
    );
    if (name !== 'dying') expect(got, `${name} got every event`).toEqual(events);
    // Repeats bear the same webhook-id, and no two events share one.
    const ids = new Map<string, string>();
    for (const request of requests) {
      const event = eventIn(request).id;
      const id = String(request.headers['webhook-id']);
      expect(ids.get(event) ?? id, `${name}: the webhook-id of ${event}`).toBe(id);
      ids.set(event, id);
    }
    expect(new Set(ids.values()).size).toBe(ids.size);
  }
  // Nobody got what was not asked for.
  expect(new Set(healthy.requests.map((request) => eventIn(request).type))).toEqual(new Set(['attempt.completed']));
  expect(other.requests).toHaveLength(0);
  // 410 disabled the dying one, and the others were told.
  const gone = await getEndpoint(place.db, TEST_BOX, 1, endpoints.get('dying') ?? '');
  expect(gone?.enabled).toBe(false);
  expect(gone?.disabledReason).toContain('410');
  expect(slow.requests.some((request) => eventIn(request).type === 'endpoint.disabled')).toBe(true);
  // Nothing is stuck, and the log says the same as the receivers.
  const open = await place.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM deliveries d JOIN endpoints e ON e.workspace = d.workspace AND e.id = d.endpoint_id
       WHERE e.enabled AND d.status <> 'succeeded'`,
  );
  expect(open[0]?.n).toBe(0);
}, 900_000);
