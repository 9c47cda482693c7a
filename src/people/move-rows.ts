/** Rows of learners that follow a merge and go back with its undoing. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** Tables whose rows remember whose they are by the platform (origin_id), next to whose page shows them (learner_id). */
const FOLLOWING = ['identities', 'attempts', 'events'] as const;

/**
 * Shows on `to` what `from` shows of the learners `own`; null: all that `from` shows. What is made of each stays as it was: its
 * origin is remembered where it is another than `to`.
 */
export async function moveRows(
  tx: Queryable,
  workspace: number,
  move: { from: Uuid; to: Uuid; own: readonly Uuid[] | null },
): Promise<void> {
  for (const table of FOLLOWING) {
    await tx.query(
      `UPDATE ${table} SET learner_id = $3, origin_id = NULLIF(coalesce(origin_id, learner_id), $3)
       WHERE workspace = $1 AND learner_id = $2 AND ($4::uuid[] IS NULL OR coalesce(origin_id, learner_id) = ANY ($4))`,
      [workspace, move.from, move.to, move.own],
    );
  }
}
