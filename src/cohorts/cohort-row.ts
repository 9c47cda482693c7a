/** Cohorts as rows give them: listed, and one. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import type { CohortRule } from './rule.ts';
import type { CohortScope } from './scope.ts';

export interface CohortRow {
  id: Uuid;
  name: string;
  /** What the list is sorted by. */
  sort_name: string;
  description: string | null;
  rule: CohortRule | null;
  members: number;
  created_at: Date;
}

const COLUMNS = `c.id, c.name, plain_text(c.name) AS sort_name, c.description, c.rule, c.created_at,
  (SELECT count(*)::int FROM cohort_members m WHERE m.workspace = c.workspace AND m.cohort_id = c.id) AS members`;

/** Up to `limit` cohorts by name, after the place `[sort_name, id]`. `only`: of these, those that exist; null: all. */
export async function listCohorts(
  db: Queryable,
  workspace: number,
  filter: { search?: string | undefined; only: CohortScope },
  page: { after: readonly [sortName: string, id: Uuid] | null; limit: number },
): Promise<CohortRow[]> {
  return await db.query<CohortRow>(
    `SELECT ${COLUMNS} FROM cohorts c
     WHERE c.workspace = $1 AND ($2::uuid[] IS NULL OR c.id = ANY ($2::uuid[]))
       AND ($3::text IS NULL OR strpos(plain_text(c.name), plain_text($3)) > 0)
       AND ($4::text IS NULL OR (plain_text(c.name), c.id) > ($4, $5::uuid))
     ORDER BY plain_text(c.name), c.id LIMIT $6`,
    [workspace, filter.only, filter.search ?? null, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
}

/** The cohort; null where there is none. */
export async function getCohort(db: Queryable, workspace: number, id: Uuid): Promise<CohortRow | null> {
  const rows = await db.query<CohortRow>(`SELECT ${COLUMNS} FROM cohorts c WHERE c.workspace = $1 AND c.id = $2`, [
    workspace,
    id,
  ]);
  return rows[0] ?? null;
}
