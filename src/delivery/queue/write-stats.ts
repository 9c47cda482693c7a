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

/** Adds to the five minutes of each endpoint. */
export async function addStats(db: Queryable, results: readonly Result[]): Promise<void> {
  const sums = new Map<string, Sums>();
  for (const { workspace, endpointId, at, error, durationMs, end, untried } of results) {
    if (untried) continue;
    const bucket = Math.floor(at.getTime() / BUCKET_MS) * BUCKET_MS;
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
  if (sums.size === 0) return;
  // Sorted: two senders that add to the same rows wait for each other instead of deadlocking.
  const rows = [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  await db.query(
    `INSERT INTO delivery_stats AS s (workspace, endpoint_id, bucket, succeeded, failed, exhausted, counts)
     SELECT workspace, endpoint_id, bucket, succeeded, failed, exhausted, counts::int[]
     FROM unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::int[], $5::int[], $6::int[], $7::text[])
       AS given (workspace, endpoint_id, bucket, succeeded, failed, exhausted, counts)
     ON CONFLICT (workspace, endpoint_id, bucket) DO UPDATE SET
       succeeded = s.succeeded + EXCLUDED.succeeded, failed = s.failed + EXCLUDED.failed,
       exhausted = s.exhausted + EXCLUDED.exhausted,
       counts = ARRAY (SELECT a + b FROM unnest(s.counts, EXCLUDED.counts) WITH ORDINALITY AS c (a, b, n) ORDER BY n)
     RETURNING set_config('synchronous_commit', 'off', true)`,
    [
      rows.map((row) => row.workspace),
      rows.map((row) => row.endpointId),
      rows.map((row) => new Date(row.bucket)),
      rows.map((row) => row.succeeded),
      rows.map((row) => row.failed),
      rows.map((row) => row.exhausted),
      rows.map((row) => `{${row.counts.join(',')}}`),
    ],
  );
}

/**
 * Keeps since when endpoints fail, after results in the order given. Gives those that have had nothing but failures for 5 days.
 * `failing`: whom this process knows to fail; a success of those who do not needs no writing.
 */
export async function keepHealth(
  db: Queryable,
  results: readonly Result[],
  failing: Set<Uuid>,
): Promise<{ workspace: number; id: Uuid }[]> {
  const after = new Map<Uuid, { workspace: number; failures: number; reset: boolean }>();
  for (const { workspace, endpointId, error, untried, failing: before } of results) {
    if (untried) continue;
    if (before) failing.add(endpointId);
    const known = after.get(endpointId) ?? { workspace, failures: 0, reset: false };
    after.set(endpointId, known);
    if (error === null) {
      known.reset = true;
      known.failures = 0;
    } else known.failures += 1;
  }
  const changed = [...after]
    .filter(([id, { failures }]) => failures > 0 || failing.has(id))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (changed.length === 0) return [];
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
      changed.map(([, { workspace }]) => workspace),
      changed.map(([id]) => id),
      changed.map(([, { failures }]) => failures),
      changed.map(([, { reset }]) => reset),
    ],
  );
  for (const { id, failures } of rows) {
    if (failures > 0) failing.add(id);
    else failing.delete(id);
  }
  return rows.filter((row) => row.over).map(({ workspace, id }) => ({ workspace, id }));
}
