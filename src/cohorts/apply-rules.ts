/**
 * Who is in a cohort by rule stands in rows (cohort_members, origin 'rule'), so that every list and figure reads members the
 * same way. These rows are made here: when a rule changes, for the learners of a projected batch, after an import or a merge.
 */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { matchesOfRule } from './rule.ts';

/** Learners are judged under the shared lock and rules change under the exclusive one, so that neither misses the other. */
const RULES_LOCK = 7303;

/**
 * Puts these learners (null: everybody) into the cohorts whose rule they fit and takes them out of those they no longer fit; and
 * makes and fills the cohorts that custom parameters name (a source's `identityFrom.cohort`). Call it inside the transaction
 * that changed what rules look at, after those changes. Costs one small statement where the workspace has no rule.
 */
export async function applyCohortRules(
  tx: Queryable,
  workspace: number,
  learnerIds: readonly Uuid[] | null,
): Promise<void> {
  if (learnerIds !== null && learnerIds.length === 0) return;
  await shareRules(tx, workspace);
  await judgeByRules(tx, workspace, await rulesInForce(tx, workspace), learnerIds);
}

/** Until the end of the transaction no rule changes. Call it before anything that rules look at is written. */
export async function shareRules(tx: Queryable, workspace: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1, $2)', [RULES_LOCK, workspace]);
}

/** What there is to judge by: rules of cohorts, and cohorts that custom parameters name. */
export interface RulesInForce {
  rules: boolean;
  told: boolean;
}

/** Call it in a statement after `shareRules`, or it may miss a rule that is being written. */
export async function rulesInForce(tx: Queryable, workspace: number): Promise<RulesInForce> {
  const [has] = await tx.query<RulesInForce>(
    `SELECT EXISTS (SELECT FROM cohorts WHERE workspace = $1 AND (rule IS NOT NULL OR told_name IS NOT NULL)) AS rules,
            EXISTS (SELECT FROM sources WHERE workspace = $1 AND identity_from ? 'cohort') AS told`,
    [workspace],
  );
  return has ?? { rules: false, told: false };
}

/** `applyCohortRules` where the rules are shared and known already. */
export async function judgeByRules(
  tx: Queryable,
  workspace: number,
  has: RulesInForce,
  learnerIds: readonly Uuid[] | null,
): Promise<void> {
  if (!(has.rules || has.told) || learnerIds?.length === 0) return;
  const shown = learnerIds === null ? null : await shownLearners(tx, workspace, learnerIds);
  if (has.told) await makeToldCohorts(tx, workspace, shown);
  await judge(tx, workspace, shown, null);
}

/** Of merged learners the one who is kept: cohorts hold people as their pages show them. */
async function shownLearners(tx: Queryable, workspace: number, learnerIds: readonly Uuid[]): Promise<Uuid[]> {
  const rows = await tx.query<{ id: Uuid }>(
    `SELECT DISTINCT coalesce(g.kept_id, l.id) AS id FROM unnest($2::uuid[]) AS l (id)
     LEFT JOIN merged_learners g ON g.workspace = $1 AND g.id = l.id`,
    [workspace, learnerIds],
  );
  return rows.map(({ id }) => id);
}

/** Judges everybody by one cohort's rule as it stands now. Call it in the transaction that wrote the rule, after `lockRules`. */
export async function applyRuleOf(tx: Queryable, workspace: number, cohortId: Uuid): Promise<void> {
  await judge(tx, workspace, null, [cohortId]);
}

/** Waits until nobody is being judged; whoever changes a rule takes it first. */
export async function lockRules(tx: Queryable, workspace: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [RULES_LOCK, workspace]);
}

/** SQL: the cohort that the parameters of identity `i` name by the settings of its source `s`, as told_name; null: none. */
const TOLD_NAME = `(SELECT lower(left(btrim(i.attributes ->> (s.identity_from ->> 'cohort')), 200))
  WHERE jsonb_typeof(i.attributes -> (s.identity_from ->> 'cohort')) IN ('string', 'number')
    AND btrim(i.attributes ->> (s.identity_from ->> 'cohort')) <> '')`;

const TOLD_IDENTITIES = `sources s JOIN identities i ON i.workspace = s.workspace AND i.source_id = s.id AND NOT i.test_only
  WHERE s.workspace = $1 AND s.identity_from ? 'cohort' AND ($2::uuid[] IS NULL OR i.learner_id = ANY ($2::uuid[]))`;

/** A cohort that a person made before under this name is the one meant. */
async function makeToldCohorts(tx: Queryable, workspace: number, learnerIds: readonly Uuid[] | null): Promise<void> {
  const unknown = await tx.query<{ told: string; name: string }>(
    `SELECT t.told, max(t.name COLLATE "C") AS name FROM (
       SELECT ${TOLD_NAME} AS told, left(btrim(i.attributes ->> (s.identity_from ->> 'cohort')), 200) AS name FROM ${TOLD_IDENTITIES}
     ) t
     WHERE t.told IS NOT NULL AND NOT EXISTS (SELECT FROM cohorts c WHERE c.workspace = $1 AND c.told_name = t.told)
     GROUP BY 1 ORDER BY 1`,
    [workspace, learnerIds],
  );
  if (unknown.length === 0) return;
  const values = [workspace, unknown.map(({ told }) => told), unknown.map(({ name }) => name)];
  await tx.query(
    `UPDATE cohorts c SET told_name = lower(c.name)
     WHERE c.workspace = $1 AND c.told_name IS NULL AND lower(c.name) = ANY ($2::text[]) AND cardinality($3::text[]) > 0`,
    values,
  );
  await tx.query(
    `INSERT INTO cohorts (workspace, id, name, told_name)
     SELECT $1, gen_random_uuid(), t.name, t.told FROM unnest($2::text[], $3::text[]) AS t (told, name)
     ON CONFLICT DO NOTHING`,
    values,
  );
}

async function judge(
  tx: Queryable,
  workspace: number,
  learnerIds: readonly Uuid[] | null,
  cohortIds: readonly Uuid[] | null,
): Promise<void> {
  await tx.query(
    `WITH wanted AS MATERIALIZED (
       SELECT c.id AS cohort_id, fits.learner_id
       FROM cohorts c CROSS JOIN LATERAL (${matchesOfRule('c.rule', '$2')}) fits
       WHERE c.workspace = $1 AND c.rule IS NOT NULL AND ($3::uuid[] IS NULL OR c.id = ANY ($3::uuid[]))
       UNION
       SELECT c.id, told.learner_id
       FROM (SELECT i.learner_id, ${TOLD_NAME} AS name FROM ${TOLD_IDENTITIES}) told
       JOIN cohorts c ON c.workspace = $1 AND c.told_name = told.name
       WHERE $3::uuid[] IS NULL OR c.id = ANY ($3::uuid[])
     ), gone AS (
       DELETE FROM cohort_members m
       WHERE m.workspace = $1 AND m.origin = 'rule' AND ($2::uuid[] IS NULL OR m.learner_id = ANY ($2::uuid[]))
         AND ($3::uuid[] IS NULL OR m.cohort_id = ANY ($3::uuid[]))
         AND NOT EXISTS (SELECT FROM wanted w WHERE w.cohort_id = m.cohort_id AND w.learner_id = m.learner_id)
     )
     INSERT INTO cohort_members (workspace, cohort_id, learner_id, origin)
     SELECT $1, w.cohort_id, w.learner_id, 'rule' FROM wanted w
     WHERE NOT EXISTS (SELECT FROM cohort_removals r
       WHERE r.workspace = $1 AND r.cohort_id = w.cohort_id AND r.learner_id = w.learner_id)
     ORDER BY w.cohort_id, w.learner_id
     ON CONFLICT DO NOTHING`,
    [workspace, learnerIds, cohortIds],
  );
}
