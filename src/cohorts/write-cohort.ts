/** Cohorts made, changed and removed by people. */

import { GradewireError } from '../core/errors.ts';
import { newUuid, type Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';
import { applyRuleOf, lockRules } from './apply-rules.ts';
import type { CohortRule } from './rule.ts';

export interface CohortPatch {
  name?: string;
  description?: string | null;
  rule?: CohortRule | null;
}

/** Makes a cohort and fills it by its rule. 409 where the name is taken. */
export async function createCohort(
  db: Database,
  workspace: number,
  wanted: { name: string; description: string | null; rule: CohortRule | null },
): Promise<Uuid> {
  const id = newUuid();
  await db.transaction(async (tx) => {
    await lockRules(tx, workspace);
    await refuseTakenName(tx, workspace, id, wanted.name);
    await tx.query('INSERT INTO cohorts (workspace, id, name, description, rule) VALUES ($1, $2, $3, $4, $5)', [
      workspace,
      id,
      wanted.name,
      wanted.description,
      wanted.rule === null ? null : JSON.stringify(wanted.rule),
    ]);
    if (wanted.rule !== null) await applyRuleOf(tx, workspace, id);
  });
  return id;
}

/** Writes the fields that are there; a changed rule acts at once. False where there is no such cohort; 409 for a taken name. */
export async function patchCohort(db: Database, workspace: number, id: Uuid, patch: CohortPatch): Promise<boolean> {
  return await db.transaction(async (tx) => {
    await lockRules(tx, workspace);
    if (patch.name !== undefined) await refuseTakenName(tx, workspace, id, patch.name);
    const rows = await tx.query(
      `UPDATE cohorts SET name = coalesce($3, name),
         description = CASE WHEN $4::boolean THEN $5::text ELSE description END,
         rule = CASE WHEN $6::boolean THEN $7::jsonb ELSE rule END
       WHERE workspace = $1 AND id = $2 RETURNING id`,
      [
        workspace,
        id,
        patch.name ?? null,
        patch.description !== undefined,
        patch.description ?? null,
        patch.rule !== undefined,
        patch.rule === undefined || patch.rule === null ? null : JSON.stringify(patch.rule),
      ],
    );
    if (rows.length > 0 && patch.rule !== undefined) await applyRuleOf(tx, workspace, id);
    return rows.length > 0;
  });
}

/** Removes a cohort; its learners stay. Keys and members limited to it alone see nobody from now on. */
export async function deleteCohort(db: Database, workspace: number, id: Uuid): Promise<boolean> {
  return await db.transaction(async (tx) => {
    await lockRules(tx, workspace);
    const rows = await tx.query('DELETE FROM cohorts WHERE workspace = $1 AND id = $2 RETURNING id', [workspace, id]);
    return rows.length > 0;
  });
}

async function refuseTakenName(tx: Queryable, workspace: number, id: Uuid, name: string): Promise<void> {
  const rows = await tx.query('SELECT FROM cohorts WHERE workspace = $1 AND lower(name) = lower($2) AND id <> $3', [
    workspace,
    name,
    id,
  ]);
  if (rows.length > 0)
    throw new GradewireError('conflict', `There is a cohort named ${JSON.stringify(name)} already. Use another name.`);
}
