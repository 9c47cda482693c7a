/** The receipts that figures over many learners are made of. */
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import type { FigureReceiptRow } from '../figure-receipts.ts';
import { microsOf, timeOfMicros } from '../keyset.ts';
import { type ClassFigures, classValues, countingAttempts } from './class-attempts.ts';

/** Where a list goes on: after this receipt of this attempt. */
export interface ClassReceiptKey {
  micros: number;
  attemptId: Uuid;
  seq: number;
}

export type ClassReceiptRow = FigureReceiptRow & ClassReceiptKey;

/**
 * Receipts of every attempt that counts within the range (whatever the retake policy: it chooses among them): the attempts that
 * counted last first, of each its receipts newest first. So a page reads as many attempts as it shows and not all of them. A
 * receipt that speaks for two attempts comes with both.
 */
export async function classReceipts(
  db: Queryable,
  figures: ClassFigures,
  page: { after: ClassReceiptKey | null; limit: number },
): Promise<ClassReceiptRow[]> {
  const values = await classValues(db, figures);
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const limit = parameter(page.limit);
  const { after } = page;
  let from = 'true';
  let before = 'true';
  if (after !== null) {
    const [at, id] = [timeOfMicros(parameter(after.micros)), `${parameter(after.attemptId)}::uuid`];
    from = `(e.at, e.id) <= (${at}, ${id})`;
    before = `((n.at, n.id) < (${at}, ${id}) OR (f ->> 's')::bigint < ${parameter(after.seq)}::bigint)`;
  }
  return await db.query<ClassReceiptRow>(
    // In order already, so that sorting by the rest reads no further than the page: attempts without a receipt may lie between.
    `${countingAttempts(figures)}, evidence AS MATERIALIZED (
       SELECT n.at, n.id, (f ->> 's')::bigint AS seq, f ->> 'r' AS receipt, f ->> 'v' AS verification, a.source_id
       FROM (SELECT e.id, e.at FROM entries e WHERE ${from} ORDER BY e.at DESC, e.id DESC) n
       CROSS JOIN LATERAL (SELECT x.facts, x.source_id FROM attempts x WHERE x.workspace = $1 AND x.id = n.id OFFSET 0) a
       CROSS JOIN LATERAL json_array_elements(a.facts) f
       WHERE f ->> 'r' IS NOT NULL AND ${before}
       ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT ${limit}
     )
     SELECT ${microsOf('e.at')} AS micros, e.id AS "attemptId", e.seq, e.receipt, e.verification, r.received_at,
       coalesce(r.source_id, e.source_id) AS source_id, s.slug AS source_slug, s.provider
     FROM evidence e
     LEFT JOIN LATERAL (SELECT x.received_at, x.source_id FROM receipts x WHERE x.workspace = $1 AND x.seq = e.seq OFFSET 0) r ON true
     LEFT JOIN sources s ON s.workspace = $1 AND s.id = coalesce(r.source_id, e.source_id)
     ORDER BY e.at DESC, e.id DESC, e.seq DESC`,
    values,
  );
}
