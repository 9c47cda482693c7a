/** What deliveries hold of a person who is being erased. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { lockRows } from '../queue/lock-rows.ts';

/**
 * Takes what was not sent yet out of the queue, and blanks what receivers answered (headers, bodies, errors): both can bear the
 * person's data. What was sent is made of the feed and not stored. Gives the endpoints that had data. Call it before the
 * learner's events are deleted.
 */
export async function forgetInDeliveries(
  tx: Queryable,
  workspace: number,
  learnerIds: readonly Uuid[],
): Promise<Uuid[]> {
  // One that a sender holds may be on its way this moment. Also by the feed: a merge taken back leaves deliveries under the learner who was kept then.
  const rows = await tx.query<{ id: Uuid; createdAt: Date; endpointId: Uuid; sent: boolean }>(
    `SELECT d.id, d.created_at AS "createdAt", d.endpoint_id AS "endpointId", 
       d.tries <> '[]' OR EXISTS (
         SELECT FROM delivery_queue q
         WHERE q.workspace = $1 AND q.delivery_id = d.id AND q.lease_until IS NOT NULL) AS sent
     FROM deliveries d
     WHERE d.workspace = $1 AND (d.learner_id = ANY ($2::uuid[]) OR d.event_id = ANY (ARRAY (
       SELECT e.id FROM events e WHERE e.workspace = $1 AND e.learner_id = ANY ($2::uuid[]))))`,
    [workspace, learnerIds],
  );
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const times = rows.map((row) => row.createdAt);
  await lockRows(tx, workspace, { deliveries: ids });
  await tx.query('DELETE FROM delivery_queue WHERE workspace = $1 AND delivery_id = ANY ($2::uuid[])', [
    workspace,
    ids,
  ]);
  await tx.query('DELETE FROM delivery_exchanges WHERE workspace = $1 AND delivery_id = ANY ($2::uuid[])', [
    workspace,
    ids,
  ]);
  await tx.query(
    `UPDATE deliveries d SET
       status = CASE WHEN d.status = 'pending' THEN 'skipped' ELSE d.status END,
       detail = CASE WHEN d.status = 'pending' THEN 'The learner was erased before it was sent.' ELSE d.detail END,
       tries = (SELECT coalesce(jsonb_agg(
           CASE WHEN t -> 'error' = 'null' THEN t ELSE jsonb_set(t, '{error}', '"Erased with the learner."') END), '[]')
         FROM jsonb_array_elements(d.tries::jsonb) AS t)::text
     FROM unnest($2::uuid[], $3::timestamptz[]) AS r (id, created_at)
     WHERE d.workspace = $1 AND d.id = r.id AND d.created_at = r.created_at`,
    [workspace, ids, times],
  );
  return [...new Set(rows.filter((row) => row.sent).map((row) => row.endpointId))].sort();
}
