/** Wrong and all answers by area, over many learners. */
import type { Queryable } from '../../../db/database.ts';
import type { ClassArea } from './class-area.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';
import { storedAreas } from './stored-areas.ts';

/**
 * Areas with answers. Each learner's last attempt at an activity counts, whatever the retake policy: of questions the latest
 * answer of a learner counts (../shared/learning.md, "Weak area").
 */
export async function overviewAreas(db: Queryable, figures: ClassFigures): Promise<ClassArea[]> {
  if (figures.source === 'stored' && figures.scope.cohorts === null && figures.scope.activityId === null) {
    return await storedAreas(db, figures);
  }
  const last: ClassFigures = { ...figures, filter: { ...figures.filter, policy: 'last' } };
  return await db.query<ClassArea>(
    `${classAttempts(last, { areas: true })}
     SELECT x.kind, coalesce(x.name, t.title, t.external_id) AS name, x.parent, x.wrong, x.total, x.unanswered, x.learners,
            t.id AS "activityId", t.title AS "activityTitle", t.kind AS "activityKind"
     FROM (
       SELECT a.value ->> 0 AS kind, a.value ->> 1 AS name, a.value ->> 2 AS parent,
              CASE WHEN a.value -> 1 = 'null' THEN c.activity_id END AS activity_id,
              sum((a.value ->> 3)::float8) AS wrong, sum((a.value ->> 4)::float8) AS total,
              sum((a.value ->> 5)::float8) AS unanswered, count(DISTINCT (c.learner_id, c.activity_id))::int AS learners
       FROM entries c CROSS JOIN LATERAL jsonb_array_elements(c.areas) a
       WHERE c.chosen GROUP BY 1, 2, 3, 4
     ) x
     LEFT JOIN activities t ON t.workspace = $1 AND t.id = x.activity_id
     WHERE x.total > 0`,
    await classValues(db, last),
  );
}
