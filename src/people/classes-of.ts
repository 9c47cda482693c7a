/** Classes of merged learners: the one who is kept is in all of them, and afterwards everybody is again where they were. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/**
 * Memberships move to `keptId`; what `id` had, and what the kept one was not in before, is kept for the way back. Whom a rule
 * put somewhere it puts there again (applyCohortRules, by the caller).
 */
export async function bringClasses(tx: Queryable, workspace: number, id: Uuid, keptId: Uuid): Promise<void> {
  await tx.query(
    `WITH had AS (
       DELETE FROM cohort_members WHERE workspace = $1 AND learner_id = $2 RETURNING cohort_id, origin, added_at
     ), removed AS (
       DELETE FROM cohort_removals WHERE workspace = $1 AND learner_id = $2 RETURNING cohort_id
     ), gained AS (
       INSERT INTO cohort_members (workspace, cohort_id, learner_id, origin, added_at)
       SELECT $1, cohort_id, $3, origin, added_at FROM had WHERE origin <> 'rule'
       ON CONFLICT DO NOTHING RETURNING cohort_id
     )
     UPDATE merged_learners SET brought = jsonb_build_object(
       'classes', (SELECT coalesce(jsonb_agg(had), '[]') FROM had WHERE origin <> 'rule'),
       'removals', (SELECT coalesce(jsonb_agg(cohort_id), '[]') FROM removed),
       'gained', (SELECT coalesce(jsonb_agg(cohort_id), '[]') FROM gained))
     WHERE workspace = $1 AND id = $2`,
    [workspace, id, keptId],
  );
}

/**
 * The way back. A class that the kept one came into by the merge is left again, unless another merged learner brought it too;
 * classes deleted meanwhile stay deleted.
 */
export async function takeClassesBack(tx: Queryable, workspace: number, id: Uuid, keptId: Uuid): Promise<void> {
  await tx.query(
    `WITH brought AS (
       SELECT brought AS b FROM merged_learners WHERE workspace = $1 AND id = $2
     ), others AS (
       SELECT (c ->> 'cohort_id')::uuid AS cohort_id FROM merged_learners m, jsonb_array_elements(m.brought -> 'classes') c
       WHERE m.workspace = $1 AND m.kept_id = $3 AND m.id <> $2
     ), left_again AS (
       DELETE FROM cohort_members m USING brought
       WHERE m.workspace = $1 AND m.learner_id = $3 AND m.origin <> 'rule' AND brought.b -> 'gained' ? m.cohort_id::text
         AND m.cohort_id NOT IN (SELECT cohort_id FROM others)
     ), removals AS (
       INSERT INTO cohort_removals (workspace, cohort_id, learner_id)
       SELECT $1, c.id, $2 FROM brought, jsonb_array_elements_text(b -> 'removals') r
       JOIN cohorts c ON c.workspace = $1 AND c.id = r::uuid
       ON CONFLICT DO NOTHING
     )
     INSERT INTO cohort_members (workspace, cohort_id, learner_id, origin, added_at)
     SELECT $1, c.id, $2, h.origin, h.added_at
     FROM brought, jsonb_to_recordset(b -> 'classes') AS h (cohort_id uuid, origin text, added_at timestamptz)
     JOIN cohorts c ON c.workspace = $1 AND c.id = h.cohort_id
     ON CONFLICT DO NOTHING`,
    [workspace, id, keptId],
  );
}
