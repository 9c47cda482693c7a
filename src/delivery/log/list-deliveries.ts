import type { Uuid } from '../../core/ids.ts';
import type { EventType } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import {
  DELIVERY_COLUMNS,
  DELIVERY_JOINS,
  type Delivery,
  type DeliveryRow,
  type DeliveryStatus,
  toDelivery,
} from './delivery.ts';

export interface DeliveryFilter {
  endpointId?: Uuid | undefined;
  status?: DeliveryStatus | undefined;
  eventType?: EventType | undefined;
  eventId?: Uuid | undefined;
  /** Also of those merged into this learner. */
  learnerId?: Uuid | undefined;
  attemptId?: Uuid | undefined;
  /** By when it was planned; half-open. */
  from?: Date | string | undefined;
  to?: Date | string | undefined;
}

/** Deliveries, newest first, at most `limit`; after the one with the id `after` when it is given. */
export async function listDeliveries(
  db: Queryable,
  workspace: number,
  filter: DeliveryFilter,
  { limit, after = null }: { limit: number; after?: Uuid | null },
): Promise<Delivery[]> {
  const values: unknown[] = [workspace, limit];
  const conditions: string[] = [];
  // Conditions are only written when asked for, so that the planner sees which index fits.
  const narrow = (condition: (n: string) => string, value: unknown) => {
    if (value === undefined || value === null) return;
    conditions.push(` AND ${condition(`$${values.push(value)}`)}`);
  };
  narrow((n) => `d.id < ${n}::uuid`, after);
  narrow((n) => `d.endpoint_id = ${n}`, filter.endpointId);
  narrow((n) => `d.event_type = ${n}`, filter.eventType);
  narrow((n) => `d.event_id = ${n}`, filter.eventId);
  narrow(
    (n) => `d.learner_id = ANY (ARRAY (
      SELECT ${n}::uuid UNION SELECT g.id FROM merged_learners g WHERE g.workspace = $1 AND g.kept_id = ${n}))`,
    filter.learnerId,
  );
  // By the attempt's events, because they have an index.
  narrow(
    (n) => `d.attempt_id = ${n} AND d.event_id = ANY (ARRAY (
      SELECT v.id FROM attempts t JOIN events v ON v.workspace = $1 AND v.learner_id = t.learner_id AND v.attempt_id = t.id
      WHERE t.workspace = $1 AND t.id = ${n}))`,
    filter.attemptId,
  );
  narrow((n) => `d.created_at >= ${n}`, filter.from);
  narrow((n) => `d.created_at < ${n}`, filter.to);
  if (filter.status === 'failed') conditions.push(' AND d.failed_at IS NOT NULL');
  else narrow((n) => `d.status = ${n}`, filter.status);
  // What is pending stands in the queue, which is short beside the rest.
  const joins =
    filter.status === 'pending'
      ? DELIVERY_JOINS.replace('LEFT JOIN delivery_queue', 'JOIN delivery_queue')
      : DELIVERY_JOINS;
  const rows = await db.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM deliveries d ${joins}
     WHERE d.workspace = $1${conditions.join('')}
     ORDER BY d.id DESC LIMIT $2`,
    values,
  );
  return rows.map(toDelivery);
}
