/** The newest attempts on a learner's page. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { ATTEMPT_COLUMNS, ATTEMPT_JOINS, type AttemptRow } from './attempt-summary.ts';
import { countedAttempts, type FigureFilter, figureValues, inRange } from './counted-attempts.ts';

/** What fits on a page without scrolling; the rest is in GET attempts. */
const RECENT = 10;

/**
 * The ten newest within the range, by the time that figures go by (when it was done, else opened), so that what the summary
 * beside them counts is here too. Test plays are not; revoked ones are, with their state.
 */
export async function recentAttempts(
  db: Queryable,
  workspace: number,
  learnerId: Uuid,
  filter: FigureFilter,
): Promise<AttemptRow[]> {
  return await db.query<AttemptRow>(
    `${countedAttempts({ learnerId })}
     SELECT ${ATTEMPT_COLUMNS}
     FROM considered c JOIN attempts a ON a.workspace = $1 AND a.id = c.id ${ATTEMPT_JOINS}
     WHERE ${inRange('c.at')} AND NOT a.test AND NOT (coalesce($5::boolean, false) AND c.token)
     ORDER BY c.at DESC, c.id DESC LIMIT $8`,
    [...figureValues(workspace, { learnerId }, filter), RECENT],
  );
}
