import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Database, Queryable } from '../../db/database.ts';
import { kindOf } from '../kinds/registry.ts';
import { orderKeyOf } from '../plan/order-key.ts';
import { DELIVERIES_CHANNEL } from '../queue/channel.ts';
import { lockRows } from '../queue/lock-rows.ts';
import type { EndpointSettings } from './create-endpoint.ts';
import { type EndpointRow, type StoredEndpoint, toEndpoint } from './endpoint-row.ts';
import { keepTokens } from './keep-tokens.ts';
import { lockEndpoint } from './lock-endpoint.ts';
import { joinConfig, keptSecrets, openParts, type SealedParts, sealParts, splitConfig } from './sealed.ts';

/**
 * Changes settings; what is left out stays. A `config` replaces the one before, except for secrets it does not name
 * (./sealed.ts, keptSecrets). Enabling goes on with what waited. null where the workspace has no such endpoint.
 */
export async function patchEndpoint(
  db: Database,
  box: SecretBox,
  workspace: number,
  id: Uuid,
  changes: EndpointSettings,
): Promise<StoredEndpoint | null> {
  return db.transaction(async (tx) => {
    const row = await lockEndpoint(tx, workspace, id);
    if (row === null) return null;
    const before = toEndpoint(row, box);
    const filter = changes.filter ?? before.filter;
    const { shown, sealed } = changedConfig(box, row, changes);
    const enabled = changes.enabled ?? row.enabled;
    const ordered = changes.ordered ?? row.ordered;
    const [changed] = await tx.query<EndpointRow>(
      `UPDATE endpoints SET url = $3, to_address = $4, description = $5, event_types = $6, only_provider = $7,
         only_activity = $8, only_cohort = $9, only_outcome = $10, only_verification = $11, rate_per_second = $12,
         ordered = $13, personal_data = $14, config = $15, sealed = $16, enabled = $17,
         disabled_at = CASE WHEN $17 THEN NULL ELSE coalesce(disabled_at, now()) END,
         disabled_reason = CASE WHEN $17 THEN NULL ELSE disabled_reason END,
         failing_since = CASE WHEN $17 AND NOT enabled THEN NULL ELSE failing_since END,
         consecutive_failures = CASE WHEN $17 AND NOT enabled THEN 0 ELSE consecutive_failures END,
         version = version + 1, updated_at = now()
       WHERE workspace = $1 AND id = $2 RETURNING *`,
      [
        workspace,
        id,
        changes.url === undefined ? row.url : changes.url,
        changes.to === undefined ? row.to_address : changes.to,
        changes.description === undefined ? row.description : changes.description,
        changes.eventTypes ?? row.event_types,
        filter.provider ?? null,
        filter.activity ?? null,
        filter.cohort ?? null,
        filter.outcome ?? null,
        filter.verification ?? null,
        changes.ratePerSecond === undefined ? row.rate_per_second : changes.ratePerSecond,
        ordered,
        changes.personalData ?? row.personal_data,
        JSON.stringify(shown),
        sealed,
        enabled,
      ],
    );
    if (changed === undefined) throw new Error('The changed endpoint did not come back from the database.');
    await keepTokens(tx, changed);
    if (ordered !== row.ordered) await setOrderKeys(tx, workspace, id, ordered);
    if (enabled && !row.enabled) await tx.query('SELECT pg_notify($1, $2)', [DELIVERIES_CHANNEL, String(workspace)]);
    return toEndpoint(changed, box);
  });
}

function changedConfig(box: SecretBox, row: EndpointRow, changes: EndpointSettings) {
  if (changes.config === undefined) return { shown: row.config, sealed: row.sealed };
  const parts: SealedParts = openParts(box, row.id, row.sealed);
  const kept = keptSecrets({ shown: row.config, secrets: parts.config }, changes.config);
  const { shown, secrets } = splitConfig(joinConfig(changes.config, kept), kindOf(row.kind).secretPaths);
  return { shown, sealed: sealParts(box, row.id, { ...parts, config: secrets }) };
}

/** What waits already is sent in order from now on, or no longer. */
async function setOrderKeys(tx: Queryable, workspace: number, id: Uuid, ordered: boolean): Promise<void> {
  await lockRows(tx, workspace, { endpoint: id });
  await tx.query(
    ordered
      ? `UPDATE delivery_queue q SET order_key = ${orderKeyOf('e')} FROM events e
         WHERE q.workspace = $1 AND q.endpoint_id = $2 AND e.workspace = $1 AND e.seq = q.event_seq`
      : `UPDATE delivery_queue SET order_key = NULL, due_at = CASE WHEN due_at = 'infinity' THEN now() ELSE due_at END
         WHERE workspace = $1 AND endpoint_id = $2`,
    [workspace, id],
  );
}
