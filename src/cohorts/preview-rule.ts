/** Whom a rule would bring in, before it is set. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { type CohortRule, matchesOfRule } from './rule.ts';

/** Enough for the eye to see whether the rule means the right people. */
const SAMPLE = 10;

export async function previewRule(
  db: Queryable,
  workspace: number,
  rule: CohortRule,
): Promise<{ count: number; sample: { id: Uuid; name: string | null }[] }> {
  const rows = await db.query<{ id: Uuid; name: string | null; count: number }>(
    `SELECT l.id, l.name, count(*) OVER ()::int AS count
     FROM learners l
     WHERE l.workspace = $1 AND l.id IN (${matchesOfRule('$2::jsonb', '$3')})
     ORDER BY l.sort_name NULLS LAST, l.id LIMIT $4`,
    [workspace, JSON.stringify(rule), null, SAMPLE],
  );
  return { count: rows[0]?.count ?? 0, sample: rows.map(({ id, name }) => ({ id, name })) };
}
