/** What one attempt says of areas. */
import { answerVerdicts } from '../answer-verdicts.ts';

/**
 * SQL: the answers of the attempt `a` by area, as a JSON array of [kind, name, parent, wrong, total, unanswered]; null where it
 * says nothing. In one of three ways, the best it allows (as for a learner, src/progress/queries/learner-areas.ts): the platform's own
 * counts by subject and so on (not of Synap: its tags carry no figures); else its answers under the activity itself, whose name
 * is null here; else its counts of right and wrong ones, likewise.
 */
export function attemptAreas(a: string): string {
  return `(SELECT coalesce(sent.areas,
      CASE WHEN told.total + told.unanswered > 0 AND told.total > 0
           THEN jsonb_build_array(jsonb_build_array('activity', NULL, NULL, told.wrong, told.total, told.unanswered)) END,
      CASE WHEN ${a}.correct_count IS NOT NULL AND ${a}.incorrect_count IS NOT NULL
            AND ${a}.correct_count + ${a}.incorrect_count + coalesce(${a}.partial_count, 0) > 0
           THEN jsonb_build_array(jsonb_build_array('activity', NULL, NULL, ${a}.incorrect_count,
             ${a}.correct_count + ${a}.incorrect_count + coalesce(${a}.partial_count, 0), coalesce(${a}.unanswered_count, 0))) END)
    FROM (
      SELECT jsonb_agg(jsonb_build_array(b.kind, b.name, b.parent, b.wrong, b.total, b.unanswered)) AS areas
      FROM (
        SELECT r.kind, r.name, r.parent, coalesce(r.incorrect, 0) AS wrong,
               coalesce(r.correct, 0) + coalesce(r.incorrect, 0) + coalesce(r.partial, 0) AS total,
               coalesce(r.unanswered, 0) AS unanswered
        FROM jsonb_to_recordset(CASE WHEN ${a}.provider <> 'synap' AND jsonb_typeof(${a}.breakdowns) = 'array'
               THEN ${a}.breakdowns ELSE '[]' END)
          AS r (kind text, name text, parent text, correct float8, incorrect float8, partial float8, unanswered float8)
      ) b WHERE b.kind IS NOT NULL AND b.name IS NOT NULL AND b.total + b.unanswered > 0
    ) sent, LATERAL (
      SELECT count(*) FILTER (WHERE v.verdict = 'wrong') AS wrong,
             count(*) FILTER (WHERE v.verdict IN ('right', 'wrong', 'partial')) AS total,
             count(*) FILTER (WHERE v.verdict = 'unanswered') AS unanswered
      FROM (
        SELECT DISTINCT ON (w.question_id) w.verdict FROM (${answerVerdicts(`${a}.responses`)}) w
        WHERE sent.areas IS NULL
        ORDER BY w.question_id, w.verdict IN ('right', 'wrong', 'partial') DESC, w.place DESC
      ) v
    ) told)`;
}
