/** `{userId}` of the guide's routes: our learner id, or the platform's own. */
import { GradewireError } from '../core/errors.ts';
import { parsePublicId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { findLearnersByExternalId } from '../progress/queries/find-learners.ts';
import { visibleLearners } from './access.ts';
import type { Principal } from './context.ts';
import { sourceFilter } from './source-filter.ts';

export interface FoundStudent {
  /** null: not seen yet. */
  learnerId: Uuid | null;
  /** What `source=` means; null when it was not given. */
  sourceId: Uuid | null;
}

/**
 * Who that is, among those whom the principal may see: another's learner with the same id is nobody's business, so it makes
 * nothing ambiguous. 409 `ambiguous_learner` when two learners bear the id and `source` does not say which; 400 for no such
 * source. The caller refuses what requireLearner refuses.
 */
export async function findStudent(
  db: Queryable,
  principal: Principal,
  userId: string,
  source: string | undefined,
): Promise<FoundStudent> {
  const { workspace } = principal;
  const sourceId = (await sourceFilter(db, workspace, source)) ?? null;
  // PostgreSQL refuses a null byte in a text, so nobody can bear such an id.
  if (userId.includes('\0')) return { learnerId: null, sourceId };
  const ours = parsePublicId('lrn', userId);
  if (ours !== null) {
    const rows = await db.query('SELECT 1 FROM learners WHERE workspace = $1 AND id = $2', [workspace, ours]);
    if (rows.length > 0) return { learnerId: ours, sourceId };
  }
  const ids = await findLearnersByExternalId(db, workspace, {
    externalId: userId,
    sourceId: sourceId ?? undefined,
    only: principal.learnerId ?? undefined,
  });
  const visible = await visibleLearners(db, principal, ids);
  if (visible.length > 1) throw new GradewireError('ambiguous_learner');
  return { learnerId: visible[0] ?? null, sourceId };
}
