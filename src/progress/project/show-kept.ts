/** What stands in `learners` of somebody into whom others were merged. */
import type { Uuid } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';

/**
 * Writes name, e-mail and exclusion of kept learners anew, from what the platforms of each in the group tell: their own where
 * they have one, else the newest of the others. Known only from tests they are excluded as long as all in the group are. Not
 * waited for.
 */
export function showKept(tx: Transaction, workspace: number, keptIds: readonly Uuid[]): void {
  if (keptIds.length === 0) return;
  tx.send(
    `UPDATE learners l SET
       name = coalesce(own.name, n.name), name_by = own.name_by,
       name_at = CASE WHEN own.name IS NULL THEN n.name_at ELSE own.name_at END,
       email = coalesce(own.email, e.email), email_by = CASE WHEN own.email IS NULL THEN coalesce(e.email_by, own.email_by) ELSE own.email_by END,
       email_at = CASE WHEN own.email IS NULL THEN e.email_at ELSE own.email_at END,
       excluded = own.excluded AND NOT (own.excluded_by = 'test' AND EXISTS (
         SELECT FROM merged_learners m WHERE m.workspace = $1 AND m.kept_id = own.id AND NOT m.excluded)),
       excluded_by = own.excluded_by
     FROM merged_learners own
     LEFT JOIN LATERAL (
       SELECT m.name, m.name_at FROM merged_learners m
       WHERE m.workspace = $1 AND m.kept_id = own.id AND m.name IS NOT NULL
       ORDER BY m.name_at DESC NULLS LAST, m.id LIMIT 1) n ON true
     LEFT JOIN LATERAL (
       SELECT m.email, m.email_at, m.email_by FROM merged_learners m
       WHERE m.workspace = $1 AND m.kept_id = own.id AND m.email IS NOT NULL
       ORDER BY m.email_at DESC NULLS LAST, m.id LIMIT 1) e ON true
     WHERE own.workspace = $1 AND own.id = ANY ($2::uuid[]) AND l.workspace = $1 AND l.id = own.id`,
    [workspace, keptIds],
  );
}
