import type { Uuid } from '../../core/ids.ts';
import type { ActivityKind } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import type { Delivery } from './delivery.ts';

/** Whom and what the event of a delivery is about, as they are called now. */
export interface DeliveryAboutRow {
  /** null: nobody, or somebody who was erased. */
  learner: { id: Uuid; name: string | null } | null;
  activity: { id: Uuid; title: string | null; kind: ActivityKind } | null;
}

/** By delivery id; of tests, whose people are made up, there is none. A learner who was merged is who was kept. */
export async function deliveryPeople(
  db: Queryable,
  workspace: number,
  deliveries: readonly Pick<Delivery, 'id' | 'learnerId' | 'attemptId' | 'test'>[],
): Promise<ReadonlyMap<Uuid, DeliveryAboutRow>> {
  const real = deliveries.filter(({ test, learnerId, attemptId }) => !test && (learnerId ?? attemptId) !== null);
  if (real.length === 0) return new Map();
  const rows = await db.query<{
    id: Uuid;
    learner_id: Uuid | null;
    name: string | null;
    activity_id: Uuid | null;
    title: string | null;
    kind: ActivityKind;
  }>(
    `SELECT d.id, l.id AS learner_id, l.name, y.id AS activity_id, y.title, y.kind
     FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS d (id, learner_id, attempt_id)
     LEFT JOIN merged_learners g ON g.workspace = $1 AND g.id = d.learner_id
     LEFT JOIN learners l ON l.workspace = $1 AND l.id = coalesce(g.kept_id, d.learner_id)
     LEFT JOIN attempts t ON t.workspace = $1 AND t.id = d.attempt_id
     LEFT JOIN activities y ON y.workspace = $1 AND y.id = t.activity_id`,
    [
      workspace,
      real.map(({ id }) => id),
      real.map(({ learnerId }) => learnerId),
      real.map(({ attemptId }) => attemptId),
    ],
  );
  return new Map(
    rows.map(({ id, learner_id, name, activity_id, title, kind }) => [
      id,
      {
        learner: learner_id === null ? null : { id: learner_id, name },
        activity: activity_id === null ? null : { id: activity_id, title, kind },
      },
    ]),
  );
}
