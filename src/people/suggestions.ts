/**
 * Learners who are likely one person, with the evidence. Only suggested: somebody decides (src/people/merge-learners.ts).
 *
 * Evidence, and how much each says by itself:
 *   email       the same address, whatever its case; also an address that a platform uses as its id
 *   externalId  the same id on two platforms. Short numbers say little: every platform counts from 1
 *   name        the same two or more words, whatever their case, accents and order; weak, and none at all where both are
 *               known to one platform (a class with two Anna Müllers) or where many bear it
 * Independent evidence adds up: 1 - (1 - a)(1 - b).
 */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { LEARNER_COLUMNS, type LearnerRow } from '../progress/queries/learner-row.ts';

export type EvidenceKind = 'email' | 'externalId' | 'name';

export interface Suggestion {
  a: LearnerRow;
  b: LearnerRow;
  evidence: { kind: EvidenceKind; value: string }[];
  score: number;
}

export interface SuggestionPlace {
  score: number;
  a: Uuid;
  b: Uuid;
}

/** An address, id or name that more learners than this share is a shared mailbox or a placeholder and proves nothing. */
const MOST_ALIKE = 5;

const WEIGHT = { email: 0.9, externalId: 0.6, shortNumber: 0.15, name: 0.3 };

const PAIRS = `
  WITH emails AS (
    SELECT email_key AS value, array_agg(id ORDER BY id) AS ids FROM learners
    WHERE workspace = $1 AND email_key IS NOT NULL GROUP BY email_key HAVING count(*) BETWEEN 2 AND ${MOST_ALIKE}
  ), ids AS (
    SELECT external_id AS value, array_agg(DISTINCT learner_id ORDER BY learner_id) AS ids FROM identities
    WHERE workspace = $1 GROUP BY external_id
    HAVING count(*) BETWEEN 2 AND ${MOST_ALIKE} AND min(provider) <> max(provider) AND min(learner_id::text) <> max(learner_id::text)
  ), addresses AS (
    SELECT l.email_key AS value, l.id AS one, i.learner_id AS other FROM identities i
    JOIN learners l ON l.workspace = $1 AND l.email_key = lower(i.external_id)
    WHERE i.workspace = $1 AND i.external_id LIKE '%@%' AND l.id <> i.learner_id
  ), names AS (
    SELECT name_key AS value, array_agg(id ORDER BY id) AS ids FROM learners
    WHERE workspace = $1 AND name_key IS NOT NULL GROUP BY name_key HAVING count(*) BETWEEN 2 AND ${MOST_ALIKE}
  ), told AS (
    SELECT a, b, 'email' AS kind, value, ${WEIGHT.email} AS weight FROM emails, unnest(ids) a, unnest(ids) b WHERE a < b
    UNION
    SELECT least(one, other), greatest(one, other), 'email', value, ${WEIGHT.email} FROM addresses
    UNION ALL
    SELECT a, b, 'externalId', value, CASE WHEN value ~ '^[0-9]{1,5}$' THEN ${WEIGHT.shortNumber} ELSE ${WEIGHT.externalId} END
    FROM ids, unnest(ids) a, unnest(ids) b
    WHERE a < b AND EXISTS (
      SELECT FROM identities x JOIN identities y ON y.workspace = $1 AND y.external_id = x.external_id AND y.provider <> x.provider
      WHERE x.workspace = $1 AND x.external_id = value AND x.learner_id = a AND y.learner_id = b)
    UNION ALL
    SELECT a, b, 'name', value, ${WEIGHT.name} FROM names, unnest(ids) a, unnest(ids) b
    WHERE a < b AND NOT EXISTS (
      SELECT FROM identities x JOIN identities y ON y.workspace = $1 AND y.provider = x.provider AND y.realm = x.realm
      WHERE x.workspace = $1 AND x.learner_id = a AND y.learner_id = b)
  ), pairs AS (
    SELECT a, b, round((1 - exp(sum(ln(1 - weight))))::numeric, 4)::float8 AS score,
           jsonb_agg(jsonb_build_object('kind', kind, 'value', value) ORDER BY weight DESC, kind, value) AS evidence
    FROM told GROUP BY a, b
  )`;

/** Up to `limit` suggestions after a place, the likeliest first, without those somebody dismissed. */
export async function listSuggestions(
  db: Queryable,
  workspace: number,
  page: { after: SuggestionPlace | null; limit: number },
): Promise<(Suggestion & { place: SuggestionPlace })[]> {
  const rows = await db.query<SuggestionPlace & { evidence: Suggestion['evidence'] }>(
    `${PAIRS}
     SELECT p.a, p.b, p.score, p.evidence FROM pairs p
     WHERE ($2::float8 IS NULL OR (-p.score, p.a, p.b) > (-$2::float8, $3::uuid, $4::uuid))
       AND NOT EXISTS (SELECT FROM dismissed_suggestions d WHERE d.workspace = $1 AND d.a = p.a AND d.b = p.b)
     ORDER BY p.score DESC, p.a, p.b LIMIT $5`,
    [workspace, page.after?.score ?? null, page.after?.a ?? null, page.after?.b ?? null, page.limit],
  );
  const people = await db.query<LearnerRow>(
    `SELECT ${LEARNER_COLUMNS} FROM learners l WHERE l.workspace = $1 AND l.id = ANY ($2::uuid[])`,
    [workspace, [...new Set(rows.flatMap(({ a, b }) => [a, b]))]],
  );
  const byId = new Map(people.map((person) => [person.id, person]));
  return rows.flatMap(({ a, b, score, evidence }) => {
    const [one, other] = [byId.get(a), byId.get(b)];
    // Merged or erased between the two statements.
    if (one === undefined || other === undefined) return [];
    return [{ a: one, b: other, evidence, score, place: { score, a, b } }];
  });
}
