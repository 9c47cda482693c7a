import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

export interface EndpointCounts {
  /** Not sent yet, or to be tried again. */
  pending: number;
  /** Deliveries that got there in the last 24 hours. */
  succeeded24h: number;
  /** Deliveries given up in the last 24 hours. */
  failed24h: number;
}

/** What stands beside each of these endpoints in lists. */
export async function endpointCounts(
  db: Queryable,
  workspace: number,
  ids: readonly Uuid[],
): Promise<Map<Uuid, EndpointCounts>> {
  const rows = await db.query<{ id: Uuid; pending: number; succeeded: number; failed: number }>(
    `SELECT e.id, coalesce(s.succeeded, 0)::int AS succeeded, coalesce(s.failed, 0)::int AS failed,
       -- Either has an index of its own.
       (SELECT count(*)::int FROM delivery_queue q WHERE q.workspace = $1 AND q.endpoint_id = e.id AND q.due_at < 'infinity')
         + (SELECT count(*)::int FROM delivery_queue q WHERE q.workspace = $1 AND q.endpoint_id = e.id AND q.due_at = 'infinity')
         AS pending
     FROM unnest($2::uuid[]) AS e (id)
     LEFT JOIN LATERAL (
       SELECT sum(succeeded) AS succeeded, sum(exhausted) AS failed FROM delivery_stats
       WHERE workspace = $1 AND endpoint_id = e.id AND bucket >= now() - interval '24 hours') s ON true`,
    [workspace, ids],
  );
  return new Map(
    rows.map(({ id, pending, succeeded, failed }) => [id, { pending, succeeded24h: succeeded, failed24h: failed }]),
  );
}
