/**
 * Which texts several learners share (table alike_values): kept by the worker, so that suggestions need not read everybody. Triggers
 * mark learners whose address, name or ids came or changed; of two who share a text, the one looked at last finds the other.
 */
import type { Uuid } from '../core/ids.ts';
import type { Database, Queryable } from '../db/database.ts';

/** Marks taken in one go: some tens of milliseconds. */
const MOST_MARKS = 500;

/** Marks that a request looks at itself, for what the worker has not come to; behind more of them it is a moment late. */
const MOST_FRESH = 500;

export interface SharedValue {
  /** The kind of evidence; see TIERS of ./suggestions.ts. */
  tier: number;
  value: string;
}

/** SQL: tier, value, learner_id of what the learners `m (id)` share with others; a number of up to five digits says less. */
const SHARED = `
  FROM m
  CROSS JOIN LATERAL (SELECT x.email_key, x.name_key FROM learners x WHERE x.workspace = $1 AND x.id = m.id OFFSET 0) l
  CROSS JOIN LATERAL (
    SELECT 0 AS tier, l.email_key AS value, m.id AS learner_id
    WHERE EXISTS (SELECT FROM learners o WHERE o.workspace = $1 AND o.email_key = l.email_key AND o.id <> m.id)
    UNION ALL
    SELECT 3, l.name_key, m.id
    WHERE EXISTS (SELECT FROM learners o WHERE o.workspace = $1 AND o.name_key = l.name_key AND o.id <> m.id)
    UNION ALL
    SELECT CASE WHEN i.external_id ~ '^[0-9]{1,5}$' THEN 4 ELSE 2 END, i.external_id, m.id FROM identities i
    WHERE i.workspace = $1 AND i.learner_id = m.id AND EXISTS (SELECT FROM identities o
      WHERE o.workspace = $1 AND o.external_id = i.external_id AND o.provider <> i.provider AND o.learner_id <> m.id)
    UNION ALL
    SELECT 1, i.external_id, m.id FROM identities i
    WHERE i.workspace = $1 AND i.learner_id = m.id AND i.external_id LIKE '%@%'
      AND EXISTS (SELECT FROM learners o WHERE o.workspace = $1 AND o.email_key = lower(i.external_id) AND o.id <> m.id)
    UNION ALL
    SELECT 1, i.external_id, i.learner_id FROM identities i
    WHERE i.workspace = $1 AND lower(i.external_id) = l.email_key AND i.external_id LIKE '%@%' AND i.learner_id <> m.id
  ) shared`;

/** Takes marks and writes what those learners share. True when marks are left. */
export async function keepAlike(db: Database, workspace: number): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const marks = await tx.query<{ learner_id: Uuid }>(
      `DELETE FROM alike_marks WHERE ctid = ANY (ARRAY(SELECT a.ctid FROM alike_marks a WHERE a.workspace = $1 LIMIT $2))
       RETURNING learner_id`,
      [workspace, MOST_MARKS],
    );
    if (marks.length === 0) return false;
    const ids = [...new Set(marks.map((mark) => mark.learner_id))];
    await tx.query('DELETE FROM alike_values WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])', [workspace, ids]);
    await tx.query(
      `WITH m AS (SELECT unnest($2::uuid[]) AS id)
       INSERT INTO alike_values (workspace, tier, value, learner_id)
       SELECT $1, shared.tier, shared.value, shared.learner_id ${SHARED} ON CONFLICT DO NOTHING`,
      [workspace, ids],
    );
    return marks.length === MOST_MARKS;
  });
}

/** What those share whom the worker has not come to. */
export async function freshlyShared(db: Queryable, workspace: number): Promise<SharedValue[]> {
  return await db.query<SharedValue>(
    `WITH m AS MATERIALIZED (
       SELECT DISTINCT a.learner_id AS id FROM (SELECT learner_id FROM alike_marks WHERE workspace = $1 LIMIT ${MOST_FRESH}) a
     ) SELECT DISTINCT shared.tier, shared.value ${SHARED}`,
    [workspace],
  );
}
