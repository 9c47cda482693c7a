/** A row of `endpoints` and the endpoint it stands for. */
import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { EventType, JsonObject, Outcome, Provider, Verification } from '../../core/vocabulary.ts';
import type { Endpoint, EndpointFilter, EndpointKind, PersonalData } from '../endpoint.ts';
import { joinConfig, openParts } from './sealed.ts';

/** An endpoint with what its page shows besides. */
export interface StoredEndpoint extends Endpoint {
  /** `config` without its secrets. */
  shownConfig: JsonObject;
  /** Paths in config where a secret is kept. */
  secretsSet: readonly string[];
  /** A sentence, when it was not disabled by hand. */
  disabledReason: string | null;
  disabledAt: Date | null;
  /** Since when nothing but failures; null: the last try got there. */
  failingSince: Date | null;
  consecutiveFailures: number;
  updatedAt: Date;
  /** Grows with every change of settings. */
  version: number;
}

export interface EndpointRow {
  workspace: number;
  id: Uuid;
  kind: EndpointKind;
  url: string | null;
  to_address: string | null;
  description: string | null;
  event_types: EventType[];
  only_provider: Provider | null;
  only_activity: Uuid | null;
  only_cohort: Uuid | null;
  only_outcome: Outcome | null;
  only_verification: Verification | null;
  rate_per_second: number | null;
  ordered: boolean;
  personal_data: PersonalData;
  config: JsonObject;
  sealed: Buffer;
  enabled: boolean;
  disabled_reason: string | null;
  disabled_at: Date | null;
  failing_since: Date | null;
  consecutive_failures: number;
  created_at: Date;
  updated_at: Date;
  version: number;
}

/** Decrypts; only signing secrets that hold at `now` are in the result. Throws `internal` when they cannot be opened. */
export function toEndpoint(row: EndpointRow, box: SecretBox, now: number = Date.now()): StoredEndpoint {
  const parts = openParts(box, row.id, row.sealed);
  const filter: EndpointFilter = {
    ...(row.only_provider === null ? {} : { provider: row.only_provider }),
    ...(row.only_activity === null ? {} : { activity: row.only_activity }),
    ...(row.only_cohort === null ? {} : { cohort: row.only_cohort }),
    ...(row.only_outcome === null ? {} : { outcome: row.only_outcome }),
    ...(row.only_verification === null ? {} : { verification: row.only_verification }),
  };
  return {
    workspace: row.workspace,
    id: row.id,
    kind: row.kind,
    url: row.url,
    to: row.to_address,
    description: row.description,
    eventTypes: row.event_types,
    filter,
    ratePerSecond: row.rate_per_second,
    ordered: row.ordered,
    personalData: row.personal_data,
    config: joinConfig(row.config, parts.config),
    shownConfig: row.config,
    secretsSet: Object.keys(parts.config).sort(),
    signingSecrets: parts.signing
      .filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now)
      .map(({ value, expiresAt }) => ({ secret: value, until: expiresAt === null ? null : new Date(expiresAt) })),
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    disabledAt: row.disabled_at,
    failingSince: row.failing_since,
    consecutiveFailures: row.consecutive_failures,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  };
}
