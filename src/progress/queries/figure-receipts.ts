/** The receipts that a learner's figures are made of. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { countedAttempts, type FigureFilter, figureValues, inRange } from './counted-attempts.ts';

export interface FigureReceiptRow {
  seq: number;
  /** First 16 bytes of the key, hex: the public id without its prefix. */
  receipt: string;
  received_at: Date | null;
  /** The receipt's own; its attempt's when it is no longer kept. */
  source_id: Uuid;
  source_slug: string | null;
  provider: string | null;
  verification: string;
}

/**
 * Receipts of every attempt that counts within the range (whatever the retake policy: it chooses among them), newest first,
 * each once, before `after`. received_at is null when the receipt itself is no longer kept.
 */
export async function figureReceipts(
  db: Queryable,
  workspace: number,
  scope: { learnerId: Uuid },
  filter: FigureFilter,
  page: { after: number | null; limit: number },
): Promise<FigureReceiptRow[]> {
  return await db.query<FigureReceiptRow>(
    `${countedAttempts(scope)}, evidence AS (
       SELECT DISTINCT ON ((f ->> 's')::bigint) (f ->> 's')::bigint AS seq, f ->> 'r' AS receipt, f ->> 'v' AS verification, c.source_id
       FROM counted c
       JOIN attempts a ON a.workspace = $1 AND a.id = c.id
       CROSS JOIN LATERAL json_array_elements(a.facts) f
       WHERE ${inRange('c.at')}
         AND f ->> 'r' IS NOT NULL AND ($8::bigint IS NULL OR (f ->> 's')::bigint < $8)
       ORDER BY 1 DESC LIMIT $9
     )
     SELECT e.seq, e.receipt, e.verification, r.received_at, coalesce(r.source_id, e.source_id) AS source_id, s.slug AS source_slug, s.provider
     FROM evidence e
     LEFT JOIN receipts r ON r.workspace = $1 AND r.seq = e.seq
     LEFT JOIN sources s ON s.workspace = $1 AND s.id = coalesce(r.source_id, e.source_id)
     ORDER BY e.seq DESC`,
    [...figureValues(workspace, scope, filter), page.after, page.limit],
  );
}
