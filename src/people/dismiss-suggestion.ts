/** Somebody says that two learners are not one person. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** Keeps the decision; false where one of the two is no learner. */
export async function dismissSuggestion(
  db: Queryable,
  workspace: number,
  pair: { a: Uuid; b: Uuid; by: string },
): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO dismissed_suggestions (workspace, a, b, by)
     SELECT $1, $2, $3, $4
     WHERE (SELECT count(*) FROM learners WHERE workspace = $1 AND id IN ($2, $3)) = 2
     ON CONFLICT (workspace, a, b) DO UPDATE SET by = EXCLUDED.by, at = now() RETURNING 1`,
    [workspace, pair.a, pair.b, pair.by],
  );
  return rows.length > 0;
}
