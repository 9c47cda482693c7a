/** Endpoints with their secrets opened, as long as their version says that nothing changed. */
import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { type EndpointRow, type StoredEndpoint, toEndpoint } from '../endpoints/endpoint-row.ts';

export interface KnownEndpoints {
  /** Those of the claimed rows that still are there, read again where the version is another. */
  of(
    rows: readonly { workspace: number; endpointId: Uuid; version: number }[],
  ): Promise<ReadonlyMap<Uuid, StoredEndpoint>>;
}

/** Prevents that an instance with very many endpoints keeps them all in memory for ever. */
const MOST = 5_000;

export function knownEndpoints(db: Queryable, box: SecretBox, now: () => number): KnownEndpoints {
  const known = new Map<Uuid, { endpoint: StoredEndpoint; until: number }>();
  return {
    async of(rows) {
      const stale = new Map<Uuid, number>();
      for (const { workspace, endpointId, version } of rows) {
        const entry = known.get(endpointId);
        if (entry === undefined || entry.endpoint.version < version || entry.until <= now())
          stale.set(endpointId, workspace);
      }
      if (stale.size > 0) {
        if (known.size + stale.size > MOST) known.clear();
        const read = await db.query<EndpointRow>(
          `SELECT e.* FROM endpoints e JOIN unnest($1::int[], $2::uuid[]) AS r (workspace, id)
             ON e.workspace = r.workspace AND e.id = r.id
           WHERE e.deleted_at IS NULL`,
          [[...stale.values()], [...stale.keys()]],
        );
        for (const id of stale.keys()) known.delete(id);
        for (const row of read) {
          const endpoint = toEndpoint(row, box, now());
          known.set(row.id, { endpoint, until: holdsUntil(endpoint) });
        }
      }
      const found = new Map<Uuid, StoredEndpoint>();
      for (const { endpointId } of rows) {
        const entry = known.get(endpointId);
        if (entry !== undefined) found.set(endpointId, entry.endpoint);
      }
      return found;
    },
  };
}

/** An old signing secret ends by the clock, without a new version. */
function holdsUntil({ signingSecrets }: StoredEndpoint): number {
  return Math.min(...signingSecrets.flatMap(({ until }) => (until === null ? [] : [until.getTime()])), Infinity);
}
