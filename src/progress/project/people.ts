/** Who the facts of a batch are about: finds or makes learners and their identities, and keeps names up to date. */
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { JsonObject, LearnerRef, Provider } from '../../core/vocabulary.ts';
import { textArray } from '../../db/binary-arrays.ts';
import type { Queryable, Transaction } from '../../db/database.ts';
import { adoptRoster } from './adopt-roster.ts';
import { rememberedUuid } from './remembered-ids.ts';
import { showKept } from './show-kept.ts';

/** One mention of a person. */
export interface Mention {
  ref: LearnerRef;
  provider: Provider;
  sourceId: Uuid;
  at: Instant;
  /** Mentioned by a test from the sources page: a person who is known only so is in no figure. */
  test: boolean;
}

interface Person {
  key: string;
  provider: Provider;
  realm: string;
  externalId: string;
  sourceId: Uuid;
  learnerId: Uuid;
  name: Told<string>;
  email: Told<string>;
  attributes: Told<JsonObject>;
  testOnly: boolean;
  /** The identity is there and was test-only until now. */
  wasTestOnly: boolean;
  /** Whose page shows the person; null: nobody was merged. */
  shownOn: Uuid | null;
}

/** A value and when the platform told it; the newest counts, at one instant the greater text. */
type Told<T> = { value: T; text: string; at: Instant } | null;

/** The key under which a mention is found in the result of `findPeople`. */
export function personKey(mention: Pick<Mention, 'ref' | 'provider' | 'sourceId'>): string {
  return `${mention.provider}\n${mention.ref.realm ?? mention.sourceId}\n${mention.ref.externalId}`;
}

/**
 * Learner ids of all mentioned, by personKey; of people who were merged into others their own (src/db/shown-on.ts). Unknown people are made; their ids are hashes of the identity, so that two
 * workers that meet them at once make the same. Rows are touched in sorted order, so that they never deadlock.
 */
export async function findPeople(
  tx: Transaction,
  workspace: number,
  mentions: readonly Mention[],
): Promise<Map<string, Uuid>> {
  const people = gather(workspace, mentions);
  const ids = new Map<string, Uuid>();
  if (people.length === 0) return ids;
  await read(tx, workspace, people, ids);
  const nobody = (): Person[] => people.filter((person) => !ids.has(person.key));
  let unknown = nobody();
  if (await adoptRoster(tx, workspace, unknown)) {
    await read(tx, workspace, unknown, ids);
    unknown = nobody();
  }
  if (unknown.length > 0) {
    await insert(tx, workspace, unknown);
    await read(tx, workspace, unknown, ids);
  }
  update(tx, workspace, people, ids);
  return ids;
}

function gather(workspace: number, mentions: readonly Mention[]): Person[] {
  const byKey = new Map<string, Person>();
  for (const mention of mentions) {
    const key = personKey(mention);
    const { ref } = mention;
    let person = byKey.get(key);
    if (person === undefined) {
      const realm = ref.realm ?? mention.sourceId;
      person = {
        key,
        provider: mention.provider,
        realm,
        externalId: ref.externalId,
        sourceId: mention.sourceId,
        learnerId: rememberedUuid('learner', workspace, mention.provider, realm, ref.externalId),
        name: null,
        email: null,
        attributes: null,
        testOnly: true,
        wasTestOnly: false,
        shownOn: null,
      };
      byKey.set(key, person);
    }
    if (!mention.test) person.testOnly = false;
    person.name = newer(person.name, ref.name ?? null, ref.name ?? '', mention.at);
    person.email = newer(person.email, ref.email ?? null, ref.email ?? '', mention.at);
    const attributes = ref.attributes === undefined || Object.keys(ref.attributes).length === 0 ? null : ref.attributes;
    if (attributes !== null) {
      person.attributes = newer(person.attributes, attributes, JSON.stringify(attributes), mention.at);
    }
  }
  return [...byKey.values()].sort((a, b) => (a.learnerId < b.learnerId ? -1 : 1));
}

function newer<T>(told: Told<T>, value: T | null, text: string, at: Instant): Told<T> {
  if (value === null) return told;
  if (told !== null && (told.at > at || (told.at === at && told.text >= text))) return told;
  return { value, text, at };
}

async function read(
  tx: Queryable,
  workspace: number,
  people: readonly Person[],
  ids: Map<string, Uuid>,
): Promise<void> {
  // EXISTS: where nobody was ever merged, nobody is looked up.
  const rows = await tx.query<{ n: number; learnerId: Uuid; testOnly: boolean; shownOn: Uuid | null }>(
    `SELECT i.n::int AS n, coalesce(d.origin_id, d.learner_id) AS "learnerId", d.test_only AS "testOnly",
       CASE WHEN EXISTS (SELECT FROM merged_learners WHERE workspace = $1)
         THEN (SELECT g.kept_id FROM merged_learners g WHERE g.workspace = $1 AND g.id = d.learner_id) END AS "shownOn"
     FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS i (provider, realm, external_id, n)
     CROSS JOIN LATERAL (
       SELECT learner_id, origin_id, test_only FROM identities
       WHERE workspace = $1 AND realm = i.realm AND external_id = i.external_id AND provider = i.provider OFFSET 0
     ) d`,
    [
      workspace,
      textArray(people.map((p) => p.provider)),
      textArray(people.map((p) => p.realm)),
      textArray(people.map((p) => p.externalId)),
    ],
  );
  for (const row of rows) {
    const person = people[row.n - 1];
    if (person === undefined) continue;
    ids.set(person.key, row.learnerId);
    person.wasTestOnly = row.testOnly;
    person.shownOn = row.shownOn;
  }
}

async function insert(tx: Queryable, workspace: number, people: readonly Person[]): Promise<void> {
  const values = [
    workspace,
    people.map((p) => p.learnerId),
    people.map((p) => p.name?.value ?? null),
    people.map((p) => p.name?.at ?? null),
    people.map((p) => p.email?.value ?? null),
    people.map((p) => p.email?.at ?? null),
    people.map((p) => p.testOnly),
    people.map((p) => (p.testOnly ? 'test' : 'person')),
    // Else the identities' trigger would write each row a second time.
    people.map((p) => p.externalId),
  ];
  await tx.query(
    `INSERT INTO learners (workspace, id, name, name_at, email, email_at, excluded, excluded_by, external_ids)
     SELECT $1, p.* FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::boolean[], $8::text[], $9::text[]) AS p
     ON CONFLICT DO NOTHING`,
    values,
  );
  await tx.query(
    `INSERT INTO identities (workspace, provider, realm, external_id, learner_id, source_id, attributes, attributes_at, test_only)
     SELECT $1, p.* FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::jsonb[], $8::timestamptz[], $9::boolean[]) AS p
     ON CONFLICT DO NOTHING`,
    [
      workspace,
      people.map((p) => p.provider),
      people.map((p) => p.realm),
      people.map((p) => p.externalId),
      people.map((p) => p.learnerId),
      people.map((p) => p.sourceId),
      people.map((p) => JSON.stringify(p.attributes?.value ?? {})),
      people.map((p) => p.attributes?.at ?? null),
      people.map((p) => p.testOnly),
    ],
  );
}

/**
 * Names and e-mails: the newest by the platform's clock, unless a person set them. `…_at` moves on even where the value
 * stays, so that the order of arrival does not matter (A, B, A told in any order ends with A). Nothing here is waited for.
 */
function update(tx: Transaction, workspace: number, people: readonly Person[], ids: Map<string, Uuid>): void {
  const id = (person: Person): Uuid => ids.get(person.key) ?? person.learnerId;
  // One order for all workers, before the statements below touch their own subsets in whatever order.
  const touched = people.filter((p) => p.name !== null || p.email !== null || p.attributes !== null);
  if (touched.length > 0) {
    tx.send('SELECT FROM learners WHERE workspace = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE', [
      workspace,
      touched.map((person) => person.shownOn ?? id(person)),
    ]);
  }
  const named = people.filter((p) => p.name !== null || p.email !== null);
  // What each platform tells of somebody merged is kept apart, or taking that back would find it mixed.
  const [merged, themselves] = [named.filter((p) => p.shownOn !== null), named.filter((p) => p.shownOn === null)];
  updateTexts('learners', tx, workspace, newestOfEach(themselves, id));
  updateTexts('merged_learners', tx, workspace, newestOfEach(merged, id));
  showKept(tx, workspace, [...new Set(touched.flatMap((person) => person.shownOn ?? []))].sort());
  const described = people.filter((p) => p.attributes !== null);
  if (described.length > 0) {
    tx.send(
      `UPDATE identities d SET attributes = p.value, attributes_at = p.at
       FROM unnest($2::text[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[]) AS p (provider, realm, external_id, value, at)
       WHERE d.workspace = $1 AND d.external_id = ANY ($4::text[])
         AND d.realm = p.realm AND d.external_id = p.external_id AND d.provider = p.provider
         AND (d.attributes_at IS NULL OR (p.at, p.value::text COLLATE "C") > (d.attributes_at, d.attributes::text COLLATE "C"))`,
      [
        workspace,
        described.map((p) => p.provider),
        described.map((p) => p.realm),
        described.map((p) => p.externalId),
        described.map((p) => JSON.stringify(p.attributes?.value)),
        described.map((p) => p.attributes?.at),
      ],
    );
  }
  const real = people.filter((p) => p.wasTestOnly && !p.testOnly);
  if (real.length > 0) liftTestExclusion(tx, workspace, real, id);
}

/** What a learner is told to be called: of all their identities. */
type Called = Pick<Person, 'name' | 'email'>;

function newestOfEach(people: readonly Person[], id: (person: Person) => Uuid): Map<Uuid, Called> {
  const called = new Map<Uuid, Called>();
  for (const person of people) {
    const known = called.get(id(person)) ?? { name: null, email: null };
    called.set(id(person), { name: newest(known.name, person.name), email: newest(known.email, person.email) });
  }
  return called;
}

function newest<T>(told: Told<T>, other: Told<T>): Told<T> {
  return other === null ? told : newer(told, other.value, other.text, other.at);
}

/** SQL: whether what `p` tells of a column is newer than what row `l` has, and may replace it. */
const isNewer = (column: 'name' | 'email'): string =>
  `(l.${column}_by = 'platform' AND p.${column} IS NOT NULL AND (l.${column}_at IS NULL
     OR (p.${column}_at, p.${column} COLLATE "C") > (l.${column}_at, l.${column} COLLATE "C")))`;

const set = (column: 'name' | 'email'): string =>
  `${column} = CASE WHEN ${isNewer(column)} THEN p.${column} ELSE l.${column} END,
   ${column}_at = CASE WHEN ${isNewer(column)} THEN p.${column}_at ELSE l.${column}_at END`;

function updateTexts(
  table: 'learners' | 'merged_learners',
  tx: Transaction,
  workspace: number,
  called: ReadonlyMap<Uuid, Called>,
): void {
  if (called.size === 0) return;
  const rows = [...called.values()];
  tx.send(
    `UPDATE ${table} l SET ${set('name')}, ${set('email')}
     FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[]) AS p (id, name, name_at, email, email_at)
     WHERE l.workspace = $1 AND l.id = ANY ($2::uuid[]) AND l.id = p.id AND (${isNewer('name')} OR ${isNewer('email')})`,
    [
      workspace,
      [...called.keys()],
      rows.map(({ name }) => name?.value ?? null),
      rows.map(({ name }) => name?.at ?? null),
      rows.map(({ email }) => email?.value ?? null),
      rows.map(({ email }) => email?.at ?? null),
    ],
  );
}

/** A real webhook of people who so far were known only from tests: from now on they count. */
function liftTestExclusion(
  tx: Transaction,
  workspace: number,
  people: readonly Person[],
  id: (person: Person) => Uuid,
): void {
  const ids = people.map(id);
  const shownOn = people.map((person) => person.shownOn ?? id(person));
  tx.send(
    `UPDATE identities SET test_only = false
     WHERE workspace = $1 AND learner_id = ANY ($3::uuid[]) AND coalesce(origin_id, learner_id) = ANY ($2::uuid[])`,
    [workspace, ids, shownOn],
  );
  for (const table of ['learners', 'merged_learners']) {
    tx.send(
      `UPDATE ${table} SET excluded = false, excluded_by = 'person'
       WHERE workspace = $1 AND id = ANY ($2::uuid[]) AND excluded_by = 'test'`,
      [workspace, ids],
    );
  }
  showKept(tx, workspace, [...new Set(people.flatMap((person) => person.shownOn ?? []))].sort());
}
