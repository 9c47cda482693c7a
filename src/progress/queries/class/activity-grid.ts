/** Learners × items of an activity. */
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import type { BasisCounts } from '../../figures/basis.ts';
import { type Keyset, microsOf, timeOfMicros } from '../keyset.ts';
import { activityAttempts, basisSql } from './activity-attempts.ts';
import { type ClassFigures, classValues } from './class-attempts.ts';
import { markedAnswers } from './marked-answers.ts';

export interface GridRow {
  id: Uuid;
  learnerId: Uuid;
  learnerName: string | null;
  percentage: number | null;
  doneMicros: number;
  /** question id → mark / full mark. */
  marks: Record<string, number>;
}

export interface GridAnswer {
  rows: GridRow[];
  /** Of the newest attempts, whatever the page: columns stay the same from page to page. */
  questions: string[];
  basis: BasisCounts;
}

/** Columns are the questions that these many of the newest attempts answer, and those somebody told. */
const COLUMNS_FROM = 100;

/** Up to `limit` attempts that the policy chooses, the newest first, done before the keyset. */
export async function activityGrid(
  db: Queryable,
  figures: ClassFigures & { scope: { activityId: Uuid } },
  page: { after: Keyset | null; limit: number },
): Promise<GridAnswer> {
  const values = await classValues(db, figures);
  const activity = `$${values.push(figures.scope.activityId)}::uuid`;
  const limit = `$${values.push(page.limit)}::int`;
  const after =
    page.after === null
      ? 'true'
      : `(c.done_at, c.id) < (${timeOfMicros(`$${values.push(page.after.micros)}`)}, $${values.push(page.after.id)}::uuid)`;
  const rows = await db.query<GridAnswer>(
    `${activityAttempts(figures)}, picked AS MATERIALIZED (
       SELECT c.id, c.learner_id, c.done_at, c.percentage FROM entries c
       WHERE c.chosen AND ${after} ORDER BY c.done_at DESC, c.id DESC LIMIT ${limit}
     ), ${markedAnswers(activity)}, newest AS MATERIALIZED (
       SELECT c.id FROM entries c WHERE c.chosen ORDER BY c.done_at DESC, c.id DESC LIMIT ${COLUMNS_FROM}
     )
     SELECT ${basisSql(figures)} AS basis,
       (SELECT coalesce(json_agg(DISTINCT r.value ->> 'questionId'), '[]') FROM newest n
          JOIN attempts a ON a.workspace = $1 AND a.id = n.id
          CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(a.responses) = 'array' THEN a.responses ELSE '[]' END) r
          WHERE r.value ->> 'questionId' IS NOT NULL) AS questions,
       (SELECT coalesce(json_agg(x ORDER BY x."doneMicros" DESC, x.id DESC), '[]') FROM (
          SELECT p.id, p.learner_id AS "learnerId", l.name AS "learnerName", p.percentage,
                 ${microsOf('p.done_at')} AS "doneMicros",
                 coalesce((SELECT json_object_agg(a.question_id, a.mark / a.full_mark) FROM answers a
                           WHERE a.id = p.id AND a.mark IS NOT NULL), '{}') AS marks
          FROM picked p JOIN learners l ON l.workspace = $1 AND l.id = p.learner_id) x) AS rows`,
    values,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  return row;
}
