/** Marks whose figures have to be made again: for everything that changes what counts beside the projection itself. */
import type { Uuid } from '../../core/ids.ts';
import { uuidTextArray } from '../../db/binary-arrays.ts';
import type { Queryable, Transaction } from '../../db/database.ts';
import { mergedAmong, shownOn } from '../../db/shown-on.ts';

export interface Touched {
  /** Everything of these people. */
  learnerIds?: readonly Uuid[];
  /** Everything at these activities. */
  activityIds?: readonly Uuid[];
  /** The whole workspace: its settings changed, or its progress was made anew. */
  all?: boolean;
}

/**
 * Call it in the transaction that makes the change (merges, erasures, exclusions, confirmations, pass marks, policies,
 * settings): the marks are seen with the change or not at all. The worker makes the rows of src/progress/rollups anew from the
 * attempts soon after; marking twice does no harm. Ids may be of people and activities that are gone by the commit.
 */
export async function markDirty(tx: Queryable, workspace: number, touched: Touched): Promise<void> {
  const { learnerIds = [], activityIds = [], all = false } = touched;
  if (!all && learnerIds.length === 0 && activityIds.length === 0) return;
  await tx.query(
    `INSERT INTO rollup_marks (workspace, learner_id, activity_id)
     SELECT $1::integer, id, NULL FROM unnest($2::uuid[]) AS id
     UNION ALL SELECT $1, NULL, id FROM unnest($3::uuid[]) AS id
     UNION ALL SELECT $1, NULL, NULL WHERE $4::boolean`,
    [workspace, learnerIds, activityIds, all],
  );
}

/**
 * For the projection: marks what these attempts belong to, once for each learner and activity. A plain insert without an index, so
 * that projecting pays next to nothing; attempts of nobody or of nothing known yet are in no figure. Not waited for.
 */
export function markAttempts(
  tx: Transaction,
  workspace: number,
  attempts: readonly { learnerId: Uuid | null; activityId: Uuid | null }[],
): void {
  const groups = new Map<string, [Uuid, Uuid]>();
  for (const { learnerId, activityId } of attempts) {
    if (learnerId !== null && activityId !== null) groups.set(learnerId + activityId, [learnerId, activityId]);
  }
  if (groups.size === 0) return;
  const pairs = [...groups.values()];
  tx.send(
    `WITH ${mergedAmong('$2::uuid[]')}
     INSERT INTO rollup_marks (workspace, learner_id, activity_id)
     SELECT $1::integer, ${shownOn('pair.learner_id')}, pair.activity_id FROM unnest($2::uuid[], $3::uuid[]) AS pair (learner_id, activity_id)`,
    [workspace, uuidTextArray(pairs.map(([learner]) => learner)), uuidTextArray(pairs.map(([, activity]) => activity))],
  );
}
