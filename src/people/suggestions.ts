/**
 * Learners who are likely one person, with the evidence. Only suggested: somebody decides (src/people/merge-learners.ts).
 *
 * Listed by the strongest evidence of each pair, in the order of TIERS; of each the values that several share (./alike.ts) are
 * read from where the page before ended, so nothing is computed of the pairs that nobody looks at. Independent evidence adds up: 1 - (1 - a)(1 - b).
 */
import type { Queryable } from '../db/database.ts';
import { LEARNER_COLUMNS, type LearnerRow } from '../progress/queries/learner-row.ts';
import { freshlyShared, type SharedValue } from './alike.ts';
import { type Evidence, evidenceOf, type Pair } from './evidence.ts';

export interface Suggestion {
  a: LearnerRow;
  b: LearnerRow;
  evidence: Pick<Evidence, 'kind' | 'value'>[];
  score: number;
  /** Where the list goes on after it. */
  place: SuggestionPlace;
}

export interface SuggestionPlace extends Pair {
  tier: number;
  /** What the two share. */
  value: string;
}

/** An address, id or name that more learners than this share is a shared mailbox or a placeholder and proves nothing. */
const MOST_ALIKE = 5;

/** Shared values looked at in one go; many of their pairs may have been dismissed. */
const VALUES = 100;

/** Pairs that share one of the values `v.value`, of each tier in order. */
const TIERS: readonly string[] = [
  ofLearners('email_key'),
  `SELECT DISTINCT v.value, least(i.learner_id, l.id) AS a, greatest(i.learner_id, l.id) AS b
   FROM v JOIN identities i ON i.workspace = $1 AND i.external_id = v.value
   JOIN learners l ON l.workspace = $1 AND l.email_key = lower(i.external_id) AND l.id <> i.learner_id`,
  ofIdentities(),
  ofLearners('name_key'),
  // Numbers of up to five digits.
  ofIdentities(),
];

function ofLearners(key: string): string {
  return `SELECT DISTINCT v.value, x.id AS a, y.id AS b
    FROM v CROSS JOIN LATERAL (SELECT count(*) AS n FROM (
      SELECT FROM learners o WHERE o.workspace = $1 AND o.${key} = v.value LIMIT ${MOST_ALIKE + 1}) o) alike
    JOIN learners x ON x.workspace = $1 AND x.${key} = v.value
    JOIN learners y ON y.workspace = $1 AND y.${key} = v.value AND y.id > x.id
    WHERE alike.n <= ${MOST_ALIKE}`;
}

function ofIdentities(): string {
  return `SELECT DISTINCT v.value, x.learner_id AS a, y.learner_id AS b
    FROM v CROSS JOIN LATERAL (SELECT count(*) AS n, min(o.provider) <> max(o.provider) AS two FROM (
      SELECT o.provider FROM identities o WHERE o.workspace = $1 AND o.external_id = v.value LIMIT ${MOST_ALIKE + 1}) o) alike
    JOIN identities x ON x.workspace = $1 AND x.external_id = v.value
    JOIN identities y ON y.workspace = $1 AND y.external_id = v.value AND y.learner_id > x.learner_id
    WHERE alike.n <= ${MOST_ALIKE} AND alike.two`;
}

/** Up to `limit` suggestions after a place, those with the strongest evidence first, without those somebody dismissed. */
export async function listSuggestions(
  db: Queryable,
  workspace: number,
  page: { after: SuggestionPlace | null; limit: number },
): Promise<Suggestion[]> {
  const found: Omit<Suggestion, 'a' | 'b'>[] = [];
  let place = page.after;
  const fresh = await freshlyShared(db, workspace);
  for (let tier = place?.tier ?? 0; tier < TIERS.length && found.length < page.limit; tier += 1) {
    for (let more = true; more && found.length < page.limit; ) {
      const batch = await batchOf(db, workspace, { tier, fresh }, place?.tier === tier ? place : null);
      found.push(...(await judged(db, workspace, tier, batch.pairs)));
      place = batch.last;
      more = place !== null;
    }
  }
  const chosen = found.slice(0, page.limit);
  const people = await db.query<LearnerRow>(
    `SELECT ${LEARNER_COLUMNS} FROM learners l WHERE l.workspace = $1 AND l.id = ANY ($2::uuid[])`,
    [workspace, [...new Set(chosen.flatMap((one) => [one.place.a, one.place.b]))]],
  );
  const byId = new Map(people.map((person) => [person.id, person]));
  return chosen.flatMap((one) => {
    const [a, b] = [byId.get(one.place.a), byId.get(one.place.b)];
    // Merged or erased between the statements.
    return a === undefined || b === undefined ? [] : [{ ...one, a, b }];
  });
}

/** The next pairs of a tier in order, of what is kept and what the worker has not come to; `last` null: there are no more in it. */
async function batchOf(
  db: Queryable,
  workspace: number,
  { tier, fresh }: { tier: number; fresh: readonly SharedValue[] },
  after: SuggestionPlace | null,
): Promise<{ pairs: SuggestionPlace[]; last: SuggestionPlace | null }> {
  const shared = await db.query<{ value: string }>(
    `(SELECT DISTINCT a.value FROM alike_values a WHERE a.workspace = $1 AND a.tier = $2 AND a.value >= $3 ORDER BY 1 LIMIT ${VALUES})
     UNION (SELECT f.value FROM unnest($4::text[]) AS f (value) WHERE f.value >= $3) ORDER BY 1 LIMIT ${VALUES}`,
    [workspace, tier, after?.value ?? '', fresh.filter((one) => one.tier === tier).map(({ value }) => value)],
  );
  if (shared.length === 0) return { pairs: [], last: null };
  const rows = await db.query<Pair & { value: string }>(
    `WITH v AS MATERIALIZED (SELECT unnest($2::text[]) AS value)
     SELECT p.value, p.a, p.b FROM (${TIERS[tier]}) p
     WHERE ($3::text IS NULL OR (p.value, p.a, p.b) > ($3::text, $4::uuid, $5::uuid))
       AND NOT EXISTS (SELECT FROM dismissed_suggestions d WHERE d.workspace = $1 AND d.a = p.a AND d.b = p.b)
     ORDER BY p.value, p.a, p.b`,
    [workspace, shared.map(({ value }) => value), after?.value ?? null, after?.a ?? null, after?.b ?? null],
  );
  const end = shared.at(-1)?.value;
  const last = shared.length < VALUES || end === undefined ? null : { tier, value: end, a: LAST_ID, b: LAST_ID };
  return { pairs: rows.map((row) => ({ tier, ...row })), last };
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Those whose strongest evidence is this one: the others stand elsewhere in the list, or are no suggestion. */
async function judged(
  db: Queryable,
  workspace: number,
  tier: number,
  places: readonly SuggestionPlace[],
): Promise<Omit<Suggestion, 'a' | 'b'>[]> {
  const evidence = await evidenceOf(db, workspace, places);
  return places.flatMap((place, i) => {
    const told = evidence[i] ?? [];
    const [first] = told;
    if (
      first === undefined ||
      first.tier !== tier ||
      (first.value !== place.value.toLowerCase() && first.value !== place.value)
    )
      return [];
    const doubt = told.reduce((left, { weight }) => left * (1 - weight), 1);
    return [
      {
        place,
        evidence: told.map(({ kind, value }) => ({ kind, value })),
        score: Math.round((1 - doubt) * 10_000) / 10_000,
      },
    ];
  });
}
