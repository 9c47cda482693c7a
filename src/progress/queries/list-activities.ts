/** Lists of activities. */
import type { Uuid } from '../../core/ids.ts';
import type { ActivityKind } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { ACTIVITY_COLUMNS, type ActivityRow } from './activity-row.ts';
import { microsOf, timeOfMicros } from './keyset.ts';
import { containing } from './like.ts';

export const ACTIVITY_SORTS = ['created', 'title', 'attempts', 'average'] as const;
export type ActivitySort = (typeof ACTIVITY_SORTS)[number];

export interface ListedActivityRow extends ActivityRow {
  /** What it is sorted by, as a cursor holds it. */
  sort_key: string | number;
}

/** Averages of nothing come last. Every percentage is above it. */
const NO_AVERAGE = -1e9;

interface Sorting {
  key: string;
  /** The key as a cursor holds it, and a cursor's value as the key. */
  shown: (key: string) => string;
  read: (parameter: string) => string;
  order: 'DESC' | 'ASC';
}

const asNumber = { shown: (key: string) => key, read: (parameter: string) => `${parameter}::float8` };

/**
 * Attempts and averages by the worker's sums (src/progress/rollups), over all time and by each activity's own policy: behind by a
 * moment, which moves no line far.
 */
const SORTINGS: Readonly<Record<ActivitySort, Sorting>> = {
  created: { key: 't.created_at', shown: microsOf, read: timeOfMicros, order: 'DESC' },
  title: {
    // Bytes, so that the order of the database's locale and that of the cursor are one.
    key: `left(plain_text(coalesce(t.title, t.external_id)), 500) COLLATE "C"`,
    shown: (key) => key,
    read: (parameter) => `${parameter}::text COLLATE "C"`,
    order: 'ASC',
  },
  attempts: { key: 'coalesce(s.completed, 0)::float8', ...asNumber, order: 'DESC' },
  average: { key: `coalesce((s.total / nullif(s.n, 0))::float8, ${NO_AVERAGE})`, ...asNumber, order: 'DESC' },
};

const SUMS = `LEFT JOIN (
    SELECT key, sum(completed) AS completed, sum(own_n) AS n, sum(own_sum) AS total FROM figure_sums
    WHERE workspace = $1 AND scope = 'activity' AND variant IN (0, 1) GROUP BY 1
  ) s ON s.key = t.id::text`;

/**
 * Up to `limit` activities after the keyset: titles from A on, everything else from the newest, most or best on. `search`: part
 * of the title or of the platform's id, whatever its case.
 */
export async function listActivities(
  db: Queryable,
  workspace: number,
  filter: { search?: string | undefined; kind?: ActivityKind | undefined },
  page: { sort: ActivitySort; after: { key: string | number; id: Uuid } | null; limit: number },
): Promise<ListedActivityRow[]> {
  const { key, shown, read, order } = SORTINGS[page.sort];
  const values: unknown[] = [workspace, page.limit];
  const conditions = ['t.workspace = $1'];
  if (filter.search !== undefined) {
    const n = values.push(containing(filter.search));
    conditions.push(`(t.title ILIKE $${n} OR t.external_id ILIKE $${n})`);
  }
  if (filter.kind !== undefined) conditions.push(`t.kind = $${values.push(filter.kind)}`);
  if (page.after !== null) {
    const place = read(`$${values.push(page.after.key)}`);
    const id = `$${values.push(page.after.id)}::uuid`;
    conditions.push(`(${key}, t.id) ${order === 'DESC' ? '<' : '>'} (${place}, ${id})`);
  }
  return await db.query<ListedActivityRow>(
    `SELECT ${ACTIVITY_COLUMNS}, ${shown(key)} AS sort_key
     FROM activities t ${page.sort === 'attempts' || page.sort === 'average' ? SUMS : ''}
     WHERE ${conditions.join(' AND ')}
     ORDER BY ${key} ${order}, t.id ${order} LIMIT $2`,
    values,
  );
}
