/** People put into a cohort and taken out of it by hand or by list. */
import { parsePublicId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** What a line of a list means, or why it means nobody. */
export interface NamedLearners {
  ids: Uuid[];
  /** Lines that fit no learner, or more than one. */
  unknown: string[];
}

/** The learners that lines name, each by an e-mail, an external id or a learner id. */
export async function learnersOfLines(
  db: Queryable,
  workspace: number,
  lines: readonly string[],
): Promise<NamedLearners> {
  const rows = await db.query<{ n: number; id: Uuid; several: boolean }>(
    `SELECT t.n::int AS n, min(found.id::text)::uuid AS id, count(DISTINCT found.id) > 1 AS several
     FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS t (line, id, n)
     CROSS JOIN LATERAL (
       SELECT l.id FROM learners l WHERE l.workspace = $1 AND l.id = t.id
       UNION ALL
       SELECT l.id FROM learners l WHERE l.workspace = $1 AND lower(l.email) = lower(t.line)
       UNION ALL
       SELECT i.learner_id FROM identities i WHERE i.workspace = $1 AND i.external_id = t.line
     ) found GROUP BY t.n`,
    [workspace, lines, lines.map((line) => parsePublicId('lrn', line))],
  );
  const found = new Map(rows.filter((row) => !row.several).map((row) => [row.n, row.id]));
  return {
    ids: [...new Set(found.values())],
    unknown: lines.filter((_, i) => !found.has(i + 1)),
  };
}

/** Adds learners; who was in by rule stays from now on though the rule changes. Gives how many were not in it before. */
export async function addMembers(
  tx: Queryable,
  workspace: number,
  cohortId: Uuid,
  learnerIds: readonly Uuid[],
  origin: 'hand' | 'list',
): Promise<number> {
  await tx.query(
    'DELETE FROM cohort_removals WHERE workspace = $1 AND cohort_id = $2 AND learner_id = ANY ($3::uuid[])',
    [workspace, cohortId, learnerIds],
  );
  const rows = await tx.query<{ fresh: boolean }>(
    `INSERT INTO cohort_members AS m (workspace, cohort_id, learner_id, origin)
     SELECT $1, $2, l.id, $4 FROM learners l WHERE l.workspace = $1 AND l.id = ANY ($3::uuid[]) ORDER BY l.id
     ON CONFLICT (workspace, cohort_id, learner_id) DO UPDATE SET origin = excluded.origin WHERE m.origin = 'rule'
     RETURNING xmax = 0 AS fresh`,
    [workspace, cohortId, learnerIds, origin],
  );
  return rows.filter((row) => row.fresh).length;
}

/** Takes a learner out, and keeps a rule from bringing them back. False when they were not in it. */
export async function removeMember(
  tx: Queryable,
  workspace: number,
  cohortId: Uuid,
  learnerId: Uuid,
): Promise<boolean> {
  const rows = await tx.query<{ origin: string }>(
    'DELETE FROM cohort_members WHERE workspace = $1 AND cohort_id = $2 AND learner_id = $3 RETURNING origin',
    [workspace, cohortId, learnerId],
  );
  if (rows.length === 0) return false;
  await tx.query(
    `INSERT INTO cohort_removals (workspace, cohort_id, learner_id)
     SELECT $1, c.id, $3 FROM cohorts c
     WHERE c.workspace = $1 AND c.id = $2 AND (c.rule IS NOT NULL OR c.told_name IS NOT NULL)
     ON CONFLICT DO NOTHING`,
    [workspace, cohortId, learnerId],
  );
  return true;
}
