/** Who shows a learner now: the one it was merged into, or itself. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** The kept learners of those of `ids` that were merged into another; the others are not in the map. */
export async function keptLearners(
  db: Queryable,
  workspace: number,
  ids: readonly Uuid[],
): Promise<ReadonlyMap<Uuid, Uuid>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<{ id: Uuid; keptId: Uuid }>(
    `SELECT id, kept_id AS "keptId" FROM merged_learners
     WHERE workspace = $1 AND id = ANY ($2::uuid[]) AND into_id IS NOT NULL`,
    [workspace, ids],
  );
  return new Map(rows.map((row) => [row.id, row.keptId]));
}

/** The learner on whose page `id` is shown: itself, unless it was merged into another. */
export async function keptLearner(db: Queryable, workspace: number, id: Uuid): Promise<Uuid> {
  return (await keptLearners(db, workspace, [id])).get(id) ?? id;
}
