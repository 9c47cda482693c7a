import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

export interface CohortName {
  id: Uuid;
  name: string;
}

/** Those of the ids that are cohorts of the workspace, with their names, by name. */
export async function findCohorts(db: Queryable, workspace: number, ids: readonly Uuid[]): Promise<CohortName[]> {
  if (ids.length === 0) return [];
  return await db.query<CohortName>(
    'SELECT id, name FROM cohorts WHERE workspace = $1 AND id = ANY ($2::uuid[]) ORDER BY plain_text(name), id',
    [workspace, ids],
  );
}
