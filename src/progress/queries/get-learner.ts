/** One learner. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { LEARNER_COLUMNS, type LearnerRow } from './learner-row.ts';

/** The learner; null where there is none. */
export async function getLearner(db: Queryable, workspace: number, id: Uuid): Promise<LearnerRow | null> {
  const rows = await db.query<LearnerRow>(
    `SELECT ${LEARNER_COLUMNS} FROM learners l WHERE l.workspace = $1 AND l.id = $2`,
    [workspace, id],
  );
  return rows[0] ?? null;
}
