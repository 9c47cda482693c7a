/** Puts people of a roster into the cohorts that it names, and makes those that are not there. */
import { newUuid, type Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';

/**
 * The cohorts of these names, whatever their case, by the name in small letters; also by the name that platforms know a renamed
 * one by. What is not there is made; `created` are the names of those.
 */
export async function cohortsNamed(
  tx: Queryable,
  workspace: number,
  names: readonly string[],
): Promise<{ ids: Map<string, Uuid>; created: string[] }> {
  const wanted = new Map(names.toReversed().map((name) => [name.toLowerCase(), name]));
  const ids = await read(tx, workspace, [...wanted.keys()]);
  const missing = [...wanted].filter(([key]) => !ids.has(key)).map(([, name]) => name);
  if (missing.length === 0) return { ids, created: [] };
  const made = await tx.query<{ name: string }>(
    `INSERT INTO cohorts (workspace, id, name) SELECT $1, c.id, c.name FROM unnest($2::uuid[], $3::text[]) AS c (id, name)
     ORDER BY lower(c.name) ON CONFLICT DO NOTHING RETURNING name`,
    [workspace, missing.map(() => newUuid()), missing],
  );
  return { ids: await read(tx, workspace, [...wanted.keys()]), created: made.map(({ name }) => name) };
}

async function read(tx: Queryable, workspace: number, keys: readonly string[]): Promise<Map<string, Uuid>> {
  const rows = await tx.query<{ key: string; id: Uuid }>(
    `SELECT DISTINCT ON (k.key) k.key, c.id FROM unnest($2::text[]) AS k (key)
     JOIN cohorts c ON c.workspace = $1 AND (lower(c.name) = k.key OR c.told_name = k.key)
     ORDER BY k.key, c.told_name = k.key DESC NULLS LAST`,
    [workspace, keys],
  );
  return new Map(rows.map(({ key, id }) => [key, id]));
}

/** Learners who were not in the cohort before. Who was in by rule stays from now on though the rule changes. */
export async function fillCohorts(
  tx: Queryable,
  workspace: number,
  pairs: readonly { cohortId: Uuid; learnerId: Uuid }[],
): Promise<Set<Uuid>> {
  if (pairs.length === 0) return new Set();
  const values = [workspace, pairs.map(({ cohortId }) => cohortId), pairs.map(({ learnerId }) => learnerId)];
  await tx.query(
    `DELETE FROM cohort_removals r USING unnest($2::uuid[], $3::uuid[]) AS p (cohort_id, learner_id)
     WHERE r.workspace = $1 AND r.cohort_id = p.cohort_id AND r.learner_id = p.learner_id`,
    values,
  );
  const rows = await tx.query<{ id: Uuid; fresh: boolean }>(
    `INSERT INTO cohort_members AS m (workspace, cohort_id, learner_id, origin)
     SELECT DISTINCT $1::int, p.cohort_id, p.learner_id, 'list' FROM unnest($2::uuid[], $3::uuid[]) AS p (cohort_id, learner_id)
     ORDER BY 2, 3
     ON CONFLICT (workspace, cohort_id, learner_id) DO UPDATE SET origin = 'list' WHERE m.origin = 'rule'
     RETURNING learner_id AS id, xmax = 0 AS fresh`,
    values,
  );
  return new Set(rows.filter(({ fresh }) => fresh).map(({ id }) => id));
}
