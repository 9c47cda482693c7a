import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { planErasure } from '../plan/plan-deliveries.ts';

/**
 * Plans `learner.erased` for the endpoints that had data of the learner, whatever types they asked for: who holds somebody's
 * data is told to let go of it. Those removed meanwhile have no delivery. Call it after the event was appended.
 */
export async function tellEndpoints(
  tx: Queryable,
  workspace: number,
  eventId: Uuid,
  endpoints: readonly Uuid[],
): Promise<{ endpoint: Uuid; delivery: Uuid | null }[]> {
  if (endpoints.length === 0) return [];
  await planErasure(tx, workspace, eventId, endpoints);
  const rows = await tx.query<{ endpoint: Uuid; delivery: Uuid }>(
    `SELECT endpoint_id AS endpoint, id AS delivery FROM deliveries
     WHERE workspace = $1 AND event_id = $2 AND endpoint_id = ANY ($3::uuid[])`,
    [workspace, eventId, endpoints],
  );
  const deliveries = new Map(rows.map((row) => [row.endpoint, row.delivery]));
  return endpoints.map((endpoint) => ({ endpoint, delivery: deliveries.get(endpoint) ?? null }));
}
