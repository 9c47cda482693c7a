/** A learner's answers by area, for the weak areas. */
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { AreaCounts } from '../figures/weak-areas.ts';
import { answerVerdicts } from './answer-verdicts.ts';
import { countedAttempts, type FigureFilter, figureValues } from './counted-attempts.ts';

interface AreaRow extends AreaCounts {
  ownWrong: number;
  ownTotal: number;
}

/**
 * Counts of wrong and all answers per area over the attempts the policy chooses, and the learner's overall share of wrong
 * ones. Each attempt feeds areas in one of three ways, the best it allows:
 *   sent       the platform's own counts by subject, difficulty and so on. Not of Synap: its tags carry no figures.
 *   answers    its answers, under the activity itself; of each question the learner's latest answer counts
 *   totals     its counts of correct, incorrect and partly correct ones, under the activity itself
 * The overall share takes an attempt's questions once, though subjects and difficulties both cut them: the attempt's own
 * counts, else those of the kind of area that covers most.
 */
export async function learnerAreas(
  db: Queryable,
  workspace: number,
  learnerId: Uuid,
  filter: FigureFilter,
): Promise<{ areas: AreaCounts[]; ownRate: number }> {
  const rows = await db.query<AreaRow>(
    `${countedAttempts({ learnerId })}, used AS MATERIALIZED (
       SELECT a.id, a.activity_id, coalesce(t.title, t.external_id) AS title, c.done_at, a.responses,
              a.correct_count, a.incorrect_count, coalesce(a.partial_count, 0) AS partial_count,
              coalesce(a.unanswered_count, 0) AS unanswered_count,
              CASE WHEN a.provider <> 'synap' AND jsonb_typeof(a.breakdowns) = 'array' THEN a.breakdowns ELSE '[]' END AS sent
       FROM counted c
       JOIN attempts a ON a.workspace = $1 AND a.id = c.id
       JOIN activities t ON t.workspace = $1 AND t.id = c.activity_id
       WHERE c.chosen
     ), sent AS (
       SELECT u.id, u.activity_id, b.kind, b.name, b.parent, coalesce(b.incorrect, 0) AS wrong,
              coalesce(b.correct, 0) + coalesce(b.incorrect, 0) + coalesce(b.partial, 0) AS total,
              coalesce(b.unanswered, 0) AS unanswered
       FROM used u CROSS JOIN LATERAL jsonb_to_recordset(u.sent) AS b (kind text, name text, parent text,
         correct float8, incorrect float8, partial float8, unanswered float8)
       WHERE coalesce(b.correct, 0) + coalesce(b.incorrect, 0) + coalesce(b.partial, 0) + coalesce(b.unanswered, 0) > 0
     ), verdicts AS (
       SELECT DISTINCT ON (u.activity_id, v.question_id) u.activity_id, u.title, v.verdict
       FROM used u CROSS JOIN LATERAL (${answerVerdicts('u.responses')}) v
       WHERE NOT EXISTS (SELECT 1 FROM sent s WHERE s.id = u.id)
       ORDER BY u.activity_id, v.question_id, v.verdict IN ('right', 'wrong', 'partial') DESC, u.done_at DESC, u.id DESC, v.place DESC
     ), totals AS (
       SELECT u.activity_id, u.title, u.incorrect_count AS wrong,
              u.correct_count + u.incorrect_count + u.partial_count AS total, u.unanswered_count AS unanswered
       FROM used u
       WHERE u.correct_count IS NOT NULL AND u.incorrect_count IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM sent s WHERE s.id = u.id)
         AND NOT EXISTS (SELECT 1 FROM (${answerVerdicts('u.responses')}) v WHERE v.verdict IN ('right', 'wrong', 'partial'))
     ), of_activities AS (
       SELECT activity_id, title, count(*) FILTER (WHERE verdict = 'wrong') AS wrong,
              count(*) FILTER (WHERE verdict IN ('right', 'wrong', 'partial')) AS total,
              count(*) FILTER (WHERE verdict = 'unanswered') AS unanswered
       FROM verdicts GROUP BY 1, 2
       UNION ALL
       SELECT activity_id, title, wrong, total, unanswered FROM totals
     ), kinds AS (
       SELECT id, kind, sum(wrong) AS wrong, sum(total) AS total FROM sent GROUP BY 1, 2
     ), own AS (
       SELECT wrong, total FROM of_activities
       UNION ALL
       SELECT CASE WHEN told THEN u.incorrect_count ELSE k.wrong END,
              CASE WHEN told THEN u.correct_count + u.incorrect_count + u.partial_count ELSE k.total END
       FROM (SELECT DISTINCT ON (id) id, wrong, total FROM kinds ORDER BY id, total DESC, kind) k
       JOIN used u ON u.id = k.id
       CROSS JOIN LATERAL (SELECT u.correct_count IS NOT NULL AND u.incorrect_count IS NOT NULL AS told) t
     ), areas AS (
       SELECT kind, name, parent, sum(wrong) AS wrong, sum(total) AS total, sum(unanswered) AS unanswered
       FROM sent WHERE kind IS NOT NULL AND name IS NOT NULL GROUP BY kind, name, parent
       UNION ALL
       SELECT 'activity', title, NULL, sum(wrong), sum(total), sum(unanswered) FROM of_activities GROUP BY activity_id, title
     )
     SELECT kind, name, parent, wrong::float8, total::float8, unanswered::float8, NULL::float8 AS "cohortRate",
            (SELECT coalesce(sum(wrong), 0)::float8 FROM own) AS "ownWrong",
            (SELECT coalesce(sum(total), 0)::float8 FROM own) AS "ownTotal"
     FROM areas WHERE total > 0`,
    figureValues(workspace, { learnerId }, filter),
  );
  const overall = rows[0];
  const ownRate = overall === undefined || overall.ownTotal === 0 ? 0 : overall.ownWrong / overall.ownTotal;
  return { areas: rows, ownRate };
}
