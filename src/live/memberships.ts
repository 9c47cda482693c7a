/** Who is in which cohorts now: asked by every stream that is limited to some, read once for all of them. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** How long an answer holds: so long a learner who left a cohort may still show in the streams of its instructors. */
const HOLDS_MS = 500;
/** Learners remembered at once; more are asked for anew, so that a large school cannot fill the memory. */
const REMEMBERED = 20_000;

export interface Memberships {
  /** The cohorts of each of the learners. Rejects when the database is away. */
  cohortsOf(workspace: number, learnerIds: readonly Uuid[]): Promise<Map<Uuid, ReadonlySet<Uuid>>>;
}

export function createMemberships(db: Queryable): Memberships {
  const remembered = new Map<string, { until: number; cohorts: Promise<ReadonlySet<Uuid>> }>();

  /** One statement for all that nobody asked about lately. */
  function ask(workspace: number, learnerIds: readonly Uuid[]): void {
    const rows = db.query<{ learner_id: Uuid; cohort_id: Uuid }>(
      'SELECT learner_id, cohort_id FROM cohort_members WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])',
      [workspace, learnerIds],
    );
    const byLearner = rows.then((found) => Map.groupBy(found, (row) => row.learner_id));
    if (remembered.size > REMEMBERED) remembered.clear();
    const until = Date.now() + HOLDS_MS;
    for (const id of learnerIds) {
      const key = `${workspace}|${id}`;
      const cohorts = byLearner.then((found) => new Set((found.get(id) ?? []).map((row) => row.cohort_id)));
      remembered.set(key, { until, cohorts });
      // Whoever awaits it is told; the next one asks again.
      cohorts.catch(() => remembered.delete(key));
    }
  }

  return {
    async cohortsOf(workspace, learnerIds) {
      const now = Date.now();
      const ids = [...new Set(learnerIds)];
      const unknown = ids.filter((id) => (remembered.get(`${workspace}|${id}`)?.until ?? 0) <= now);
      if (unknown.length > 0) ask(workspace, unknown);
      const answers = new Map<Uuid, ReadonlySet<Uuid>>();
      const asked = ids.map((id) => [id, remembered.get(`${workspace}|${id}`)?.cohorts] as const);
      for (const [id, cohorts] of asked) answers.set(id, (await cohorts) ?? new Set());
      return answers;
    },
  };
}
