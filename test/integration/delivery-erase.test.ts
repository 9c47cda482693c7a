/** Erasing a learner reaches what was sent, what was not, and whoever got it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { publicId } from '../../src/core/ids.ts';
import { getDelivery } from '../../src/delivery/log/get-delivery.ts';
import { listDeliveries } from '../../src/delivery/log/list-deliveries.ts';
import { eraseLearner, shownErasure } from '../../src/people/erase-learner.ts';
import { eventIn, type PassingOn, passingOn, queued } from '../helpers/passing-on.ts';
import { TEST_STONES } from '../helpers/receipts.ts';
import { type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { until } from '../helpers/until.ts';

let place: PassingOn;
let receiver: RecordingServer;
beforeEach(async () => {
  place = await passingOn();
  // Says what it got, as receivers do.
  receiver = await recordingServer((request, response) => void response.writeHead(200).end(request.body));
});
afterEach(async () => {
  await place.close();
  await receiver.close();
});

async function learnerOf(externalId: string): Promise<Uuid> {
  const [row] = await place.db.query<{ id: Uuid }>('SELECT learner_id AS id FROM identities WHERE external_id = $1', [
    externalId,
  ]);
  return row?.id ?? '';
}

it('blanks what came back, withholds what was not sent, and tells the endpoints that had data', async () => {
  const had = await place.endpoint(receiver.url, { eventTypes: ['attempt.completed'] });
  await place.complete(['maria', 'jonas']);
  const stop = place.send();
  await until('both are sent', async () => (await queued(place.db)).length === 0);
  await stop();
  // Not sent yet when she is erased.
  await place.complete(['maria', 'jonas']);
  const late = await place.endpoint(receiver.url, { eventTypes: ['certificate.issued'] });

  const maria = await learnerOf('maria');
  const report = shownErasure(await eraseLearner(place.db, TEST_STONES, 1, maria));
  expect(report.endpoints).toEqual([publicId('end', had.id)]);
  expect(report.endpoints).not.toContain(publicId('end', late.id));

  place.send();
  await until('the rest is sent', async () => (await queued(place.db)).length === 0);
  const after = receiver.requests.slice(2).map(eventIn);
  expect(after.map((event) => event.type).sort()).toEqual(['attempt.completed', 'learner.erased']);
  const erased = after.find((event) => event.type === 'learner.erased');
  expect(erased?.learner).toMatchObject({ id: publicId('lrn', maria), name: null, email: null, identities: [] });
  expect(after.find((event) => event.type === 'attempt.completed')?.learner?.identities[0]?.externalId).toBe('jonas');

  const page = { after: null, limit: 50 };
  const hers = await listDeliveries(place.db, 1, { learnerId: maria }, page);
  expect(hers.map((delivery) => [delivery.eventType, delivery.status]).sort()).toEqual([
    ['attempt.completed', 'skipped'],
    ['attempt.completed', 'succeeded'],
    ['learner.erased', 'succeeded'],
  ]);
  const traces = await place.db.query(
    `SELECT 1 FROM delivery_exchanges x WHERE x::text LIKE '%maria%' UNION ALL SELECT 1 FROM deliveries d WHERE d::text LIKE '%maria%'`,
  );
  expect(traces).toEqual([]);
  // The report leads to how they answered.
  const told = report.told[0]?.delivery ?? '';
  const answer = hers.find((delivery) => publicId('dlv', delivery.id) === told);
  expect((await getDelivery(place.db, 1, answer?.id ?? ''))?.attempts[0]?.statusCode).toBe(200);
});
