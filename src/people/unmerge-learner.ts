/** Takes a merge back: everything is as if it had never been, with what came in meanwhile where it belongs. */
import { applyCohortRules } from '../cohorts/apply-rules.ts';
import { GradewireError } from '../core/errors.ts';
import { publicId, type Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';
import { takeRebuildLock } from '../normalise/queue/rebuild-lock.ts';
import { showKept } from '../progress/project/show-kept.ts';
import { markDirty } from '../progress/rollups/mark-dirty.ts';
import { takeClassesBack } from './classes-of.ts';
import { moveRows } from './move-rows.ts';

/**
 * Takes out of a group the learner `learner`, or, when that is null, `id` itself if it was merged into another, else the only
 * one merged into it. Those merged into the one taken out go with it. Throws not_found where nothing was merged and
 * invalid_request where it is not clear which.
 */
export async function unmergeLearner(
  db: Database,
  workspace: number,
  wanted: { id: Uuid; learner: Uuid | null },
): Promise<{ kept: Uuid; restored: Uuid }> {
  return db.transaction(async (tx) => {
    await takeRebuildLock(tx, workspace);
    const { kept, restored } = await choose(tx, workspace, wanted);
    const rows = await tx.query<{ id: Uuid }>(
      `WITH RECURSIVE branch AS (
         SELECT id FROM merged_learners WHERE workspace = $1 AND id = $2
         UNION ALL
         SELECT m.id FROM merged_learners m JOIN branch b ON m.workspace = $1 AND m.into_id = b.id
       ) SELECT id FROM branch`,
      [workspace, restored],
    );
    const branch = rows.map((row) => row.id);
    await takeClassesBack(tx, workspace, restored, kept);
    await tx.query(
      `UPDATE merged_learners SET kept_id = $2, into_id = CASE WHEN id = $2 THEN NULL ELSE into_id END,
         brought = CASE WHEN id = $2 THEN '{}' ELSE brought END
       WHERE workspace = $1 AND id = ANY ($3::uuid[])`,
      [workspace, restored, branch],
    );
    await tx.query(
      `INSERT INTO learners (workspace, id, name, name_at, name_by, email, email_at, email_by, excluded, excluded_by, created_at)
       SELECT workspace, id, name, name_at, name_by, email, email_at, email_by, excluded, excluded_by, created_at
       FROM merged_learners WHERE workspace = $1 AND id = $2`,
      [workspace, restored],
    );
    await moveRows(tx, workspace, { from: kept, to: restored, own: branch });
    showKept(tx, workspace, [kept, restored]);
    // Who is alone again is no group.
    await tx.query(
      `DELETE FROM merged_learners m WHERE m.workspace = $1 AND m.id = ANY ($2::uuid[])
         AND NOT EXISTS (SELECT FROM merged_learners o WHERE o.workspace = $1 AND o.kept_id = m.id AND o.id <> m.id)`,
      [workspace, [kept, restored]],
    );
    await applyCohortRules(tx, workspace, [kept, restored]);
    await markDirty(tx, workspace, { learnerIds: [kept, restored] });
    return { kept, restored };
  });
}

async function choose(
  tx: Queryable,
  workspace: number,
  { id, learner }: { id: Uuid; learner: Uuid | null },
): Promise<{ kept: Uuid; restored: Uuid }> {
  const group = await tx.query<{ id: Uuid; keptId: Uuid; intoId: Uuid | null }>(
    `SELECT id, kept_id AS "keptId", into_id AS "intoId" FROM merged_learners
     WHERE workspace = $1 AND kept_id = (SELECT kept_id FROM merged_learners WHERE workspace = $1 AND id = $2)
     ORDER BY at, id`,
    [workspace, id],
  );
  const merged = group.filter((one) => one.intoId !== null);
  const named = merged.find((one) => one.id === (learner ?? id));
  const direct = merged.filter((one) => one.intoId === id);
  const chosen = named ?? (learner === null && direct.length === 1 ? direct[0] : undefined);
  if (chosen !== undefined) return { kept: chosen.keptId, restored: chosen.id };
  if (learner === null && direct.length > 1) {
    throw new GradewireError('invalid_request', undefined, {
      details: [
        {
          path: 'body/learner',
          message: `Several were merged into this learner. Say which: ${direct.map((one) => publicId('lrn', one.id)).join(', ')}.`,
        },
      ],
    });
  }
  throw new GradewireError('not_found', 'Nobody is merged here. `mergedFrom` of a learner lists who can be taken out.');
}
