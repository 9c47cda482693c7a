/** Answers with the marks they got, for figures of items. */
import { answerVerdicts } from '../answer-verdicts.ts';

/**
 * SQL: CTE `answers` over the attempts of the CTE `picked (id, learner_id, done_at)` at the activity in `activity` (a parameter):
 * id, question_id, verdict, answer, mark, full_mark; of a question that an attempt answers more than once the last one. A key
 * that somebody told (activity_items) decides only where the platform tells what was chosen and not whether it was right: the
 * platform's word is never overruled. Without marks a right answer is 1 of 1.
 */
export function markedAnswers(activity: string): string {
  return `answers AS MATERIALIZED (
    SELECT w.id, w.question_id, w.answer, w.verdict,
           CASE WHEN w.marked THEN (w.answer ->> 'mark')::float8 WHEN w.verdict = 'right' THEN 1
                WHEN w.verdict IN ('wrong', 'partial') THEN 0 END AS mark,
           CASE WHEN w.marked THEN (w.answer ->> 'maxMark')::float8
                WHEN w.verdict IN ('right', 'wrong', 'partial') THEN 1 END AS full_mark
    FROM (
      SELECT v.id, v.question_id, v.answer,
             CASE WHEN v.verdict = 'ungraded' AND k.keys IS NOT NULL
                   AND v.answer @? '$.selectedAnswerIds[*] ? (@ != null)'
                  THEN CASE WHEN (v.answer -> 'selectedAnswerIds') <@ k.keys AND k.keys <@ (v.answer -> 'selectedAnswerIds')
                            THEN 'right' ELSE 'wrong' END
                  ELSE v.verdict END AS verdict,
             v.verdict IN ('right', 'wrong', 'partial') AND jsonb_typeof(v.answer -> 'mark') = 'number'
               AND v.answer @? '$.maxMark ? (@ > 0)' AS marked
      FROM (
        SELECT DISTINCT ON (p.id, r.question_id) p.id, r.question_id, r.verdict, r.answer
        FROM picked p
        JOIN attempts a ON a.workspace = $1 AND a.id = p.id
        CROSS JOIN LATERAL (${answerVerdicts('a.responses')}) r
        WHERE r.question_id IS NOT NULL
        ORDER BY p.id, r.question_id, r.place DESC
      ) v
      LEFT JOIN LATERAL (
        SELECT (SELECT jsonb_agg(c.value -> 'answerId') FROM jsonb_array_elements(i.choices) c
                WHERE c.value -> 'correct' = 'true') AS keys
        FROM activity_items i
        WHERE i.workspace = $1 AND i.activity_id = ${activity} AND i.question_id = v.question_id
      ) k ON true
    ) w
  )`;
}
