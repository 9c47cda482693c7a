/**
 * Claims what is due. A claim is a lease: a sender that dies keeps nothing, its rows are free again when the lease is over.
 * Finished deliveries stand elsewhere, so claiming costs the same whatever was sent before.
 */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

/** Longer than any try with its wait in line (src/delivery/sender), so that nothing alive is sent twice. */
export const LEASE_SECONDS = 90;

export interface Claimed {
  workspace: number;
  deliveryId: Uuid;
  endpointId: Uuid;
  /** Of the endpoint's settings. */
  version: number;
  /** null for tests. */
  eventSeq: number | null;
  /** How often it was tried already. */
  tries: number;
  /** The endpoint is limited to a rate. */
  rated: boolean;
  /** The endpoint's last try failed. */
  failing: boolean;
  /** The lease's number. */
  claim: number;
}

/** Where a row stands among those of its endpoint that are due. */
export interface Place {
  /** As PostgreSQL writes it, to the microsecond. */
  dueAt: string;
  eventSeq: number;
}

export interface Claims {
  /** The rows of an endpoint come one after the other, the oldest first. */
  rows: Claimed[];
  /** The last one of each endpoint, unless that is a test. */
  upTo: ReadonlyMap<Uuid, Place>;
}

export interface Room {
  /** Rows of one endpoint at most; fewer of one that fails (`atFailing`). */
  each: number;
  /** An endpoint with nothing but failures gets this much of the sender at once: a thousand dead ones must not fill it. */
  atFailing: number;
  /** What endpoints hold already and the room they have besides; those not named have `each`. Looked through from `from` on, or from the start. */
  taken: ReadonlyMap<Uuid, { held: number; room: number; from: Place | null }>;
  /** Rows in all. */
  total: number;
}

/** Failures in a row after which an endpoint counts as failing. */
const FAILING_AFTER = 5;

/** Claimed rows of one endpoint, the oldest first, column by column. */
export type ClaimGroup = Pick<Claimed, 'workspace' | 'endpointId' | 'version' | 'rated' | 'failing'> & {
  ids: Uuid[];
  seqs: (number | null)[];
  tries: number[];
  lastDueAt: string;
};

/**
 * Takes due rows under a new lease with the number `claim`, the oldest of each endpoint, those endpoints first that hold
 * least. Rates are kept in rows that one sender at a time may take from, so they hold for all senders together.
 */
export async function claimDue(db: Queryable, claim: number, room: Room): Promise<ClaimGroup[]> {
  const taken = [...room.taken];
  return await db.query<ClaimGroup>(
    `WITH tokens AS MATERIALIZED (
       SELECT t.workspace, t.endpoint_id, least(greatest(1, e.rate_per_second / 10),
         t.tokens + e.rate_per_second * greatest(0, extract(epoch FROM clock_timestamp() - t.at))) AS tokens
       FROM endpoint_tokens t JOIN endpoints e ON e.workspace = t.workspace AND e.id = t.endpoint_id
       WHERE e.enabled AND e.rate_per_second IS NOT NULL
       FOR UPDATE OF t SKIP LOCKED
     ), room AS MATERIALIZED (
       SELECT e.workspace, e.id, e.version, e.rate_per_second IS NOT NULL AS rated,
         e.failing_since IS NOT NULL AS failing, t.tokens, coalesce(b.held, 0) AS held,
         coalesce(b.due_at, '-infinity') AS due_at, coalesce(b.event_seq, 0) AS event_seq,
         least(
           coalesce(b.most, $3),
           CASE WHEN e.consecutive_failures >= ${FAILING_AFTER} THEN $4 - coalesce(b.held, 0) END,
           CASE WHEN e.rate_per_second IS NOT NULL THEN floor(coalesce(t.tokens, 0)) END)::int AS room
       FROM endpoints e
       LEFT JOIN unnest($5::uuid[], $6::int[], $7::int[], $8::timestamptz[], $9::bigint[]) AS b (id, held, most, due_at, event_seq)
         ON b.id = e.id
       LEFT JOIN tokens t ON t.workspace = e.workspace AND t.endpoint_id = e.id
       WHERE e.enabled AND e.deleted_at IS NULL
     ), chosen AS MATERIALIZED (
       SELECT r.version, r.rated, r.failing, q.*
       FROM (SELECT * FROM room WHERE room > 0 ORDER BY held, id) r
       CROSS JOIN LATERAL (
         SELECT q.ctid AS place, q.endpoint_id FROM delivery_queue q
         WHERE q.workspace = r.workspace AND q.endpoint_id = r.id AND q.due_at <= now() AND q.due_at < 'infinity'
           AND (q.due_at, q.event_seq) >= (r.due_at, r.event_seq)
           AND (q.lease_until IS NULL OR q.lease_until < now())
           AND (q.order_key IS NULL OR NOT EXISTS (
             SELECT FROM delivery_queue p
             WHERE p.workspace = q.workspace AND p.endpoint_id = q.endpoint_id AND p.order_key = q.order_key
               AND p.event_seq < q.event_seq))
         ORDER BY q.due_at, q.event_seq LIMIT r.room FOR UPDATE SKIP LOCKED
       ) q
       LIMIT $2
     ), spent AS (
       UPDATE endpoint_tokens t SET tokens = r.tokens - c.n, at = clock_timestamp()
       FROM room r JOIN (SELECT endpoint_id, count(*) AS n FROM chosen GROUP BY 1) c ON c.endpoint_id = r.id
       WHERE r.tokens IS NOT NULL AND t.workspace = r.workspace AND t.endpoint_id = r.id
     ), claimed AS (
       -- By their place, which the lock keeps: joined by id, the planner reads the whole queue for a claim of thousands.
       UPDATE delivery_queue q SET lease_until = now() + interval '${LEASE_SECONDS} seconds', claim = $1
       FROM chosen c WHERE q.ctid = c.place
       RETURNING q.workspace, q.delivery_id, q.endpoint_id, q.event_seq, q.tries, q.due_at, c.version, c.rated, c.failing
     )
     -- One row an endpoint, column by column: reading a row of many columns costs the sender more than a few lists, and a list for each
     -- delivery costs the database more than one for all.
     SELECT workspace, endpoint_id AS "endpointId", version, rated, failing,
       json_agg(delivery_id ORDER BY due_at, event_seq) AS ids, json_agg(event_seq ORDER BY due_at, event_seq) AS seqs,
       json_agg(tries ORDER BY due_at, event_seq) AS tries, max(due_at)::text AS "lastDueAt",
       set_config('synchronous_commit', 'off', true)
     FROM claimed
     GROUP BY workspace, endpoint_id, version, rated, failing`,
    [
      claim,
      room.total,
      room.each,
      room.atFailing,
      taken.map(([id]) => id),
      taken.map(([, { held }]) => held),
      taken.map(([, endpoint]) => endpoint.room),
      taken.map(([, { from }]) => from?.dueAt ?? null),
      taken.map(([, { from }]) => from?.eventSeq ?? null),
    ],
  );
}

/** The rows of the groups, claimed under the number `claim`. */
export function toClaims(groups: readonly ClaimGroup[], claim: number): Claims {
  const upTo = new Map<Uuid, Place>();
  for (const { endpointId, seqs, lastDueAt } of groups) {
    const eventSeq = seqs.at(-1);
    if (eventSeq != null) upTo.set(endpointId, { dueAt: lastDueAt, eventSeq });
  }
  const rows = groups.flatMap(({ workspace, endpointId, version, rated, failing, ids, seqs, tries }) =>
    ids.map((deliveryId, i) => ({
      workspace,
      deliveryId,
      endpointId,
      version,
      eventSeq: seqs[i] ?? null,
      tries: tries[i] ?? 0,
      rated,
      failing,
      claim,
    })),
  );
  return { rows, upTo };
}
