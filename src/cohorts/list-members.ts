/** Who is in a cohort. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

export interface MemberRow {
  learner_id: Uuid;
  name: string | null;
  email: string | null;
  /** What the list is sorted by: people without a name come first. */
  sort_name: string;
  origin: 'hand' | 'list' | 'rule';
  added_at: Date;
}

/** Up to `limit` members by name, after the place `[sort_name, id]`. `search`: a LIKE pattern of plain_text. */
export async function listMembers(
  db: Queryable,
  workspace: number,
  cohortId: Uuid,
  search: string | null,
  page: { after: readonly [sortName: string, id: Uuid] | null; limit: number },
): Promise<MemberRow[]> {
  return await db.query<MemberRow>(
    `SELECT m.learner_id, l.name, l.email, coalesce(l.sort_name, '') AS sort_name, m.origin, m.added_at
     FROM cohort_members m JOIN learners l ON l.workspace = m.workspace AND l.id = m.learner_id
     WHERE m.workspace = $1 AND m.cohort_id = $2 AND ($3::text IS NULL OR l.search_text LIKE plain_text($3))
       AND ($4::text IS NULL OR (coalesce(l.sort_name, ''), l.id) > ($4, $5::uuid))
     ORDER BY coalesce(l.sort_name, ''), l.id LIMIT $6`,
    [workspace, cohortId, search, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
}
