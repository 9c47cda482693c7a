/** Cohort ids in bodies: of keys, members, invitations. */
import { findCohorts } from '../cohorts/find-cohorts.ts';
import { parsePublicId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { invalid } from './contracts/common.ts';

/** The cohorts that the public ids mean, each once; 400 at `path` where one is of no cohort, or none is named. */
export async function existingCohorts(
  db: Queryable,
  workspace: number,
  ids: readonly string[],
  path: string,
): Promise<Uuid[]> {
  if (ids.length === 0)
    throw invalid(path, 'An empty list would let nobody be seen. Name cohorts, or leave this out for every learner.');
  const uuids = [...new Set(ids.map((id) => parsePublicId('coh', id)))];
  const known = new Set(
    (
      await findCohorts(
        db,
        workspace,
        uuids.filter((id) => id !== null),
      )
    ).map(({ id }) => id),
  );
  const found = uuids.filter((id): id is Uuid => id !== null && known.has(id));
  if (found.length < uuids.length)
    throw invalid(path, 'Not every one of these ids is a cohort. GET /api/v1/cohorts lists them.');
  return found;
}
