import { newUuid, type Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { EventObject } from '../../live/events.ts';
import { CREATED_AT, newDeliveryId } from '../plan/fits.ts';
import { DELIVERIES_CHANNEL } from '../queue/channel.ts';
import { FIRST_IN_LINE } from '../queue/first-in-line.ts';

/**
 * Queues an example event for one endpoint, marked as a test; it goes the way of all others, whatever the endpoint asks for, and
 * before what waits there already. Of a disabled endpoint it waits. Gives the delivery's id.
 */
export async function sendTest(db: Queryable, workspace: number, endpointId: Uuid, event: EventObject): Promise<Uuid> {
  const eventId = newUuid();
  const marked: EventObject = {
    ...event,
    id: `evt_${eventId.replaceAll('-', '')}`,
    data: { ...event.data, test: true },
    attempt: event.attempt === null ? null : { ...event.attempt, test: true },
  };
  const [row] = await db.query<{ id: Uuid }>(
    `WITH made AS (
       INSERT INTO deliveries (workspace, id, created_at, endpoint_id, event_id, event_type, test_event)
       SELECT $1, ${newDeliveryId('$2::uuid', '$3::uuid')}, ${CREATED_AT}, $2, $3, $4, $5
       RETURNING id, created_at
     ), queued AS (
       INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, due_at)
       SELECT $1, id, created_at, $2, ${FIRST_IN_LINE} FROM made
     )
     SELECT id, pg_notify('${DELIVERIES_CHANNEL}', $1::text) FROM made`,
    [workspace, endpointId, eventId, event.type, JSON.stringify(marked)],
  );
  if (row === undefined) throw new Error('The test did not come back from the database.');
  return row.id;
}
