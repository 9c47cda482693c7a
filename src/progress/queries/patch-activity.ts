/** What a person sets for an activity. */
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { Queryable } from '../../db/database.ts';
import type { RetakePolicy } from '../figures/retake-policy.ts';
import { markDirty } from '../rollups/mark-dirty.ts';

export interface ActivityPatch {
  passPercentage?: number | null;
  /** A time: from now on a person's word, which platforms do not overwrite. null: gone, and the platform's word counts again. */
  dueAt?: Instant | null;
  /** null: the workspace's policy. */
  attempts?: RetakePolicy | null;
}

/** Writes the fields that are there; false where there is no such activity. */
export async function patchActivity(
  db: Queryable,
  workspace: number,
  id: Uuid,
  patch: ActivityPatch,
): Promise<boolean> {
  const rows = await db.query<{ id: Uuid }>(
    `UPDATE activities SET
       pass_percentage = CASE WHEN $3::boolean THEN $4::float8 ELSE pass_percentage END,
       due_at = CASE WHEN $5::boolean THEN $6::timestamptz ELSE due_at END,
       due_by = CASE WHEN NOT $5 THEN due_by WHEN $6 IS NULL THEN 'platform' ELSE 'person' END,
       due_told_at = CASE WHEN $5 AND $6 IS NULL THEN NULL ELSE due_told_at END,
       attempts_policy = CASE WHEN $7::boolean THEN $8::text ELSE attempts_policy END
     WHERE workspace = $1 AND id = $2 RETURNING id`,
    [
      workspace,
      id,
      patch.passPercentage !== undefined,
      patch.passPercentage ?? null,
      patch.dueAt !== undefined,
      patch.dueAt ?? null,
      patch.attempts !== undefined,
      patch.attempts ?? null,
    ],
  );
  // Both change which results count, or as what.
  if (patch.passPercentage !== undefined || patch.attempts !== undefined) {
    await markDirty(db, workspace, { activityIds: [id] });
  }
  return rows.length > 0;
}
