/**
 * Two learners are one person: a decision of somebody, stored apart from what platforms tell (docs/decisions/0120-merges.md).
 * Taken back by src/people/unmerge-learner.ts.
 */
import { applyCohortRules } from '../cohorts/apply-rules.ts';
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';
import { takeRebuildLock } from '../normalise/queue/rebuild-lock.ts';
import { showKept } from '../progress/project/show-kept.ts';
import { markDirty } from '../progress/rollups/mark-dirty.ts';
import { bringClasses } from './classes-of.ts';
import { keptLearner } from './kept-learner.ts';
import { moveRows } from './move-rows.ts';

/**
 * Shows everything of `id` on the page of `into`, and of whoever was merged into either of them. Returns the learner kept.
 * Nothing is sent to endpoints. Throws not_found where there is no such learner.
 */
export async function mergeLearners(
  db: Database,
  workspace: number,
  merge: { id: Uuid; into: Uuid; by: string },
): Promise<Uuid> {
  return db.transaction(async (tx) => {
    // No batch may be half way: it would write rows of a learner who is gone when it commits.
    await takeRebuildLock(tx, workspace);
    const from = await keptLearner(tx, workspace, merge.id);
    const to = await keptLearner(tx, workspace, merge.into);
    await requireLearners(tx, workspace, [from, to]);
    if (from === to) {
      if (merge.id !== merge.into) return to;
      throw new GradewireError('conflict', 'A learner cannot be merged into itself. Say another one in `into`.');
    }
    await tx.query(
      `INSERT INTO merged_learners (workspace, id, kept_id, name, name_at, name_by, email, email_at, email_by, excluded, excluded_by, created_at)
       SELECT workspace, id, id, name, name_at, name_by, email, email_at, email_by, excluded, excluded_by, created_at
       FROM learners WHERE workspace = $1 AND id = ANY ($2::uuid[])
       ON CONFLICT DO NOTHING`,
      [workspace, [from, to]],
    );
    await tx.query(
      `UPDATE merged_learners SET kept_id = $3,
         into_id = CASE WHEN id = $2 THEN $3 ELSE into_id END,
         at = CASE WHEN id = $2 THEN now() ELSE at END,
         by = CASE WHEN id = $2 THEN $4 ELSE by END
       WHERE workspace = $1 AND kept_id = $2`,
      [workspace, from, to, merge.by],
    );
    await moveRows(tx, workspace, { from, to, own: null });
    await bringClasses(tx, workspace, from, to);
    await tx.query('DELETE FROM learners WHERE workspace = $1 AND id = $2', [workspace, from]);
    showKept(tx, workspace, [to]);
    await applyCohortRules(tx, workspace, [to]);
    await markDirty(tx, workspace, { learnerIds: [to, from] });
    return to;
  });
}

/** Locks the learners; not_found unless all are there. */
async function requireLearners(tx: Queryable, workspace: number, ids: readonly Uuid[]): Promise<void> {
  const rows = await tx.query<{ id: Uuid }>(
    'SELECT id FROM learners WHERE workspace = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE',
    [workspace, ids],
  );
  if (rows.length === new Set(ids).size) return;
  throw new GradewireError('not_found', 'No learner has this id. Copy both ids from GET /api/v1/learners.');
}
