/** From marks to the groups (one learner at one activity) that are made anew. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

export interface Group {
  learnerId: Uuid;
  activityId: Uuid;
}

/** Marks in one go: some tenths of a second, so that whoever waits for the machine gets it soon. */
const MOST_MARKS = 200;

interface Mark {
  learner_id: Uuid | null;
  activity_id: Uuid | null;
}

/**
 * Takes marks and gives the groups they mean. Marks of whole learners, activities and the workspace are put back as marks of their
 * parts, so that no transaction grows with them. `left`: there are more marks.
 */
export async function takeMarks(tx: Queryable, workspace: number): Promise<{ groups: Group[]; left: boolean }> {
  const marks = await tx.query<Mark>(
    `WITH taken AS (
       DELETE FROM rollup_marks WHERE ctid = ANY (ARRAY(
         SELECT m.ctid FROM rollup_marks m WHERE m.workspace = $1 LIMIT $2)) RETURNING learner_id, activity_id
     ) SELECT DISTINCT learner_id, activity_id FROM taken`,
    [workspace, MOST_MARKS],
  );
  const groups: Group[] = [];
  const learnerIds: Uuid[] = [];
  const activityIds: Uuid[] = [];
  let all = false;
  for (const { learner_id: learnerId, activity_id: activityId } of marks) {
    if (learnerId !== null && activityId !== null) groups.push({ learnerId, activityId });
    else if (learnerId !== null) learnerIds.push(learnerId);
    else if (activityId !== null) activityIds.push(activityId);
    else all = true;
  }
  if (all) {
    await tx.query(
      `INSERT INTO rollup_marks (workspace, activity_id)
       SELECT $1::integer, id FROM activities WHERE workspace = $1
       UNION SELECT workspace, activity_id FROM figure_attempts WHERE workspace = $1`,
      [workspace],
    );
  }
  if (learnerIds.length + activityIds.length > 0) {
    await tx.query(
      `INSERT INTO rollup_marks (workspace, learner_id, activity_id)
       SELECT workspace, learner_id, activity_id FROM attempts
       WHERE workspace = $1 AND learner_id = ANY ($2::uuid[]) AND activity_id IS NOT NULL
       UNION SELECT workspace, learner_id, activity_id FROM figure_attempts
       WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])
       UNION SELECT workspace, learner_id, activity_id FROM attempts
       WHERE workspace = $1 AND activity_id = ANY ($3::uuid[]) AND learner_id IS NOT NULL
       UNION SELECT workspace, learner_id, activity_id FROM figure_attempts
       WHERE workspace = $1 AND activity_id = ANY ($3::uuid[])`,
      [workspace, learnerIds, activityIds],
    );
  }
  const rest = await tx.query<{ left: boolean }>(
    'SELECT EXISTS (SELECT FROM rollup_marks WHERE workspace = $1) AS left',
    [workspace],
  );
  return { groups, left: rest[0]?.left === true };
}
