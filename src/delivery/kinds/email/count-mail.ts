/** The bound on mails to one address, counted in the database: it holds over restarts and in several processes. */
import type { Uuid } from '../../../core/ids.ts';
import type { Database } from '../../../db/database.ts';
import type { HashedAddress } from './unsubscribe.ts';

/** Rows of other addresses that one mail clears away: more than it adds, so that the table keeps to the last hour. */
const CLEARED = 20;

/**
 * Counts a mail unless `most` were counted for the address within the last hour; says whether it may go. A delivery that is
 * tried again was counted before.
 */
export async function countMail(
  db: Database,
  { workspace, hash }: HashedAddress,
  deliveryId: Uuid,
  most: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // One at a time for an address, else two that count at once both find room. The statement after it sees the commit.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('mail to ' || encode($1::bytea, 'hex'), 7302))", [
      hash,
    ]);
    const counted = await tx.query(
      `INSERT INTO email_sent (workspace, delivery_id, address_hash)
       SELECT $1, $2, $3 WHERE $4 > (
         SELECT count(*) FROM email_sent
         WHERE workspace = $1 AND address_hash = $3 AND sent_at > now() - interval '1 hour' AND delivery_id <> $2
       )
       ON CONFLICT (workspace, delivery_id) DO UPDATE SET sent_at = now() RETURNING true`,
      [workspace, deliveryId, hash, most],
    );
    await tx.query(
      `DELETE FROM email_sent WHERE workspace = $1 AND delivery_id = ANY (ARRAY (
         SELECT delivery_id FROM email_sent WHERE workspace = $1 AND sent_at < now() - interval '1 hour'
         ORDER BY sent_at LIMIT ${CLEARED} FOR UPDATE SKIP LOCKED))`,
      [workspace],
    );
    return counted.length > 0;
  });
}
