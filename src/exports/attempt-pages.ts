/** All attempts that fit a filter, page by page. */
import type { Queryable } from '../db/database.ts';
import { type AttemptSummary, toAttemptSummary } from '../progress/queries/attempt-summary.ts';
import type { Keyset } from '../progress/queries/keyset.ts';
import { type AttemptFilter, listAttempts } from '../progress/queries/list-attempts.ts';

/** A page is what is in memory at once; larger ones save nothing that can be measured. */
const PAGE = 1000;

/**
 * Newest first. Each page is a statement of its own that goes on where the last one ended: a reader that takes its time holds
 * no connection and no snapshot. What changes meanwhile may show or not; nothing comes twice.
 */
export async function* attemptPages(
  db: Queryable,
  workspace: number,
  filter: AttemptFilter,
): AsyncGenerator<AttemptSummary[]> {
  let after: Keyset | null = null;
  for (;;) {
    const rows: Awaited<ReturnType<typeof listAttempts>> = await listAttempts(db, workspace, filter, {
      after,
      limit: PAGE,
    });
    if (rows.length > 0) yield rows.map(toAttemptSummary);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { micros: last.opened_micros, id: last.id };
  }
}
