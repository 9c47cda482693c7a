/** Figures and health of endpoints after tries: one row for five minutes, and since when nothing but failures. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { STEPS, stepOf } from '../log/latency-steps.ts';
import type { Result } from './results.ts';

/** The contract: an endpoint with nothing but failures for so long is disabled. */
const DISABLED_AFTER = '5 days';

interface Sums {
  workspace: number;
  endpointId: Uuid;
  bucket: number;
  succeeded: number;
  failed: number;
  exhausted: number;
  counts: number[];
}

const BUCKET_MS = 300_000;

/** What `results` add to the five minutes of each endpoint: the values of the statement below, in its order. */
export function statsOf(results: readonly Result[]): unknown[] {
  const sums = new Map<string, Sums>();
  for (const { workspace, endpointId, at, error, durationMs, end, untried } of results) {
    if (untried) continue;
    const bucket = Math.floor(at / BUCKET_MS) * BUCKET_MS;
    const key = `${endpointId}${bucket}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = { workspace, endpointId, bucket, succeeded: 0, failed: 0, exhausted: 0, counts: new Array(STEPS).fill(0) };
      sums.set(key, sum);
    }
    if (error === null) sum.succeeded += 1;
    else sum.failed += 1;
    if (end.status === 'failed') sum.exhausted += 1;
    const step = stepOf(durationMs);
    sum.counts[step] = (sum.counts[step] ?? 0) + 1;
  }
  // Sorted: two senders that add to the same rows wait for each other instead of deadlocking.
  const rows = [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  return [
    rows.map((row) => row.workspace),
    rows.map((row) => row.endpointId),
    rows.map((row) => new Date(row.bucket)),
    rows.map((row) => row.succeeded),
    rows.map((row) => row.failed),
    rows.map((row) => row.exhausted),
    rows.map((row) => `{${row.counts.join(',')}}`),
  ];
}

/** The statement that adds them, with its values from $`first` on. */
export function addStats(first: number): string {
  const n = (i: number) => `$${first + i}`;
  return `INSERT INTO delivery_stats AS s (workspace, endpoint_id, bucket, succeeded, failed, exhausted, counts)
       SELECT workspace, endpoint_id, bucket, succeeded, failed, exhausted, counts::int[]
       FROM unnest(${n(0)}::int[], ${n(1)}::uuid[], ${n(2)}::timestamptz[], ${n(3)}::int[], ${n(4)}::int[], ${n(5)}::int[],
         ${n(6)}::text[]) AS given (workspace, endpoint_id, bucket, succeeded, failed, exhausted, counts)
       ON CONFLICT (workspace, endpoint_id, bucket) DO UPDATE SET
         succeeded = s.succeeded + EXCLUDED.succeeded, failed = s.failed + EXCLUDED.failed,
         exhausted = s.exhausted + EXCLUDED.exhausted,
         counts = ARRAY (SELECT a + b FROM unnest(s.counts, EXCLUDED.counts) WITH ORDINALITY AS c (a, b, n) ORDER BY n)`;
}

/** How an endpoint fares after results. */
export interface Health {
  workspace: number;
  id: Uuid;
  /** In a row at the end. */
  failures: number;
  /** There was a success before them. */
  reset: boolean;
}

/**
 * Of the endpoints whose health changes with `results`, given in their order. `failing`: whom this process knows to fail, which it
 * learns of here too; a success of those who do not needs no writing.
 */
export function healthOf(results: readonly Result[], failing: Set<Uuid>): Health[] {
  const after = new Map<Uuid, Health>();
  for (const { workspace, endpointId, error, untried, failing: before } of results) {
    if (untried) continue;
    if (before) failing.add(endpointId);
    let health = after.get(endpointId);
    if (health === undefined) {
      health = { workspace, id: endpointId, failures: 0, reset: false };
      after.set(endpointId, health);
    }
    if (error === null) {
      health.reset = true;
      health.failures = 0;
    } else health.failures += 1;
  }
  return [...after.values()]
    .filter(({ id, failures }) => failures > 0 || failing.has(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Keeps since when endpoints fail. Gives those that have had nothing but failures for 5 days. */
export async function keepHealth(
  db: Queryable,
  changed: readonly Health[],
  failing: Set<Uuid>,
): Promise<{ workspace: number; id: Uuid }[]> {
  const rows = await db.query<{ workspace: number; id: Uuid; over: boolean; failures: number }>(
    `UPDATE endpoints e SET
       consecutive_failures = CASE WHEN h.reset THEN h.failures ELSE e.consecutive_failures + h.failures END,
       failing_since = CASE WHEN h.failures = 0 THEN NULL WHEN h.reset THEN now() ELSE coalesce(e.failing_since, now()) END
     FROM unnest($1::int[], $2::uuid[], $3::int[], $4::boolean[]) AS h (workspace, id, failures, reset)
     WHERE e.workspace = h.workspace AND e.id = h.id
     RETURNING e.workspace, e.id, e.consecutive_failures AS failures,
       e.enabled AND coalesce(e.failing_since < now() - interval '${DISABLED_AFTER}', false) AS over,
       set_config('synchronous_commit', 'off', true)`,
    [
      changed.map(({ workspace }) => workspace),
      changed.map(({ id }) => id),
      changed.map(({ failures }) => failures),
      changed.map(({ reset }) => reset),
    ],
  );
  for (const { id, failures } of rows) {
    if (failures > 0) failing.add(id);
    else failing.delete(id);
  }
  return rows.filter((row) => row.over).map(({ workspace, id }) => ({ workspace, id }));
}
