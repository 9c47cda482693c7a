/** Lists of learners, newest first. */
import { type CohortScope, inCohorts } from '../../cohorts/scope.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { type Keyset, microsOf, timeOfMicros } from './keyset.ts';
import { LEARNER_COLUMNS, type LearnerRow } from './learner-row.ts';
import { containing } from './like.ts';

/**
 * Up to `limit` learners made before the keyset. `search`: part of the name, of the e-mail or of an external id, whatever
 * its case. `only`: that learner or nobody.
 */
export async function listLearners(
  db: Queryable,
  workspace: number,
  filter: { search?: string | undefined; only?: Uuid | undefined; cohorts?: CohortScope },
  page: { after: Keyset | null; limit: number },
): Promise<(LearnerRow & { created_micros: number })[]> {
  const values: unknown[] = [workspace, page.limit];
  const conditions: string[] = [];
  if (filter.search !== undefined) {
    const n = values.push(containing(filter.search));
    conditions.push(` AND (l.name ILIKE $${n} OR l.email ILIKE $${n} OR l.id IN (
      SELECT i.learner_id FROM identities i WHERE i.workspace = $1 AND i.external_id ILIKE $${n}))`);
  }
  if (filter.only !== undefined) conditions.push(` AND l.id = $${values.push(filter.only)}`);
  if (filter.cohorts !== undefined && filter.cohorts !== null)
    conditions.push(` AND ${inCohorts('l.id', `$${values.push(filter.cohorts)}`)}`);
  if (page.after !== null) {
    const at = values.push(page.after.micros);
    const id = values.push(page.after.id);
    conditions.push(` AND (l.created_at, l.id) < (${timeOfMicros(`$${at}`)}, $${id}::uuid)`);
  }
  return await db.query<LearnerRow & { created_micros: number }>(
    `SELECT ${LEARNER_COLUMNS}, l.created_micros
     FROM (SELECT l.*, ${microsOf('l.created_at')} AS created_micros FROM learners l
           WHERE l.workspace = $1${conditions.join('')}
           ORDER BY l.created_at DESC, l.id DESC LIMIT $2) l
     ORDER BY l.created_at DESC, l.id DESC`,
    values,
  );
}
