/** Lists of learners, by what a teacher looks for. */
import { type CohortScope, memberOf } from '../../cohorts/scope.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { microsOf, timeOfMicros } from './keyset.ts';
import { LEARNER_COLUMNS, type LearnerRow } from './learner-row.ts';
import { containing } from './like.ts';

export const LEARNER_SORTS = ['created', 'name', 'lastActivity', 'average'] as const;
export type LearnerSort = (typeof LEARNER_SORTS)[number];

export interface ListedLearnerRow extends LearnerRow {
  last_activity_at: Date | null;
  attempts_completed: number;
  average_percentage: number | null;
  /** Has an attempt, whether or not it counts. */
  started: boolean;
  /** The place in the list: after whom the next page goes on. */
  place: Place;
}

/**
 * Where a page ended. `rest`: among those who have nothing to be sorted by (no name, no activity, no score); they come last in
 * either order, the newest first, and `key` is then when they were made.
 */
export interface Place {
  rest: boolean;
  /** The text or number that was sorted by; of times, microseconds since 1970. */
  key: string | number;
  id: Uuid;
}

export interface LearnerFilter {
  /** Part of the name, of the e-mail or of an external id, whatever case and accents. */
  search?: string | undefined;
  /** That learner or nobody. */
  only?: Uuid | undefined;
  cohorts?: CohortScope;
}

/** Hits that are sorted as they are; reading so many by their ids takes milliseconds. */
const FEW = 1_000;

interface Narrowed extends LearnerFilter {
  /** These and nobody else. */
  among?: readonly Uuid[];
}

interface Sorting {
  key: string;
  /** The key as a cursor holds it, and the parameter of a cursor as the key. */
  shown: (key: string) => string;
  read: (parameter: string) => string;
  /** Whether the key stands in learner_totals `t`. */
  ofTotals: boolean;
}

const byTime = { shown: microsOf, read: timeOfMicros };
const plain = (type: string) => ({ shown: (key: string) => key, read: (parameter: string) => `${parameter}::${type}` });

const SORTINGS: Record<LearnerSort, Sorting> = {
  created: { key: 'l.created_at', ...byTime, ofTotals: false },
  name: { key: 'l.sort_name', ...plain('text'), ofTotals: false },
  lastActivity: { key: 't.last_activity_at', ...byTime, ofTotals: true },
  average: { key: 't.average_percentage', ...plain('float8'), ofTotals: true },
};

/**
 * Up to `limit` learners after a place. Two statements at most: those who have a key, in the order of its index; then, where
 * the page is not full, those who have none. One statement with NULLS LAST could use neither index.
 */
export async function listLearners(
  db: Queryable,
  workspace: number,
  filter: LearnerFilter,
  page: { sort: LearnerSort; descending: boolean; after: Place | null; limit: number },
): Promise<ListedLearnerRow[]> {
  const { sort, after, limit } = page;
  const narrowed = await narrow(db, workspace, filter);
  if (narrowed.among?.length === 0) return [];
  const placed = after?.rest === true ? [] : await part(db, workspace, narrowed, { ...page, rest: false });
  if (placed.length >= limit || sort === 'created') return placed;
  const rest = await part(db, workspace, narrowed, {
    ...page,
    rest: true,
    descending: true,
    after: after?.rest === true ? after : null,
    limit: limit - placed.length,
  });
  return [...placed, ...rest];
}

/**
 * A search with few hits as those hits, by one pass over the learners: no order is walked to its end in vain. One with many
 * stays as it is, for the walk in the order asked for soon has a page of them.
 */
async function narrow(db: Queryable, workspace: number, filter: LearnerFilter): Promise<Narrowed> {
  if (filter.search === undefined) return filter;
  const values: unknown[] = [workspace, containing(filter.search), FEW + 1];
  const { cohorts = null } = filter;
  const member = cohorts === null ? '' : ` AND ${memberOf('l.id', `$${values.push(cohorts)}`)}`;
  const rows = await db.query<{ id: Uuid }>(
    `SELECT l.id FROM learners l WHERE l.workspace = $1 AND l.search_text LIKE plain_text($2)${member} LIMIT $3`,
    values,
  );
  if (rows.length > FEW) return filter;
  const { only } = filter;
  return { among: rows.map(({ id }) => id).filter((id) => only === undefined || id === only) };
}

async function part(
  db: Queryable,
  workspace: number,
  filter: Narrowed,
  page: { sort: LearnerSort; rest: boolean; descending: boolean; after: Place | null; limit: number },
): Promise<ListedLearnerRow[]> {
  const values: unknown[] = [workspace, page.limit];
  const { key, shown, read, ofTotals } = SORTINGS[page.rest ? 'created' : page.sort];
  const id = ofTotals ? 't.learner_id' : 'l.id';
  // Conditions are only written when asked for, so that the planner sees which index fits.
  const conditions = [`${ofTotals ? 't' : 'l'}.workspace = $1`, `${key} IS NOT NULL`];
  if (page.rest) conditions.push(withoutKey(page.sort));
  if (filter.search !== undefined)
    conditions.push(`l.search_text LIKE plain_text($${values.push(containing(filter.search))})`);
  if (filter.among !== undefined) conditions.push(`l.id = ANY ($${values.push(filter.among)}::uuid[])`);
  if (filter.only !== undefined) conditions.push(`l.id = $${values.push(filter.only)}`);
  if (filter.cohorts !== undefined && filter.cohorts !== null)
    conditions.push(memberOf('l.id', `$${values.push(filter.cohorts)}`));
  if (page.after !== null) {
    const at = read(`$${values.push(page.after.key)}`);
    conditions.push(`(${key}, ${id}) ${page.descending ? '<' : '>'} (${at}, $${values.push(page.after.id)}::uuid)`);
  }
  const order = page.descending ? 'DESC' : 'ASC';
  const rows = await db.query<Omit<ListedLearnerRow, 'place'> & { sorted_by: string | number }>(
    `SELECT ${LEARNER_COLUMNS}, ${shown('l.sorted_by')} AS sorted_by, t.last_activity_at, t.average_percentage,
            coalesce(t.attempts_completed, 0) AS attempts_completed,
            EXISTS (SELECT FROM attempts a WHERE a.workspace = $1 AND a.learner_id = l.id AND NOT a.test) AS started
     FROM (SELECT l.*, ${key} AS sorted_by
           FROM learners l${ofTotals ? ' JOIN learner_totals t ON t.workspace = l.workspace AND t.learner_id = l.id' : ''}
           WHERE ${conditions.join(' AND ')}
           ORDER BY ${key} ${order}, ${id} ${order} LIMIT $2) l
     LEFT JOIN learner_totals t ON t.workspace = l.workspace AND t.learner_id = l.id
     ORDER BY l.sorted_by ${order}, l.id ${order}`,
    values,
  );
  return rows.map(({ sorted_by, ...row }) => ({ ...row, place: { rest: page.rest, key: sorted_by, id: row.id } }));
}

/** SQL: whether `learners l` has nothing that this list is sorted by. */
function withoutKey(sort: LearnerSort): string {
  const { key, ofTotals } = SORTINGS[sort];
  if (!ofTotals) return `${key} IS NULL`;
  return `NOT EXISTS (SELECT FROM learner_totals t WHERE t.workspace = l.workspace AND t.learner_id = l.id AND ${key} IS NOT NULL)`;
}
