/** Events on their way to endpoints: planned with the progress, sent at once, tried again, and written down. */
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getDelivery } from '../../src/delivery/log/get-delivery.ts';
import { listDeliveries } from '../../src/delivery/log/list-deliveries.ts';
import { eventIn, type PassingOn, passingOn, queued } from '../helpers/passing-on.ts';
import { accept, type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { until } from '../helpers/until.ts';

let place: PassingOn;
let receiver: RecordingServer;
beforeEach(async () => {
  place = await passingOn();
  receiver = await recordingServer((_, response) => accept(response));
});
afterEach(async () => {
  await place.close();
  await receiver.close();
});

const page = { after: null, limit: 200 };
const settled = () => until('nothing is pending', async () => (await queued(place.db)).length === 0);

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
  });
});
