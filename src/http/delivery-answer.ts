/** A delivery as the API shows it. */
import type { Static } from 'typebox';
import { publicId } from '../core/ids.ts';
import type { Delivery, KeptTry } from '../delivery/log/delivery.ts';
import type { WholeDelivery } from '../delivery/log/get-delivery.ts';
import type { deliverySchema, wholeDeliverySchema } from './contracts/deliveries.ts';

export function deliveryAnswer(delivery: Delivery): Static<typeof deliverySchema> {
  const { endpoint, learnerId, attemptId, tries } = delivery;
  const last = tries.at(-1);
  return {
    id: publicId('dlv', delivery.id),
    endpointId: publicId('end', delivery.endpointId),
    endpoint: {
      kind: endpoint.kind,
      description: endpoint.description,
      host: endpoint.url === null || !URL.canParse(endpoint.url) ? null : new URL(endpoint.url).host,
      to: endpoint.to,
    },
    eventId: publicId('evt', delivery.eventId),
    eventType: delivery.eventType,
    status: delivery.status,
    detail: delivery.detail,
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    tries: tries.length,
    lastAttempt: last === undefined ? null : tryAnswer(last),
    learnerId: learnerId === null ? null : publicId('lrn', learnerId),
    attemptId: attemptId === null ? null : publicId('att', attemptId),
    test: delivery.test,
    createdAt: delivery.createdAt.toISOString(),
  };
}

export function wholeDeliveryAnswer(delivery: WholeDelivery): Static<typeof wholeDeliverySchema> {
  return {
    ...deliveryAnswer(delivery),
    attempts: delivery.attempts.map(({ requestHeaders, responseBody, ...logged }) => ({
      ...tryAnswer(logged),
      requestHeaders,
      responseBody,
    })),
  };
}

function tryAnswer({ at, statusCode, durationMs, error }: KeptTry) {
  return { at: new Date(at).toISOString(), statusCode, durationMs, error };
}
