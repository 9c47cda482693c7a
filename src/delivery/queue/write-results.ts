/** Writes what came of tries: the queue, the log and the figures, in one statement for many tries. */
import { int4Array, int8Array, textArray, timestamptzArray, uuidTextArray } from '../../db/binary-arrays.ts';
import type { Queryable } from '../../db/database.ts';
import { timeOfDelivery } from '../delivery-time.ts';
import type { Result } from './results.ts';
import { addStats, statsOf } from './write-stats.ts';

/**
 * Writes results. Those whose lease was lost to another sender, and which did not get there, are dropped: the other one's
 * count. True when something that waited for one of them (ordered endpoints) is due now. Not waited for to be on disk: what a crash of the database forgets is sent again, under the same id.
 */
export async function writeResults(db: Queryable, given: readonly Result[]): Promise<boolean> {
  if (given.length === 0) return false;
  // Rows are locked in this order by all who take several (./lock-rows.ts).
  const results = given.toSorted((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
  const [row] = await db.query<{ released: boolean }>(
    `WITH held AS MATERIALIZED (
       -- Looked up one by one: joined, the planner reads the whole queue, which is long when much waits. One that another sender
       -- takes in this very moment is not seen under its new place, stays, and is sent once more.
       SELECT r.*, q.place, q.created_at, q.endpoint_id, q.order_key, q.event_seq
       FROM unnest($1::int[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::text[], $9::text[],
         $10::text[], $11::timestamptz[])
         AS r (workspace, delivery_id, claim, status, detail, in_ms, tries, try, headers, body, at)
       CROSS JOIN LATERAL (
         SELECT ctid AS place, created_at, endpoint_id, claim, order_key, event_seq FROM delivery_queue q
         WHERE q.workspace = r.workspace AND q.delivery_id = r.delivery_id
         OFFSET 0 FOR UPDATE) q
       WHERE q.claim = r.claim OR r.status = 'succeeded'
     ), done AS (
       DELETE FROM delivery_queue WHERE ctid = ANY (ARRAY (SELECT place FROM held WHERE status <> 'pending'))
     ), again AS (
       UPDATE delivery_queue q SET due_at = now() + make_interval(secs => h.in_ms / 1000.0), tries = h.tries,
         lease_until = NULL, claim = NULL
       FROM held h
       WHERE h.status = 'pending' AND q.ctid = h.place
     ), next AS (
       -- Nothing but the place is asked for: asked for 'infinity' here, the planner reads all that wait for another.
       UPDATE delivery_queue SET due_at = now()
       WHERE ctid = ANY (ARRAY (
         SELECT n.place FROM held h CROSS JOIN LATERAL (
           SELECT n.ctid AS place, n.due_at FROM delivery_queue n
           WHERE n.workspace = h.workspace AND n.endpoint_id = h.endpoint_id AND n.order_key = h.order_key
             AND n.event_seq > h.event_seq
           ORDER BY n.event_seq LIMIT 1) n
         WHERE h.status <> 'pending' AND h.order_key IS NOT NULL AND n.due_at = 'infinity'))
       RETURNING 1
     ), log AS (
       UPDATE deliveries d SET status = h.status, detail = h.detail,
         -- Two JSON lists, made one.
         tries = CASE WHEN h.try IS NULL THEN d.tries WHEN d.tries = '[]' THEN h.try
           ELSE left(d.tries, -1) || ',' || substr(h.try, 2) END,
         failed_at = CASE h.status WHEN 'failed' THEN h.at END
       FROM held h
       WHERE d.workspace = h.workspace AND d.id = h.delivery_id AND d.created_at = h.created_at
         AND d.created_at BETWEEN $12 AND $13
     ), exchanged AS (
       INSERT INTO delivery_exchanges (workspace, delivery_id, at, request_headers, response_body)
       SELECT workspace, delivery_id, at, headers, body FROM held WHERE headers IS NOT NULL
     ), stats AS (
       ${addStats(14)}
     )
     SELECT set_config('synchronous_commit', 'off', true), (SELECT count(*) FROM next) > 0 AS released`,
    [...values(results), ...statsOf(results)],
  );
  return row?.released === true;
}

/** Arrays in the binary format: quoting them here and reading them there was a tenth of what a result cost. */
function values(results: readonly Result[]): unknown[] {
  const of = <T>(pick: (result: Result) => T): T[] => results.map(pick);
  return [
    int4Array(of(({ workspace }) => workspace)),
    uuidTextArray(of(({ deliveryId }) => deliveryId)),
    int8Array(of(({ claim }) => claim)),
    textArray(of(({ end }) => end.status)),
    textArray(of(({ end }) => (end.status === 'pending' ? null : end.detail))),
    // These two are read of what is pending only.
    int8Array(of(({ end }) => (end.status === 'pending' ? end.inMs : 0))),
    int4Array(of(({ end }) => (end.status === 'pending' ? end.tries : 0))),
    textArray(of(tryOf)),
    textArray(of(({ untried, requestHeaders }) => (untried ? null : requestHeaders))),
    textArray(of(({ responseBody }) => responseBody)),
    timestamptzArray(of(({ at }) => at)),
    // In the order of their ids, which is that of their times.
    ...[results.at(0), results.at(-1)].map((result) => result && timeOfDelivery(result.deliveryId)),
  ];
}

/** JSON of a list of this one try. */
function tryOf({ untried, at, statusCode, durationMs, error }: Result): string | null {
  if (untried) return null;
  return JSON.stringify([
    {
      at: new Date(at).toISOString(),
      statusCode,
      durationMs: Math.round(durationMs * 10) / 10,
      error,
    },
  ]);
}
