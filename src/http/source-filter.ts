/** `source=` of lists: an id, or the source's slug. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { findSourceId } from '../sources/find-source-id.ts';
import { invalid } from './contracts/common.ts';

/** The source a filter means; undefined when the filter is not there; 400 when there is no such source. */
export async function sourceFilter(
  db: Queryable,
  workspace: number,
  idOrSlug: string | undefined,
  path = 'query/source',
): Promise<Uuid | undefined> {
  if (idOrSlug === undefined) return undefined;
  const id = await findSourceId(db, workspace, idOrSlug);
  if (id === null) throw invalid(path, 'No source has this id or slug. GET /api/v1/sources lists them.');
  return id;
}
