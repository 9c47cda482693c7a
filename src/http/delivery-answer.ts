/** A delivery as the API shows it. */
import type { Static } from 'typebox';
import { publicId } from '../core/ids.ts';
import type { Delivery, KeptTry } from '../delivery/log/delivery.ts';
import type { DeliveryAboutRow } from '../delivery/log/delivery-people.ts';
import type { WholeDelivery } from '../delivery/log/get-delivery.ts';
import type { deliverySchema, wholeDeliverySchema } from './contracts/deliveries.ts';
import type { Sent } from './sent-body.ts';

/** `about`: whom and what it is about, where that is known. */
export function deliveryAnswer(delivery: Delivery, about?: DeliveryAboutRow): Static<typeof deliverySchema> {
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
    learner: about?.learner == null ? null : { id: publicId('lrn', about.learner.id), name: about.learner.name },
    activity: about?.activity == null ? null : { ...about.activity, id: publicId('act', about.activity.id) },
    attemptId: attemptId === null ? null : publicId('att', attemptId),
    test: delivery.test,
    createdAt: delivery.createdAt.toISOString(),
  };
}

export function wholeDeliveryAnswer(
  delivery: WholeDelivery,
  sent: Sent,
  about?: DeliveryAboutRow,
): Static<typeof wholeDeliverySchema> {
  return {
    ...deliveryAnswer(delivery, about),
    ...sent,
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
