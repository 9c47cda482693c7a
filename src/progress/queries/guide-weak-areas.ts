/** The quizzes in which a learner answers worst, as the guide (seed 000) has them. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { GuideWeakArea } from '../figures/guide.ts';
import { answerVerdicts } from './answer-verdicts.ts';
import { countedAttempts, figureValues } from './counted-attempts.ts';
import { GUIDE_FILTER } from './guide-filter.ts';

/** As many as the guide shows. */
const WORST = 5;

/**
 * The five worst by share of wrong answers, only those with any: all completed attempts together, as in the guide. From the
 * answers where an attempt has them, else from its counts of correct, incorrect and partly correct ones.
 */
export async function guideWeakAreas(db: Queryable, workspace: number, who: Uuid): Promise<GuideWeakArea[]> {
  return await db.query<GuideWeakArea>(
    `${countedAttempts({ learnerId: who })}, told AS (
       SELECT c.activity_id, a.incorrect_count, v.wrong, v.total,
              a.correct_count + a.incorrect_count + coalesce(a.partial_count, 0) AS counted_total
       FROM counted c
       JOIN attempts a ON a.workspace = $1 AND a.id = c.id
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE verdict = 'wrong') AS wrong,
                count(*) FILTER (WHERE verdict IN ('right', 'wrong', 'partial')) AS total
         FROM (${answerVerdicts('a.responses')}) verdicts) v
       WHERE c.finished
     ), sums AS (
       SELECT activity_id,
              sum(CASE WHEN total > 0 THEN wrong ELSE coalesce(incorrect_count, 0) END) AS wrong,
              sum(CASE WHEN total > 0 THEN total ELSE coalesce(counted_total, 0) END) AS total
       FROM told GROUP BY 1
     )
     SELECT t.title AS quiz_title, s.wrong::int AS incorrect_count, s.total::int AS total_answers
     FROM sums s JOIN activities t ON t.workspace = $1 AND t.id = s.activity_id
     WHERE s.wrong > 0 AND s.total > 0
     ORDER BY s.wrong / s.total DESC, s.wrong DESC, t.title, t.id LIMIT $8`,
    [...figureValues(workspace, { learnerId: who }, GUIDE_FILTER), WORST],
  );
}
