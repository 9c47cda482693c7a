/**
 * Learners who are likely one person, with the evidence. Only suggested: somebody decides (src/people/merge-learners.ts).
 *
 * Listed by the strongest evidence of each pair, in the order of TIERS; each is read along its index from where the page before
 * ended, so nothing is computed of the pairs that nobody looks at. Independent evidence adds up: 1 - (1 - a)(1 - b).
 */
import type { Queryable } from '../db/database.ts';
import { LEARNER_COLUMNS, type LearnerRow } from '../progress/queries/learner-row.ts';
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

/** The values that several learners share, from $2 on, in order: by tier. */
const TIERS: readonly { values: string; pairs: string }[] = [
  ...[
    ['learners', 'email_key', 'true'],
    ['addresses', 'external_id', 'true'],
    ['identities', 'external_id', `external_id !~ '^[0-9]{1,5}$'`],
    ['learners', 'name_key', 'true'],
    ['identities', 'external_id', `external_id ~ '^[0-9]{1,5}$'`],
  ].map(([from, key, fits]) => {
    if (from === 'addresses') {
      return {
        values: `SELECT DISTINCT i.external_id AS value FROM identities i
          WHERE i.workspace = $1 AND i.external_id >= $2 AND i.external_id LIKE '%@%' AND EXISTS (
            SELECT FROM learners l WHERE l.workspace = $1 AND l.email_key = lower(i.external_id) AND l.id <> i.learner_id)
          ORDER BY 1 LIMIT ${VALUES}`,
        pairs: `SELECT DISTINCT i.external_id AS value, least(i.learner_id, l.id) AS a, greatest(i.learner_id, l.id) AS b
          FROM identities i JOIN learners l ON l.workspace = $1 AND l.email_key = lower(i.external_id) AND l.id <> i.learner_id
          WHERE i.workspace = $1 AND i.external_id = ANY ($2::text[])`,
      };
    }
    const ofLearners = from === 'learners';
    const id = ofLearners ? 'id' : 'learner_id';
    return {
      values: `SELECT ${key} AS value FROM ${from} WHERE workspace = $1 AND ${key} >= $2 AND ${key} IS NOT NULL AND ${fits}
        GROUP BY ${key} HAVING count(*) BETWEEN 2 AND ${MOST_ALIKE} ${ofLearners ? '' : 'AND min(provider) <> max(provider)'}
        ORDER BY ${key} LIMIT ${VALUES}`,
      pairs: `SELECT DISTINCT x.${key} AS value, x.${id} AS a, y.${id} AS b
        FROM ${from} x JOIN ${from} y ON y.workspace = $1 AND y.${key} = x.${key} AND y.${id} > x.${id}
        WHERE x.workspace = $1 AND x.${key} = ANY ($2::text[])`,
    };
  }),
];

/** Up to `limit` suggestions after a place, those with the strongest evidence first, without those somebody dismissed. */
export async function listSuggestions(
  db: Queryable,
  workspace: number,
  page: { after: SuggestionPlace | null; limit: number },
): Promise<Suggestion[]> {
  const found: Omit<Suggestion, 'a' | 'b'>[] = [];
  let place = page.after;
  for (let tier = place?.tier ?? 0; tier < TIERS.length && found.length < page.limit; tier += 1) {
    for (let more = true; more && found.length < page.limit; ) {
      const batch = await batchOf(db, workspace, tier, place?.tier === tier ? place : null);
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

/** The next pairs of a tier in order; `last` null: there are no more in it. */
async function batchOf(
  db: Queryable,
  workspace: number,
  tier: number,
  after: SuggestionPlace | null,
): Promise<{ pairs: SuggestionPlace[]; last: SuggestionPlace | null }> {
  const { values, pairs } = TIERS[tier] ?? { values: '', pairs: '' };
  const shared = await db.query<{ value: string }>(values, [workspace, after?.value ?? '']);
  const rows = await db.query<Pair & { value: string }>(
    `SELECT p.value, p.a, p.b FROM (${pairs}) p
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
