/** Writes what came of tries: the queue, the log, the figures and the health of endpoints, in one statement for many tries. */
import type { Queryable } from '../../db/database.ts';
import type { Result } from './results.ts';

/**
 * Writes results. Those whose lease was lost to another sender, and which did not get there, are dropped: the other one's
 * count. True when something that waited for one of them (ordered endpoints) is due now. Not waited for to be on disk: what a crash of the database forgets is sent again, under the same id.
 */
export async function writeResults(db: Queryable, given: readonly Result[]): Promise<boolean> {
  if (given.length === 0) return false;
  // Rows are locked in this order by all who take several (./lock-rows.ts).
  const results = given.toSorted((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
  const [row] = await db.query<{ released: boolean }>(
    `WITH r AS MATERIALIZED (
       SELECT * FROM unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::bigint[], $6::text[], $7::text[],
         $8::bigint[], $9::int[], $10::text[], $11::text[], $12::text[], $13::timestamptz[])
       AS r (workspace, delivery_id, created_at, endpoint_id, claim, status, detail, in_ms, tries, try, headers, body, at)
     ), done AS (
       DELETE FROM delivery_queue q USING r
       WHERE q.workspace = r.workspace AND q.delivery_id = r.delivery_id AND r.status <> 'pending'
         AND (q.claim = r.claim OR r.status = 'succeeded')
       RETURNING q.workspace, q.delivery_id, q.endpoint_id, q.order_key, q.event_seq
     ), again AS (
       UPDATE delivery_queue q SET due_at = now() + make_interval(secs => r.in_ms / 1000.0), tries = r.tries,
         lease_until = NULL, claim = NULL
       FROM r
       WHERE q.workspace = r.workspace AND q.delivery_id = r.delivery_id AND r.status = 'pending' AND q.claim = r.claim
       RETURNING q.workspace, q.delivery_id
     ), next AS (
       UPDATE delivery_queue q SET due_at = now()
       FROM done d CROSS JOIN LATERAL (
         SELECT n.delivery_id FROM delivery_queue n
         WHERE n.workspace = d.workspace AND n.endpoint_id = d.endpoint_id AND n.order_key = d.order_key
           AND n.event_seq > d.event_seq
         ORDER BY n.event_seq LIMIT 1) n
       WHERE d.order_key IS NOT NULL AND q.workspace = d.workspace AND q.delivery_id = n.delivery_id AND q.due_at = 'infinity'
       RETURNING 1
     ), log AS (
       UPDATE deliveries d SET status = r.status, detail = r.detail, tries = CASE WHEN r.try IS NULL THEN d.tries ELSE d.tries || r.try::jsonb END,
         failed_at = CASE r.status WHEN 'failed' THEN r.at END
       FROM r
       WHERE d.workspace = r.workspace AND d.id = r.delivery_id AND d.created_at = r.created_at
         AND d.created_at BETWEEN $14 AND $15
         AND r.delivery_id IN (SELECT delivery_id FROM done UNION ALL SELECT delivery_id FROM again)
       RETURNING d.workspace, d.id, r.at, jsonb_array_length(d.tries) AS try, r.headers, r.body
     ), exchanged AS (
       INSERT INTO delivery_exchanges (workspace, delivery_id, at, try, request_headers, response_body)
       SELECT workspace, id, at, try, headers, body FROM log WHERE headers IS NOT NULL
     )
     SELECT set_config('synchronous_commit', 'off', true), (SELECT count(*) FROM next) > 0 AS released`,
    values(results),
  );
  return row?.released === true;
}

function values(results: readonly Result[]): unknown[] {
  const of = <T>(pick: (result: Result) => T): T[] => results.map(pick);
  const times = of(({ createdAt }) => createdAt.getTime());
  return [
    of(({ workspace }) => workspace),
    of(({ deliveryId }) => deliveryId),
    of(({ createdAt }) => createdAt),
    of(({ endpointId }) => endpointId),
    of(({ claim }) => claim),
    of(({ end }) => end.status),
    of(({ end }) => (end.status === 'pending' ? null : end.detail)),
    of(({ end }) => (end.status === 'pending' ? end.inMs : null)),
    of(({ end }) => (end.status === 'pending' ? end.tries : null)),
    of(tryOf),
    of(({ untried, requestHeaders }) => (untried ? null : JSON.stringify(requestHeaders))),
    of(({ responseBody }) => (responseBody === null ? null : responseBody.replaceAll('\u0000', '\uFFFD'))),
    of(({ at }) => at),
    new Date(Math.min(...times)),
    new Date(Math.max(...times)),
  ];
}

function tryOf({ untried, at, statusCode, durationMs, error }: Result): string | null {
  if (untried) return null;
  const shown = error === null ? null : error.replaceAll('\u0000', '\uFFFD').slice(0, 2000);
  return JSON.stringify({
    at: at.toISOString(),
    statusCode,
    durationMs: Math.round(durationMs * 10) / 10,
    error: shown,
  });
}
