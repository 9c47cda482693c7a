import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { percentile } from './latency-steps.ts';

export interface ActivityBucket {
  /** Its beginning. */
  at: Date;
  /** Tries that got there, and tries that did not. */
  succeeded: number;
  failed: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

/**
 * Tries of an endpoint by buckets of `bucketSeconds` (300 or a multiple) from `from` up to `to`, oldest first, those without
 * any left out. Reads one row for five minutes, whatever went through.
 */
export async function endpointActivity(
  db: Queryable,
  workspace: number,
  endpointId: Uuid,
  { from, to, bucketSeconds }: { from: Date; to: Date; bucketSeconds: number },
): Promise<ActivityBucket[]> {
  const rows = await db.query<{ at: number; succeeded: number; failed: number; counts: number[] }>(
    `SELECT floor(extract(epoch FROM bucket) / $5) * $5 AS at, succeeded, failed, counts FROM delivery_stats
     WHERE workspace = $1 AND endpoint_id = $2 AND bucket >= $3 AND bucket < $4 ORDER BY bucket`,
    [workspace, endpointId, from, to, bucketSeconds],
  );
  const buckets = new Map<number, { succeeded: number; failed: number; counts: number[] }>();
  for (const row of rows) {
    const at = Number(row.at);
    const bucket = buckets.get(at) ?? { succeeded: 0, failed: 0, counts: [] };
    bucket.succeeded += row.succeeded;
    bucket.failed += row.failed;
    for (const [step, count] of row.counts.entries()) bucket.counts[step] = (bucket.counts[step] ?? 0) + count;
    buckets.set(at, bucket);
  }
  return [...buckets].map(([at, { succeeded, failed, counts }]) => ({
    at: new Date(at * 1000),
    succeeded,
    failed,
    p50Ms: percentile(counts, 0.5),
    p95Ms: percentile(counts, 0.95),
  }));
}
