/** Events on their way to endpoints, for tests of kinds without a sender. */

import { hashUuid, newUuid } from '../../src/core/ids.ts';
import type { Endpoint, EndpointKind } from '../../src/delivery/endpoint.ts';
import { blankEndpoint } from '../../src/delivery/endpoints/blank-endpoint.ts';
import { guardedHttp } from '../../src/delivery/http/client.ts';
import type { KindTools, Outgoing } from '../../src/delivery/kinds/kind.ts';
import { pseudonymKey, reduce } from '../../src/delivery/personal-data.ts';
import { type EventObject, EventText } from '../../src/live/events.ts';

const KEY = 'an encryption key that only tests know';

export function endpointOf(kind: EndpointKind, about: Partial<Endpoint>): Endpoint {
  return { ...blankEndpoint(1, kind), id: hashUuid('test endpoint', kind), createdAt: new Date(0), ...about };
}

/** The event as the sender hands it over: reduced to what the endpoint may have, and whole. */
export function outgoing(endpoint: Endpoint, event: EventObject, about: Partial<Outgoing> = {}): Outgoing {
  return {
    deliveryId: newUuid(),
    webhookId: `msg_${event.id}`,
    told: EventText.of(reduce(event, endpoint.personalData, keyOf(endpoint.id))),
    whole: EventText.of(event),
    test: false,
    tryNumber: 1,
    ...about,
  };
}

export function keyOf(endpoint: string): Buffer {
  return pseudonymKey(KEY, endpoint);
}

/** Tools of a sender whose receivers are on this machine. */
export function kindTools(about: Partial<KindTools> = {}): KindTools {
  return {
    http: guardedHttp({ allowPrivate: true }),
    mailer: null,
    publicUrl: 'https://gradewire.example',
    version: '0.0.0-test',
    now: () => Date.now(),
    ...about,
  };
}
