/**
 * SQL: the answers in `attempts.responses` (an expression), each with a verdict:
 *   right, wrong    as the platform says; without its word, no mark at all is wrong and the full mark is right
 *   partial         a mark between
 *   unanswered      nothing chosen, nothing written, nothing gained; where the platform sends no choices at all, only if it
 *                   says nothing else of the question either
 *   ungraded        answered, and nothing says how
 * Columns: question_id, verdict, place, answer (the answer itself).
 */
export function answerVerdicts(responses: string): string {
  return `SELECT r.value ->> 'questionId' AS question_id, r.place, r.value AS answer,
      CASE
        WHEN r.value -> 'correct' = 'true' THEN 'right'
        WHEN r.value @? '$ ? (!(@.selectedAnswerIds[*] != null) && !(@.text != null) && !(@.mark > 0))'
         AND (NOT r.value @? '$ ? (@.correct != null || @.mark != null)'
           OR ${responses} @? '$[*] ? (@.selectedAnswerIds[*] != null || @.text != null)') THEN 'unanswered'
        WHEN r.value -> 'correct' = 'false' THEN 'wrong'
        WHEN jsonb_typeof(r.value -> 'mark') IS DISTINCT FROM 'number' THEN 'ungraded'
        WHEN (r.value ->> 'mark')::float8 <= 0 THEN 'wrong'
        WHEN (r.value ->> 'mark')::float8 >= (r.value ->> 'maxMark')::float8 THEN 'right'
        ELSE 'partial'
      END AS verdict
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(${responses}) = 'array' THEN ${responses} ELSE '[]' END)
      WITH ORDINALITY AS r (value, place)`;
}
