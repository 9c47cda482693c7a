/** Endpoints and deliveries as kinds get them. */
import type { JsonObject } from '../../src/core/vocabulary.ts';
import type { Endpoint } from '../../src/delivery/endpoint.ts';
import { blankEndpoint } from '../../src/delivery/endpoints/blank-endpoint.ts';
import type { KindTools, Outgoing, OutgoingHttp } from '../../src/delivery/kinds/kind.ts';
import { eventCatalogue } from '../../src/http/event-catalogue.ts';
import { type EventObject, EventText } from '../../src/live/events.ts';

/** 24 bytes, as the packages svix and standardwebhooks make them. */
export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const OLDER_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** A webhook endpoint at `url`; `changes` over it. */
export function testEndpoint(url: string | null, config: JsonObject = {}, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    ...blankEndpoint(1, 'webhook'),
    id: '0198a5d0-c6e7-4b0f-8c1d-2e3f4a5b6c7d',
    url,
    config,
    signingSecrets: [{ secret: SIGNING_SECRET, until: null }],
    createdAt: new Date('2026-04-01T00:00:00.000Z'),
    ...changes,
  };
}

/** The catalogue's example of a type. */
export function exampleEvent(type: EventObject['type'] = 'attempt.completed'): EventObject {
  const entry = eventCatalogue().find((each) => each.type === type);
  if (entry === undefined) throw new Error(`The catalogue has no ${type}.`);
  // Held to the schema of events by the catalogue's own test.
  return entry.example as unknown as EventObject;
}

/** That event on its way, a first try. */
export function outgoing(event: EventObject = exampleEvent(), changes: Partial<Outgoing> = {}): Outgoing {
  return {
    deliveryId: '0198a5d0-c6e7-4b0f-8c1d-000000000001',
    webhookId: 'msg_2b1f0a9e8d7c6b5a49382716f5e4d3c2',
    told: EventText.of(event),
    whole: EventText.of(event),
    test: false,
    tryNumber: 1,
    ...changes,
  };
}

/** Tools with that client; no mail. */
export function kindTools(http: OutgoingHttp, changes: Partial<KindTools> = {}): KindTools {
  return {
    http,
    mailer: null,
    publicUrl: 'https://gradewire.example',
    version: '1.2.3',
    now: Date.now,
    ...changes,
  };
}
