/** The receipts that are about a person. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import type { PendingReceipt } from '../normalise/queue/claim.ts';
import { isAbout, type Person, spellings } from './person-marks.ts';

export type FoundReceipt = Pick<PendingReceipt, 'seq' | 'receivedAtExact' | 'sourceId'>;

/** Bounds the bodies in memory: at most 1 MiB each. */
const PAGE = 50;

/** Those that attempts and events of the learners were made of. */
export function linkedReceipts(tx: Queryable, workspace: number, learnerId: Uuid): Promise<FoundReceipt[]> {
  return tx.query<FoundReceipt>(
    `SELECT r.seq, r.received_at::text AS "receivedAtExact", r.source_id AS "sourceId"
     FROM (SELECT (f ->> 's')::bigint AS seq FROM attempts a CROSS JOIN LATERAL json_array_elements(a.facts) f
             WHERE a.workspace = $1 AND a.learner_id = $2
           UNION SELECT receipt_seq FROM events WHERE workspace = $1 AND learner_id = $2 AND receipt_seq IS NOT NULL) told
     JOIN receipts r ON r.workspace = $1 AND r.seq = told.seq ORDER BY r.seq`,
    [workspace, learnerId],
  );
}

/**
 * Others after `after` that are about the person: told again in other bytes, waiting, or not understood. Every body of the
 * person's platforms is looked at, because nothing links them; so this takes as long as reading them does.
 */
export async function mentioningReceipts(
  db: Queryable,
  workspace: number,
  person: Person,
  after: number,
): Promise<{ found: FoundReceipt[]; upTo: number }> {
  const [newest] = await db.query<{ seq: number }>(
    'SELECT seq FROM receipts WHERE workspace = $1 ORDER BY seq DESC LIMIT 1',
    [workspace],
  );
  const upTo = Math.max(newest?.seq ?? 0, after);
  const found: FoundReceipt[] = [];
  const ids = spellings(person.identities.map((known) => known.externalId));
  const emails = spellings(person.emails);
  if (ids.length === 0 && emails.length === 0) return { found, upTo };
  let place = after;
  for (;;) {
    const page = await db.query<PendingReceipt>(
      `SELECT r.seq, r.received_at AS "receivedAt", r.received_at::text AS "receivedAtExact", 'replay' AS mode, r.key,
         r.source_id AS "sourceId", s.provider, s.identity_from AS "identityFrom", r.verification, r.event_name AS "eventName",
         r.test, convert_from(r.body, 'UTF8') AS body, false AS "anyErased"
       FROM receipts r LEFT JOIN sources s ON s.workspace = $1 AND s.id = r.source_id
       WHERE r.workspace = $1 AND r.seq > $2 AND r.seq <= $3
         AND ((s.provider = ANY ($4::text[]) AND EXISTS (
                 SELECT FROM unnest($5::text[]) AS word WHERE position(convert_to(word, 'UTF8') IN r.body) > 0))
           OR ((EXISTS (SELECT FROM receipt_outcomes o WHERE o.workspace = $1 AND o.seq = r.seq)
                OR EXISTS (SELECT FROM receipt_queue q WHERE q.workspace = $1 AND q.seq = r.seq))
               AND EXISTS (
                 SELECT FROM unnest($6::text[]) AS word WHERE strpos(lower(convert_from(r.body, 'UTF8')), word) > 0)))
       ORDER BY r.seq LIMIT ${PAGE}`,
      [workspace, place, upTo, person.identities.map((known) => known.provider), ids, emails],
    );
    for (const receipt of page) {
      if (!isAbout(receipt, person)) continue;
      found.push({ seq: receipt.seq, receivedAtExact: receipt.receivedAtExact, sourceId: receipt.sourceId });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { found, upTo };
    place = last.seq;
  }
}
