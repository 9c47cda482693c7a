/**
 * Rebuild: every attempt is emptied of its facts and every receipt that is still kept goes through the queue again. Rows stay
 * (with what they show) until their facts come back, so ids that were published stay; what no receipt speaks for any more is
 * deleted at the end (src/normalise/queue/finish-rebuild.ts). Decisions of people (names, exclusions) are not touched.
 */
import type { Database } from '../../db/database.ts';
import { takeRebuildLock } from './rebuild-lock.ts';

/** Empties attempts and queues all kept receipts of a workspace. Returns how many are queued. */
export async function rebuildAll(db: Database, workspace: number): Promise<number> {
  return db.transaction(async (tx) => {
    await takeRebuildLock(tx, workspace);
    // Progress older than the receipts still kept cannot be made again: it is sealed, and stays as it is.
    await tx.query(
      `UPDATE attempts SET facts = '[]'
       WHERE workspace = $1 AND NOT EXISTS (
         SELECT FROM json_array_elements(facts) AS f
         WHERE (f ->> 's')::bigint < (SELECT COALESCE(min(seq), 0) FROM receipts WHERE workspace = $1)
            OR (f ->> 's')::bigint <= (SELECT receipts_dropped_to FROM workspaces WHERE id = $1))`,
      [workspace],
    );
    // A receipt that never got through has told the feed nothing yet: for those a rebuild is a replay.
    const rows = await tx.query<{ count: number }>(
      `WITH set_aside AS (DELETE FROM receipt_outcomes WHERE workspace = $1 RETURNING seq, status),
       queued AS (
         INSERT INTO receipt_queue (workspace, seq, received_at, mode)
         SELECT r.workspace, r.seq, r.received_at, CASE WHEN o.seq IS NULL THEN 'rebuild' ELSE 'replay' END
         FROM receipts r LEFT JOIN set_aside o ON o.seq = r.seq
         WHERE r.workspace = $1
         ON CONFLICT (workspace, seq) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS count FROM queued`,
      [workspace],
    );
    await tx.query(`SELECT pg_notify('gradewire_receipts', $1)`, [String(workspace)]);
    return rows[0]?.count ?? 0;
  });
}
