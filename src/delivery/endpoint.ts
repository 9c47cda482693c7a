/** An endpoint as the sender and its kinds see it: where events are passed on, and how. */
import type { Uuid } from '../core/ids.ts';
import type { EventType, JsonObject, Provider, Verification } from '../core/vocabulary.ts';

export const ENDPOINT_KINDS = ['webhook', 'xapi', 'email'] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** How much of a person goes out: everything; a pseudonym that is the same in every event of this endpoint; nothing. */
export const PERSONAL_DATA = ['full', 'pseudonym', 'none'] as const;
export type PersonalData = (typeof PERSONAL_DATA)[number];

/** Only events that fit all that is said; what is left out fits everything. */
export interface EndpointFilter {
  provider?: Provider;
  activity?: Uuid;
  cohort?: Uuid;
  outcome?: 'passed' | 'failed';
  verification?: Verification;
}

/** A signing secret; the older of two stops at `until`. */
export interface SigningSecret {
  /** `whsec_` and base64. */
  secret: string;
  /** When it is no longer used; null: the current one. */
  until: Date | null;
}

export interface Endpoint {
  workspace: number;
  id: Uuid;
  kind: EndpointKind;
  /** Of webhook and xapi; null for email. */
  url: string | null;
  /** Of email: an address, or `learner` for the learner the event is about; null otherwise. */
  to: string | null;
  description: string | null;
  /** None: all. */
  eventTypes: readonly EventType[];
  filter: EndpointFilter;
  /** Deliveries a second at most; null: no limit. */
  ratePerSecond: number | null;
  /** In order per learner and activity: what follows waits until what came before is delivered, skipped or exhausted. */
  ordered: boolean;
  personalData: PersonalData;
  /** By kind, checked by the kind's schema; secrets in it are sealed at rest. */
  config: JsonObject;
  /** The newest first; those that hold now. */
  signingSecrets: readonly SigningSecret[];
  enabled: boolean;
  createdAt: Date;
}
