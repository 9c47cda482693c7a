import type { SecretBox } from '../../core/encryption.ts';
import { newUuid } from '../../core/ids.ts';
import type { EventType, JsonObject } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import type { EndpointFilter, EndpointKind, PersonalData } from '../endpoint.ts';
import { kindOf } from '../kinds/registry.ts';
import { type EndpointRow, type StoredEndpoint, toEndpoint } from './endpoint-row.ts';
import { keepTokens } from './keep-tokens.ts';
import { newSigningSecret, sealParts, splitConfig } from './sealed.ts';

/** Settings of an endpoint; see Endpoint. Whoever makes or changes one has checked them. */
export interface EndpointSettings {
  url?: string | null;
  to?: string | null;
  description?: string | null;
  eventTypes?: readonly EventType[];
  filter?: EndpointFilter;
  ratePerSecond?: number | null;
  ordered?: boolean;
  personalData?: PersonalData;
  config?: JsonObject;
  enabled?: boolean;
}

export interface NewEndpoint extends EndpointSettings {
  workspace: number;
  kind: EndpointKind;
}

/** Makes an endpoint with its first signing secret. From the next event on it gets what fits. */
export async function createEndpoint(db: Queryable, box: SecretBox, input: NewEndpoint): Promise<StoredEndpoint> {
  const id = newUuid();
  const { shown, secrets } = splitConfig(input.config ?? {}, kindOf(input.kind).secretPaths);
  const sealed = sealParts(box, id, { signing: [{ value: newSigningSecret(), expiresAt: null }], config: secrets });
  const { filter = {} } = input;
  const [row] = await db.query<EndpointRow>(
    `INSERT INTO endpoints (workspace, id, kind, url, to_address, description, event_types, only_provider, only_activity,
       only_cohort, only_outcome, only_verification, rate_per_second, ordered, personal_data, config, sealed, enabled,
       disabled_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
       CASE WHEN NOT $18::boolean THEN now() END, date_trunc('milliseconds', now()))
     RETURNING *`,
    [
      input.workspace,
      id,
      input.kind,
      input.url ?? null,
      input.to ?? null,
      input.description ?? null,
      input.eventTypes ?? [],
      filter.provider ?? null,
      filter.activity ?? null,
      filter.cohort ?? null,
      filter.outcome ?? null,
      filter.verification ?? null,
      input.ratePerSecond ?? null,
      input.ordered ?? false,
      input.personalData ?? 'full',
      JSON.stringify(shown),
      sealed,
      input.enabled ?? true,
    ],
  );
  if (row === undefined) throw new Error('The new endpoint did not come back from the database.');
  await keepTokens(db, row);
  return toEndpoint(row, box);
}
