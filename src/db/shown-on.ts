/**
 * SQL: whose page shows what belongs to a learner by the platform's identity. Projecting goes by that learner (`origin_id`, or
 * `learner_id` where that is null), so that merging people and taking it back changes nothing of how facts become attempts;
 * rows bear the kept one (docs/decisions/0120-merges.md). `$1` is the workspace.
 */

/**
 * The common table expression that the other two read: the merges of the learners in this SQL array. Read once for a statement, and
 * nearly always of no row: asked for each row of a batch it took a tenth of what the database does for an attempt.
 */
export function mergedAmong(learners: string): string {
  return `merged AS MATERIALIZED (
    SELECT m.id, m.kept_id, m.into_id FROM merged_learners m WHERE m.workspace = $1 AND m.id = ANY (${learners})
  )`;
}

/** The learner whose page shows it: the kept one, or the same. */
export function shownOn(learner: string): string {
  return `coalesce((SELECT g.kept_id FROM merged g WHERE g.id = ${learner}), ${learner})`;
}

/** What stands in `origin_id` beside it: the learner itself while merged into another, else null. */
export function originOf(learner: string): string {
  return `(SELECT g.id FROM merged g WHERE g.id = ${learner} AND g.into_id IS NOT NULL)`;
}
