/** A long backlog of one quick endpoint: claims follow each other for as long as it is sent. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicId } from '../../src/core/ids.ts';
import { retryDelivery } from '../../src/delivery/log/retry-delivery.ts';
import { sendTest } from '../../src/delivery/log/send-test.ts';
import { newDeliveryId } from '../../src/delivery/plan/fits.ts';
import { EXAMPLE_EVENT } from '../helpers/example-event.ts';
import { eventIn, type PassingOn, passingOn, queued } from '../helpers/passing-on.ts';
import { accept, type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { until } from '../helpers/until.ts';

const LEARNERS = Array.from({ length: 20 }, (_, i) => `learner-${i}`);
/** Of each event. */
const COPIES = 150;
const ALL = LEARNERS.length * COPIES;

let place: PassingOn;
let receiver: RecordingServer;
beforeEach(async () => {
  place = await passingOn();
  // So slow that all of it takes seconds, in which things can be asked for.
  receiver = await recordingServer((_, response) => void setTimeout(() => accept(response), 20));
});
afterEach(async () => {
  await place.close();
  await receiver.close();
});

/** Waits to be sent: each event of the learners, many times. */
async function fill(): Promise<void> {
  await place.endpoint(receiver.url);
  await place.complete(LEARNERS);
  await place.db.query(
    `WITH made AS (
       INSERT INTO deliveries (workspace, id, created_at, endpoint_id, event_id, event_seq, event_type, learner_id, attempt_id)
       SELECT workspace, ${newDeliveryId('endpoint_id', 'gen_random_uuid()', 'created_at')}, created_at, endpoint_id, event_id,
         event_seq, event_type, learner_id, attempt_id
       FROM deliveries, generate_series(2, $1::int)
       RETURNING workspace, id, created_at, endpoint_id, event_seq
     )
     INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, event_seq, due_at)
     SELECT workspace, id, created_at, endpoint_id, event_seq, now() FROM made`,
    [COPIES],
  );
}

test('is sent whole, each delivery once', async () => {
  await fill();
  place.send();
  await until('all is sent', async () => (await queued(place.db)).length === 0, 60_000);
  const times = new Map<string, number>();
  for (const request of receiver.requests) {
    const { id } = eventIn(request);
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  expect([...times.values()]).toEqual(LEARNERS.map(() => COPIES));
});

test('lets a test and a retry by hand go before what waits, though claims go on where the last one ended', async () => {
  await fill();
  const [endpoint] = await place.db.query<{ id: string }>('SELECT id FROM endpoints');
  // Due long after the others, until somebody asks for it.
  const [later] = await place.db.query<{ id: string; event: string }>(
    `UPDATE delivery_queue q SET due_at = now() + interval '1 hour' FROM deliveries d
     WHERE d.id = q.delivery_id AND q.event_seq = (SELECT max(event_seq) FROM delivery_queue)
     RETURNING d.id, d.event_id AS event`,
  );
  if (endpoint === undefined || later === undefined) throw new Error('Nothing waits.');
  const rare = publicId('evt', later.event);
  const rest = ALL - COPIES;
  place.send();
  await until('claims follow each other', () => receiver.requests.length > ALL / 6);
  await retryDelivery(place.db, 1, later.id);
  await sendTest(place.db, 1, endpoint.id, EXAMPLE_EVENT);
  await until('all that is due is sent', () => receiver.requests.length === rest + 2, 60_000);
  const events = receiver.requests.map(eventIn);
  const asked = [events.findIndex(({ id }) => id === rare), events.findIndex(({ data }) => 'test' in data)];
  for (const position of asked) {
    expect(position).toBeGreaterThan(0);
    // What was claimed already goes first; the rest waits.
    expect(position).toBeLessThan(rest - 600);
  }
});
