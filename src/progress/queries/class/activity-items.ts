/** The items of an activity: how hard each is, and whether it tells strong from weak. */
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import type { BasisCounts } from '../../figures/basis.ts';
import { activityAttempts, basisSql } from './activity-attempts.ts';
import { type ClassFigures, classValues } from './class-attempts.ts';
import { markedAnswers } from './marked-answers.ts';

export interface ItemFigures {
  questionId: string;
  answered: number;
  unanswered: number;
  facility: number | null;
  discrimination: number | null;
  discriminationN: number;
  choices: { answerId: string; count: number; correct: boolean | null }[];
}

export interface ItemsAnswer {
  items: ItemFigures[];
  /** Attempts that the policy chooses; `read` of them were read. */
  chosen: number;
  read: number;
  basis: BasisCounts;
}

/**
 * Figures of each question over the newest `most` of the attempts that the policy chooses (null: all of them).
 * Facility: mean mark / full mark. Discrimination: 100·Cov(x, T−x)/√(Var(x)·Var(T−x)), x the item's mark, T the attempt's total
 * (../shared/learning.md); what was left open is in neither and adds nothing to T.
 */
export async function activityItems(
  db: Queryable,
  figures: ClassFigures & { scope: { activityId: Uuid } },
  most: number | null,
): Promise<ItemsAnswer> {
  const values = await classValues(db, figures);
  const activity = `$${values.push(figures.scope.activityId)}::uuid`;
  const limit = `$${values.push(most)}::int`;
  const rows = await db.query<ItemsAnswer>(
    `${activityAttempts(figures)}, picked AS MATERIALIZED (
       SELECT c.id, c.learner_id, c.done_at FROM entries c WHERE c.chosen ORDER BY c.done_at DESC, c.id DESC LIMIT ${limit}
     ), ${markedAnswers(activity)}, marks AS (
       SELECT a.question_id, a.mark, a.full_mark, t.total - a.mark AS rest
       FROM answers a JOIN (SELECT id, sum(mark) AS total FROM answers GROUP BY 1) t ON t.id = a.id
       WHERE a.mark IS NOT NULL
     ), choices AS (
       SELECT a.question_id, s.answer_id, count(*)::int AS count,
              bool_and(a.verdict = 'right') FILTER (WHERE s.alone AND a.verdict IN ('right', 'wrong')) AS always,
              bool_or(a.verdict = 'right') FILTER (WHERE s.alone AND a.verdict IN ('right', 'wrong')) AS ever
       FROM answers a
       CROSS JOIN LATERAL (
         SELECT DISTINCT e.value AS answer_id, jsonb_array_length(a.answer -> 'selectedAnswerIds') = 1 AS alone
         FROM jsonb_array_elements_text(a.answer -> 'selectedAnswerIds') e WHERE e.value IS NOT NULL
       ) s GROUP BY 1, 2
     )
     SELECT (SELECT coalesce(sum(s.chosen) FILTER (WHERE s.left_out IS NULL), 0)::int FROM scores s) AS chosen, (SELECT count(*)::int FROM picked) AS read,
       ${basisSql(figures)} AS basis,
       (SELECT coalesce(json_agg(q), '[]') FROM (
          SELECT a.question_id AS "questionId", m.answered, a.unanswered, m.facility, m.discrimination,
                 m.answered AS "discriminationN", coalesce(ch.choices, '[]') AS choices
          FROM (SELECT question_id, count(*) FILTER (WHERE verdict = 'unanswered')::int AS unanswered FROM answers GROUP BY 1) a
          LEFT JOIN LATERAL (
            SELECT count(*)::int AS answered, sum(mark) / nullif(sum(full_mark), 0) AS facility,
                   100 * corr(mark, rest) AS discrimination
            FROM marks WHERE marks.question_id = a.question_id
          ) m ON true
          LEFT JOIN (
            SELECT question_id, json_agg(json_build_object('answerId', answer_id, 'count', count,
                     'correct', CASE WHEN always = ever THEN ever END) ORDER BY answer_id) AS choices
            FROM choices GROUP BY 1
          ) ch ON ch.question_id = a.question_id
        ) q) AS items`,
    values,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  return row;
}
