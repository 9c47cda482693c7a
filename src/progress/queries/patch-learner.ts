/** What a person says of a learner. */
import type { Uuid } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import { showKept } from '../project/show-kept.ts';
import { markDirty } from '../rollups/mark-dirty.ts';

export interface LearnerPatch {
  /** Text: from now on a person's word, which platforms do not overwrite. null: gone, and the platforms' word counts again. */
  name?: string | null;
  email?: string | null;
  excluded?: boolean;
}

/**
 * Writes the fields that are there, in a transaction of the caller; false where there is no such learner. Of somebody into whom
 * others were merged it is said of the learner itself, so it stays when that is taken back.
 */
export async function patchLearner(
  tx: Transaction,
  workspace: number,
  id: Uuid,
  patch: LearnerPatch,
): Promise<boolean> {
  const values = [
    workspace,
    id,
    patch.name !== undefined,
    patch.name ?? null,
    patch.email !== undefined,
    patch.email ?? null,
    patch.excluded ?? null,
  ];
  const known = await tx.query(patchOf('learners'), values);
  if (known.length === 0) return false;
  const grouped = await tx.query(patchOf('merged_learners'), values);
  if (grouped.length > 0) showKept(tx, workspace, [id]);
  if (patch.excluded !== undefined) await markDirty(tx, workspace, { learnerIds: [id] });
  return true;
}

function patchOf(table: 'learners' | 'merged_learners'): string {
  return `UPDATE ${table} SET
       name = CASE WHEN $3::boolean THEN $4::text ELSE name END,
       name_by = CASE WHEN NOT $3 THEN name_by WHEN $4::text IS NULL THEN 'platform' ELSE 'person' END,
       name_at = CASE WHEN $3 AND $4::text IS NULL THEN NULL ELSE name_at END,
       email = CASE WHEN $5::boolean THEN $6::text ELSE email END,
       email_by = CASE WHEN NOT $5 THEN email_by WHEN $6::text IS NULL THEN 'platform' ELSE 'person' END,
       email_at = CASE WHEN $5 AND $6::text IS NULL THEN NULL ELSE email_at END,
       excluded = coalesce($7::boolean, excluded),
       excluded_by = CASE WHEN $7::boolean IS NULL THEN excluded_by ELSE 'person' END
     WHERE workspace = $1 AND id = $2 RETURNING id`;
}
