/**
 * What says that two learners are one person, and how much each says by itself:
 *   email       the same address, whatever its case; also an address that a platform uses as its id
 *   externalId  the same id on two platforms. Short numbers say little: every platform counts from 1
 *   name        the same two or more words, whatever their case, accents and order; weak, and none at all where both are
 *               known to one platform (a class with two Anna Müllers)
 */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

export type EvidenceKind = 'email' | 'externalId' | 'name';

export interface Pair {
  /** The lesser id. */
  a: Uuid;
  b: Uuid;
}

export interface Evidence {
  kind: EvidenceKind;
  value: string;
  weight: number;
  /** Its place among kinds of evidence, 0 the strongest; see TIERS of ./suggestions.ts. */
  tier: number;
}

/** Of each pair, in their order, the strongest evidence first. */
export async function evidenceOf(db: Queryable, workspace: number, pairs: readonly Pair[]): Promise<Evidence[][]> {
  if (pairs.length === 0) return [];
  const rows = await db.query<Evidence & { n: number }>(
    `SELECT p.n::int AS n, e.* FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS p (a, b, n)
     JOIN learners x ON x.workspace = $1 AND x.id = p.a
     JOIN learners y ON y.workspace = $1 AND y.id = p.b
     CROSS JOIN LATERAL (
       SELECT 0 AS tier, 'email' AS kind, x.email_key AS value, 0.9::float8 AS weight WHERE x.email_key = y.email_key
       UNION
       SELECT 1, 'email', lower(i.external_id), 0.9 FROM identities i
       WHERE i.workspace = $1 AND (i.learner_id = p.a AND lower(i.external_id) = y.email_key
         OR i.learner_id = p.b AND lower(i.external_id) = x.email_key) AND x.email_key IS DISTINCT FROM y.email_key
       UNION
       SELECT CASE WHEN short.yes THEN 4 ELSE 2 END, 'externalId', i.external_id, CASE WHEN short.yes THEN 0.15 ELSE 0.6 END
       FROM identities i JOIN identities j ON j.workspace = $1 AND j.learner_id = p.b
         AND j.external_id = i.external_id AND j.provider <> i.provider
       CROSS JOIN LATERAL (SELECT i.external_id ~ '^[0-9]{1,5}$' AS yes) short
       WHERE i.workspace = $1 AND i.learner_id = p.a
       UNION
       SELECT 3, 'name', x.name_key, 0.3 WHERE x.name_key = y.name_key AND NOT EXISTS (
         SELECT FROM identities i JOIN identities j ON j.workspace = $1 AND j.learner_id = p.b
           AND j.provider = i.provider AND j.realm = i.realm
         WHERE i.workspace = $1 AND i.learner_id = p.a)
     ) e ORDER BY p.n, e.tier, e.value`,
    [workspace, pairs.map(({ a }) => a), pairs.map(({ b }) => b)],
  );
  const found: Evidence[][] = pairs.map(() => []);
  for (const { n, ...evidence } of rows) found[n - 1]?.push(evidence);
  return found;
}
