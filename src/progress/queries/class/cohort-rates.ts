/** How a learner's classmates do in each area: what the learner's own areas are compared with. */
import type { CohortScope } from '../../../cohorts/scope.ts';
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AreaCounts } from '../../figures/weak-areas.ts';
import type { FigureFilter } from '../counted-attempts.ts';
import { overviewAreas } from './overview-areas.ts';
import { figureSource } from './source.ts';

/** One learner's answers are no class to compare with. */
const FEWEST_LEARNERS = 2;

/**
 * The areas with `cohortRate` filled in: the share of wrong answers there over the learner's classes (those of `among`; null:
 * all of them), the learner included. Areas of which no class says anything, and learners of no class, stay as they are.
 */
export async function withCohortRates(
  db: Queryable,
  about: { workspace: number; learnerId: Uuid; among: CohortScope; now: Date },
  filter: FigureFilter & { excludeUnverified: boolean },
  areas: readonly AreaCounts[],
): Promise<AreaCounts[]> {
  const { workspace, learnerId, among, now } = about;
  const rows = await db.query<{ id: Uuid }>(
    `SELECT cohort_id AS id FROM cohort_members
     WHERE workspace = $1 AND learner_id = $2 AND ($3::uuid[] IS NULL OR cohort_id = ANY ($3::uuid[]))`,
    [workspace, learnerId, among],
  );
  if (rows.length === 0 || areas.length === 0) return [...areas];
  const scope = { workspace, activityId: null, cohorts: rows.map(({ id }) => id) };
  const { source } = await figureSource(db, scope, now);
  const rates = new Map<string, number>();
  for (const area of await overviewAreas(db, { scope, filter, source })) {
    if (area.learners >= FEWEST_LEARNERS && area.total > 0) rates.set(keyOf(area), area.wrong / area.total);
  }
  return areas.map((area) => ({ ...area, cohortRate: rates.get(keyOf(area)) ?? null }));
}

function keyOf({ kind, name, parent }: Pick<AreaCounts, 'kind' | 'name' | 'parent'>): string {
  return JSON.stringify([kind, name, parent]);
}
