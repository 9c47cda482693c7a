/** Lists of learners, by what a teacher looks for. */
import { type CohortScope, memberOf } from '../../cohorts/scope.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { microsOf, timeOfMicros } from './keyset.ts';
import { LEARNER_COLUMNS, type LearnerRow } from './learner-row.ts';

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

/** So many learners are read by their ids and sorted as they are: thousands take tens of milliseconds, whatever the order. */
const FEW = 5_000;

/** Rows of an order that are looked through for a page of hits before anything else is tried. */
const WALKED = 5_000;

/** Hits of a search that are sorted as they are. */
const FEW_HITS = 1_000;

interface Narrowed {
  search?: string | undefined;
  only?: Uuid | undefined;
  cohorts?: CohortScope;
  /** These and nobody else. */
  among?: readonly Uuid[];
  /** Only among so many from the place on, in the order asked for. */
  within?: number;
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

interface Page {
  sort: LearnerSort;
  descending: boolean;
  after: Place | null;
  limit: number;
}

/** Up to `limit` learners after a place. */
export async function listLearners(
  db: Queryable,
  workspace: number,
  filter: LearnerFilter,
  page: Page,
): Promise<ListedLearnerRow[]> {
  const { search, only, cohorts = null } = filter;
  if (only !== undefined) return await inOrder(db, workspace, { ...filter, among: [only] }, page);
  if (cohorts !== null) {
    const members = await fewMembers(db, workspace, cohorts);
    if (members !== null) return await inOrder(db, workspace, { search, among: members }, page);
  }
  if (search === undefined) return await inOrder(db, workspace, filter, page);
  // What many are found by soon fills a page.
  if (page.after?.rest !== true) {
    const soon = await part(db, workspace, { ...filter, within: WALKED }, { ...page, rest: false });
    if (soon.length >= page.limit) return soon;
  }
  const hits = await fewHits(db, workspace, search, cohorts);
  return await inOrder(db, workspace, hits === null ? filter : { among: hits }, page);
}

/**
 * Two statements at most: those who have a key, in the order of its index; then, where the page is not full, those who have
 * none. One statement with NULLS LAST could use neither index.
 */
async function inOrder(db: Queryable, workspace: number, narrowed: Narrowed, page: Page): Promise<ListedLearnerRow[]> {
  const { sort, after, limit } = page;
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

/** Everybody in one of the cohorts, or null where they are many: then an order walked along its index soon has a page of them. */
async function fewMembers(db: Queryable, workspace: number, cohorts: readonly Uuid[]): Promise<Uuid[] | null> {
  const rows = await db.query<{ id: Uuid }>(
    'SELECT learner_id AS id FROM cohort_members WHERE workspace = $1 AND cohort_id = ANY ($2::uuid[]) LIMIT $3',
    [workspace, cohorts, FEW + 1],
  );
  return rows.length > FEW ? null : [...new Set(rows.map(({ id }) => id))];
}

/**
 * A search with few hits as those hits, by one pass over the learners: no order is walked to its end in vain. Null where there are
 * many, for the walk in the order asked for soon has a page of them.
 */
async function fewHits(db: Queryable, workspace: number, search: string, cohorts: CohortScope): Promise<Uuid[] | null> {
  const values: unknown[] = [workspace, search, FEW_HITS + 1];
  const member = cohorts === null ? '' : ` AND ${memberOf('l.id', `$${values.push(cohorts)}`)}`;
  const rows = await db.query<{ id: Uuid }>(
    `SELECT l.id FROM learners l WHERE l.workspace = $1 AND ${found('$2')}${member} LIMIT $3`,
    values,
  );
  return rows.length > FEW_HITS ? null : rows.map(({ id }) => id);
}

/** SQL: whether `learners l` holds the text. Of a pass over all of them strpos takes half the time of LIKE. */
function found(search: string): string {
  return `strpos(l.search_text, plain_text(${search})) > 0`;
}

async function part(
  db: Queryable,
  workspace: number,
  filter: Narrowed,
  page: Page & { rest: boolean },
): Promise<ListedLearnerRow[]> {
  const values: unknown[] = [workspace, page.limit];
  const { key, shown, read, ofTotals } = SORTINGS[page.rest ? 'created' : page.sort];
  const order = page.descending ? 'DESC' : 'ASC';
  const inPlace = `ORDER BY ${key} ${order}, ${ofTotals ? 't.learner_id' : 'l.id'} ${order}`;
  // Conditions are only written when asked for, so that the planner sees which index fits.
  const placed = [`${key} IS NOT NULL`];
  if (page.after !== null) {
    const at = read(`$${values.push(page.after.key)}`);
    const id = ofTotals ? 't.learner_id' : 'l.id';
    placed.push(`(${key}, ${id}) ${page.descending ? '<' : '>'} (${at}, $${values.push(page.after.id)}::uuid)`);
  }
  const fitting = ['true'];
  if (page.rest) fitting.push(withoutKey(page.sort));
  if (filter.search !== undefined) fitting.push(found(`$${values.push(filter.search)}`));
  // CASE: the members are hashed once, and asked for each learner that the walk comes by. As a join it may ask the index each time.
  if (filter.cohorts !== undefined && filter.cohorts !== null)
    fitting.push(`CASE WHEN ${memberOf('l.id', `$${values.push(filter.cohorts)}`)} THEN true ELSE false END`);
  const from = sourceOf(filter, ofTotals, placed.join(' AND '), inPlace, (value) => `$${values.push(value)}`);
  const rows = await db.query<Omit<ListedLearnerRow, 'place'> & { sorted_by: string | number }>(
    `SELECT ${LEARNER_COLUMNS}, ${shown('l.sorted_by')} AS sorted_by, t.last_activity_at, t.average_percentage,
            coalesce(t.attempts_completed, 0) AS attempts_completed,
            EXISTS (SELECT FROM attempts a WHERE a.workspace = $1 AND a.learner_id = l.id AND NOT a.test) AS started
     FROM (SELECT l.*, ${key} AS sorted_by FROM ${from} AND ${fitting.join(' AND ')} ${inPlace} LIMIT $2) l
     LEFT JOIN learner_totals t ON t.workspace = l.workspace AND t.learner_id = l.id
     ORDER BY l.sorted_by ${order}, l.id ${order}`,
    values,
  );
  return rows.map(({ sorted_by, ...row }) => ({ ...row, place: { rest: page.rest, key: sorted_by, id: row.id } }));
}

/**
 * SQL: `learners l`, with learner_totals `t` where the key stands there, from the place on, and WHERE: of those named, each by its
 * key (OFFSET 0: the planner would rather walk the order, which may have none of them for long); or else all, or so many.
 */
function sourceOf(
  { among, within }: Narrowed,
  ofTotals: boolean,
  placed: string,
  inPlace: string,
  parameter: (value: unknown) => string,
): string {
  const learner = (id: string): string =>
    `CROSS JOIN LATERAL (SELECT x.* FROM learners x WHERE x.workspace = $1 AND x.id = ${id} OFFSET 0) l`;
  if (among !== undefined) {
    const named = `unnest(${parameter(among)}::uuid[]) AS named (id)`;
    return ofTotals
      ? `${named} CROSS JOIN LATERAL (
           SELECT x.* FROM learner_totals x WHERE x.workspace = $1 AND x.learner_id = named.id OFFSET 0) t ${learner('t.learner_id')} WHERE ${placed}`
      : `${named} ${learner('named.id')} WHERE ${placed}`;
  }
  if (within !== undefined) {
    return ofTotals
      ? `(SELECT t.* FROM learner_totals t WHERE t.workspace = $1 AND ${placed} ${inPlace} LIMIT ${within}) t
         ${learner('t.learner_id')} WHERE true`
      : `(SELECT l.* FROM learners l WHERE l.workspace = $1 AND ${placed} ${inPlace} LIMIT ${within}) l WHERE true`;
  }
  return ofTotals
    ? `learner_totals t JOIN learners l ON l.workspace = t.workspace AND l.id = t.learner_id WHERE t.workspace = $1 AND ${placed}`
    : `learners l WHERE l.workspace = $1 AND ${placed}`;
}

/** SQL: whether `learners l` has nothing that this list is sorted by. */
function withoutKey(sort: LearnerSort): string {
  const { key, ofTotals } = SORTINGS[sort];
  if (!ofTotals) return `${key} IS NULL`;
  return `NOT EXISTS (SELECT FROM learner_totals t WHERE t.workspace = l.workspace AND t.learner_id = l.id AND ${key} IS NOT NULL)`;
}
