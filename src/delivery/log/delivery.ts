/** A delivery as lists and pages show it. */
import type { Uuid } from '../../core/ids.ts';
import type { EventType } from '../../core/vocabulary.ts';
import type { EndpointKind } from '../endpoint.ts';

export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed', 'skipped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One try as the row itself keeps it. */
export interface KeptTry {
  /** RFC 3339. */
  at: string;
  /** null: no answer came. */
  statusCode: number | null;
  durationMs: number;
  /** A sentence; null: it got there. */
  error: string | null;
}

export interface Delivery {
  id: Uuid;
  endpointId: Uuid;
  /** Of the endpoint as it is now; of a removed one the host is left of its URL. */
  endpoint: { kind: EndpointKind; description: string | null; url: string | null; to: string | null };
  eventId: Uuid;
  /** null for tests. */
  eventSeq: number | null;
  eventType: EventType;
  learnerId: Uuid | null;
  attemptId: Uuid | null;
  status: DeliveryStatus;
  /** Why it was skipped, or given up without a try. */
  detail: string | null;
  /** Of pending ones; null too while it waits for another before it (ordered endpoints). */
  nextAttemptAt: Date | null;
  tries: KeptTry[];
  test: boolean;
  createdAt: Date;
}

export interface DeliveryRow {
  id: Uuid;
  created_at: Date;
  endpoint_id: Uuid;
  endpoint_kind: EndpointKind;
  endpoint_description: string | null;
  endpoint_url: string | null;
  endpoint_to: string | null;
  event_id: Uuid;
  event_seq: number | null;
  event_type: EventType;
  learner_id: Uuid | null;
  attempt_id: Uuid | null;
  status: DeliveryStatus;
  detail: string | null;
  tries: KeptTry[];
  test: boolean;
  due_at: Date | null;
}

/** SQL: the columns of DeliveryRow, from deliveries `d` and the two joins of `DELIVERY_JOINS`. */
export const DELIVERY_COLUMNS = `d.id, d.created_at, d.endpoint_id, e.kind AS endpoint_kind, e.description AS endpoint_description,
  e.url AS endpoint_url, e.to_address AS endpoint_to, d.event_id, d.event_seq, d.event_type, d.learner_id, d.attempt_id,
  d.status, d.detail, d.tries::json AS tries, d.test_event IS NOT NULL AS test, 
  CASE WHEN q.due_at < 'infinity' THEN greatest(q.due_at, d.created_at) END AS due_at`;

/** SQL; `$1` is the workspace. */
export const DELIVERY_JOINS = `JOIN endpoints e ON e.workspace = $1 AND e.id = d.endpoint_id
  LEFT JOIN delivery_queue q ON q.workspace = $1 AND q.delivery_id = d.id`;

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    endpoint: {
      kind: row.endpoint_kind,
      description: row.endpoint_description,
      url: row.endpoint_url,
      to: row.endpoint_to,
    },
    eventId: row.event_id,
    eventSeq: row.event_seq,
    eventType: row.event_type,
    learnerId: row.learner_id,
    attemptId: row.attempt_id,
    status: row.status,
    detail: row.detail,
    nextAttemptAt: row.status === 'pending' ? row.due_at : null,
    tries: row.tries,
    test: row.test,
    createdAt: row.created_at,
  };
}
