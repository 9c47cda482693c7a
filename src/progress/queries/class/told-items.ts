/** What people told of an activity's questions. */
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';

export interface ToldChoice {
  answerId: string;
  text: string | null;
  correct: boolean | null;
}

export interface ToldItem {
  questionId: string;
  text: string | null;
  choices: ToldChoice[];
  topics: string[];
}

/** In the order they were told. */
export async function toldItems(db: Queryable, workspace: number, activityId: Uuid): Promise<ToldItem[]> {
  return await db.query<ToldItem>(
    `SELECT question_id AS "questionId", text, choices, topics FROM activity_items
     WHERE workspace = $1 AND activity_id = $2 ORDER BY position`,
    [workspace, activityId],
  );
}

/** Replaces all of them. Question ids must be unique. */
export async function putToldItems(
  tx: Queryable,
  workspace: number,
  activityId: Uuid,
  items: readonly ToldItem[],
): Promise<void> {
  await tx.query('DELETE FROM activity_items WHERE workspace = $1 AND activity_id = $2', [workspace, activityId]);
  await tx.query(
    `INSERT INTO activity_items (workspace, activity_id, question_id, position, text, choices, topics)
     SELECT $1, $2, i ->> 'questionId', n, i ->> 'text', i -> 'choices',
            ARRAY(SELECT jsonb_array_elements_text(i -> 'topics'))
     FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS told (i, n)`,
    [workspace, activityId, JSON.stringify(items)],
  );
}
