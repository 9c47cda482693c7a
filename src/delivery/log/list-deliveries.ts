/** The log of what went where, newest first. */
import type { Uuid } from '../../core/ids.ts';
import type { EventType } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import type { EndpointKind } from '../endpoint.ts';
import { timeOfDelivery } from './delivery-time.ts';

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed' | 'skipped';

/** A try as the delivery's own row remembers it. */
export interface LoggedTry {
  at: string;
  statusCode: number | null;
  durationMs: number;
  error: string | null;
}

export interface DeliveryRow {
  id: Uuid;
  createdAt: Date;
  endpointId: Uuid;
  kind: EndpointKind;
  description: string | null;
  url: string | null;
  to: string | null;
  eventId: Uuid;
  /** Its place in the feed; null for tests. */
  eventSeq: number | null;
  eventType: EventType;
  status: DeliveryStatus;
  /** Why it was skipped or given up without a try. */
  detail: string | null;
  /** When it is due; null: it waits for another, or is done. */
  nextAttemptAt: Date | null;
  tries: LoggedTry[];
  learnerId: Uuid | null;
  attemptId: Uuid | null;
  test: boolean;
}

export interface DeliveriesFilter {
  endpointId?: Uuid | undefined;
  status?: DeliveryStatus | undefined;
  eventType?: EventType | undefined;
  eventId?: Uuid | undefined;
  learnerId?: Uuid | undefined;
  attemptId?: Uuid | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What every reader of deliveries selects: `d` is the delivery. */
export const DELIVERY_COLUMNS = `d.id, d.created_at AS "createdAt", d.endpoint_id AS "endpointId", e.kind, e.description,
  e.url, e.to_address AS "to", d.event_id AS "eventId", d.event_seq AS "eventSeq", d.event_type AS "eventType", d.status,
  d.detail, CASE WHEN isfinite(q.due_at) THEN q.due_at END AS "nextAttemptAt", d.tries, d.learner_id AS "learnerId",
  d.attempt_id AS "attemptId", d.test_event IS NOT NULL AS test`;

export const DELIVERY_JOINS = `JOIN endpoints e ON e.workspace = d.workspace AND e.id = d.endpoint_id
  LEFT JOIN delivery_queue q ON q.workspace = d.workspace AND q.delivery_id = d.id`;

/** Deliveries that fit, newest first, at most `limit`, after the one with the id `after`. */
export async function listDeliveries(
  db: Queryable,
  workspace: number,
  filter: DeliveriesFilter,
  page: { after: Uuid | null; limit: number },
): Promise<DeliveryRow[]> {
  const values: unknown[] = [workspace, page.limit];
  const conditions: string[] = [];
  // Conditions are only written when asked for, so that the planner sees which index fits.
  const narrow = (condition: (n: string) => string, value: unknown): void => {
    if (value === undefined) return;
    conditions.push(` AND ${condition(`$${values.push(value)}`)}`);
  };
  narrow((n) => `endpoint_id = ${n}`, filter.endpointId);
  narrow((n) => `status = ${n}`, filter.status);
  narrow((n) => `event_type = ${n}`, filter.eventType);
  narrow((n) => `event_id = ${n}`, filter.eventId);
  narrow((n) => `learner_id = ${n}`, filter.learnerId);
  narrow((n) => `attempt_id = ${n}`, filter.attemptId);
  narrow((n) => `created_at >= ${n}::timestamptz`, filter.from);
  narrow((n) => `created_at < ${n}::timestamptz`, filter.to);
  if (page.after !== null) {
    narrow((n) => `id < ${n}`, page.after);
    // The time in the id, so that weeks after it are not even looked at.
    narrow((n) => `created_at <= ${n}`, timeOfDelivery(page.after));
  }
  return await db.query<DeliveryRow>(
    `WITH page AS MATERIALIZED (
       SELECT * FROM deliveries WHERE workspace = $1${conditions.join('')} ORDER BY id DESC LIMIT $2
     )
     SELECT ${DELIVERY_COLUMNS} FROM page d ${DELIVERY_JOINS} ORDER BY d.id DESC`,
    values,
  );
}
