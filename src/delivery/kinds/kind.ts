/**
 * What a kind of endpoint is: data and functions, one folder each, listed in registry.ts. The sender claims deliveries, hands
 * them over and writes down what came of it; a kind turns them into requests (or mails) and says how each went. One
 * conformance suite runs over all kinds (test/conformance/endpoint-kinds.test.ts).
 */
import type { TSchema } from 'typebox';
import type { Uuid } from '../../core/ids.ts';
import type { Fact, Json, JsonObject } from '../../core/vocabulary.ts';
import type { EventObject, EventText } from '../../live/events.ts';
import type { Mailer } from '../../mail/mailer.ts';
import type { Endpoint, EndpointKind } from '../endpoint.ts';

/** One event on its way to one endpoint. */
export interface Outgoing {
  deliveryId: Uuid;
  /** The event's id for this endpoint: the same on every try (header `webhook-id`). */
  webhookId: string;
  /** As the feed has it now; personal data as the endpoint's setting allows was applied by the sender. */
  told: EventText;
  /** The event with all personal data: for kinds whose sense it is to reach the person (email to the learner). */
  whole: EventText;
  /** Sent by hand to try the endpoint out. */
  test: boolean;
  /** 1 is the first try. */
  tryNumber: number;
}

/** How a try ended for one delivery. */
export type Outcome =
  | { kind: 'delivered' }
  /** Tried again by the schedule; `retryAfterSeconds` as the receiver asked, not yet clamped. */
  | { kind: 'failed'; error: string; retryAfterSeconds: number | null }
  /** Trying again cannot help (a statement the LRS will never take): ends as failed at once, can be retried by hand. */
  | { kind: 'refused'; error: string }
  /** 410: the receiver wants no more; the endpoint is disabled. */
  | { kind: 'gone' }
  /** Not sent on purpose, with the reason (a learner who unsubscribed): ends as skipped. */
  | { kind: 'skipped'; reason: string };

/** What the log of tries shows of one. */
export interface Try {
  outcome: Outcome;
  statusCode: number | null;
  durationMs: number;
  /** As sent; credentials are redacted. */
  requestHeaders: Record<string, string>;
  /** At most 16 KiB; null when nothing came. */
  responseBody: string | null;
}

/** Outgoing HTTP under the address guard: never follows redirects, keeps connections, stops after 15 s. src/delivery/http. */
export interface OutgoingHttp {
  /** What is wrong with a URL as far as can be told before calling it: a sentence; null when nothing is. */
  urlProblem(url: string): string | null;
  /** Rejects with an OutgoingError (http/failure.ts), whose message is a sentence, when there is no whole answer. */
  request(request: {
    method: string;
    url: string;
    headers: Record<string, string>;
    body: string | Buffer;
    signal?: AbortSignal;
  }): Promise<OutgoingResponse>;
}

export interface OutgoingResponse {
  status: number;
  headers: ResponseHeaders;
  /** At most 16 KiB of it; the rest was not read. */
  body: string;
}

/** By their names in lower case; several of what came more than once. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What kinds use. */
export interface KindTools {
  http: OutgoingHttp;
  mailer: Mailer | null;
  publicUrl: string;
  /** For user-agent. */
  version: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** What was told with an event beyond what the feed shows; without it kinds do with what the event holds. */
  records?: EventRecords;
  /** Whether learners may be mailed; without it none is. */
  learnerMail?: LearnerMail;
}

/** Reads what belongs to events and is not in them: src/delivery/event-records.ts. */
export interface EventRecords {
  /** One for each event, in their order. The events must be whole: pseudonyms lead nowhere. */
  of(
    endpoint: Pick<Endpoint, 'workspace' | 'id' | 'personalData'>,
    events: readonly EventObject[],
  ): Promise<readonly EventRecord[]>;
}

export interface EventRecord {
  /** What the event's own webhook meant: answers and areas are there. null when no webhook made it, or it is gone. */
  fact: Fact | null;
  /** As people named the source; null where there is none. */
  sourceName: string | null;
  /**
   * For corrections: the events of the same thing that told of it before, the newest first, with the personal data that the
   * endpoint may have; else empty.
   */
  earlier: readonly { event: Pick<EventObject, 'id' | 'type' | 'attempt' | 'data'>; fact: Fact | null }[];
}

/** The rules under which a learner is mailed: src/delivery/kinds/email/learner-mail.ts. */
export interface LearnerMail {
  /** Says where to mail, and counts it; or why not. Asked again for the same delivery it counts once. */
  permit(request: {
    workspace: number;
    deliveryId: Uuid;
    /** With all personal data. */
    event: EventObject;
    mostPerHour: number;
  }): Promise<{ ok: true; address: string; unsubscribeUrl: string } | { ok: false; reason: string }>;
}

/** A setting that cannot work: a path in the request and a sentence. */
export interface Problem {
  path: string;
  message: string;
}

export interface Kind {
  name: EndpointKind;
  /** Of `config`. */
  configSchema: TSchema;
  /** Paths in config that are secret: sealed at rest, never shown (`auth.password`). */
  secretPaths: readonly string[];
  /** How many deliveries one call of `send` takes at most; above 1 they go out as one request. */
  batch: number;
  /** What an endpoint of this kind gets wrong beyond the schema; empty when it may be made. */
  check(endpoint: Endpoint, tools: Pick<KindTools, 'mailer' | 'http'>): readonly Problem[];
  /** Sends; gives one Try a delivery, in their order. Never rejects: whatever goes wrong is an outcome. */
  send(
    endpoint: Endpoint,
    deliveries: readonly Outgoing[],
    tools: KindTools,
    signal: AbortSignal,
  ): Promise<readonly Try[]>;
  /** The body that `send` would send of this event, for the log and the test dialog. */
  preview(
    endpoint: Endpoint,
    delivery: Outgoing,
    tools: Pick<KindTools, 'publicUrl' | 'now' | 'records'>,
  ): Promise<Json | string>;
  /** An example of `config` for docs and forms. */
  exampleConfig: JsonObject;
}
