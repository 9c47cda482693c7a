/** Whom and what events are about, with the names as they are now: as the JSON that stands in the event. */
import { publicId, type Uuid } from '../core/ids.ts';
import type { ActivityKind, Provider } from '../core/vocabulary.ts';
import { uuidTextArray } from '../db/binary-arrays.ts';
import type { Queryable } from '../db/database.ts';

export interface AboutLearner {
  /** With e-mail and identities, these by provider, realm and external id. A realm that is a source stands as its public id. */
  whole: string;
  /** Id and name. */
  brief: string;
}

export interface AboutActivity {
  provider: Provider | null;
  /** With its external id. */
  whole: string;
  /** Id, title and kind. */
  brief: string;
}

export interface AboutSource {
  provider: Provider | null;
  /** Its id and slug, without braces. */
  fields: string;
}

/** Those that are there, by id. */
export interface About {
  learners: ReadonlyMap<Uuid, AboutLearner>;
  activities: ReadonlyMap<Uuid, AboutActivity>;
  sources: ReadonlyMap<Uuid, AboutSource>;
}

type IdentityRow = [provider: Provider, realm: string, externalId: string, ofSource: boolean];

/** Column by column: a list for each row costs the database more than a few for all. null where there is no row. */
interface AboutRow {
  learners: [id: Uuid[] | null, name: (string | null)[], email: (string | null)[]];
  identities: [
    learner: Uuid[] | null,
    provider: Provider[],
    realm: string[],
    externalId: string[],
    ofSource: boolean[],
  ];
  activities:
    | [id: Uuid, provider: Provider | null, externalId: string, title: string | null, kind: ActivityKind][]
    | null;
  sources: [id: Uuid, slug: string, provider: Provider][] | null;
}

interface Ids {
  learner_id: Uuid | null;
  activity_id: Uuid | null;
  source_id: Uuid | null;
}

/**
 * Reads them in one statement, list by list: a look-up and a sort for each learner took the database 18 µs an event, where an
 * index scan over the sorted list takes 2 (docs/performance.md, "Deliveries").
 */
export async function readAbout(db: Queryable, workspace: number, rows: readonly Ids[]): Promise<About> {
  const wanted = idsOf(rows);
  if (wanted.every((ids) => ids.length === 0))
    return { learners: new Map(), activities: new Map(), sources: new Map() };
  const [row] = await db.query<AboutRow>(
    `SELECT
       (SELECT json_build_array(json_agg(id), json_agg(name), json_agg(email)) FROM learners
        WHERE workspace = $1 AND id = ANY ($2::uuid[])) AS learners,
       (SELECT json_build_array(json_agg(learner_id), json_agg(provider), json_agg(realm), json_agg(external_id),
          json_agg(realm = source_id::text)) FROM identities
        WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])) AS identities,
       (SELECT json_agg(json_build_array(id, provider, external_id, title, kind)) FROM activities
        WHERE workspace = $1 AND id = ANY ($3::uuid[])) AS activities,
       (SELECT json_agg(json_build_array(id, slug, provider)) FROM sources
        WHERE workspace = $1 AND id = ANY ($4::uuid[])) AS sources`,
    [workspace, ...wanted.map(uuidTextArray)],
  );
  return {
    learners: learnersOf(row),
    activities: new Map(
      row?.activities?.map(([id, provider, externalId, title, kind]) => {
        const start = `{"id":"${publicId('act', id)}"`;
        const end = `"title":${JSON.stringify(title)},"kind":"${kind}"}`;
        return [
          id,
          { provider, whole: `${start},"externalId":${JSON.stringify(externalId)},${end}`, brief: `${start},${end}` },
        ];
      }),
    ),
    sources: new Map(
      row?.sources?.map(([id, slug, provider]) => [
        id,
        { provider, fields: `"id":"${publicId('src', id)}","slug":${JSON.stringify(slug)}` },
      ]),
    ),
  };
}

function learnersOf(row: AboutRow | undefined): Map<Uuid, AboutLearner> {
  const learners = new Map<Uuid, AboutLearner>();
  const [ids, names, emails] = row?.learners ?? [null, [], []];
  if (ids === null) return learners;
  const identities = identitiesOf(row);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? '';
    const start = `{"id":"${publicId('lrn', id)}","name":${JSON.stringify(names[i])}`;
    const whole = `${start},"email":${JSON.stringify(emails[i])},"identities":${identitiesJson(identities.get(id) ?? [])}}`;
    learners.set(id, { whole, brief: `${start}}` });
  }
  return learners;
}

/** By learner. */
function identitiesOf(row: AboutRow | undefined): Map<Uuid, IdentityRow[]> {
  const identities = new Map<Uuid, IdentityRow[]>();
  const [learners, providers, realms, externalIds, ofSource] = row?.identities ?? [null, [], [], [], []];
  if (learners === null) return identities;
  for (let i = 0; i < learners.length; i++) {
    const learner = learners[i] ?? '';
    const identity = [providers[i], realms[i], externalIds[i], ofSource[i]] as IdentityRow;
    const others = identities.get(learner);
    if (others === undefined) identities.set(learner, [identity]);
    else others.push(identity);
  }
  return identities;
}

/** Those of learners, activities and sources. */
function idsOf(rows: readonly Ids[]): [Uuid[], Uuid[], Uuid[]] {
  const learners = new Set<Uuid>();
  const activities = new Set<Uuid>();
  const sources = new Set<Uuid>();
  for (const { learner_id, activity_id, source_id } of rows) {
    if (learner_id !== null) learners.add(learner_id);
    if (activity_id !== null) activities.add(activity_id);
    if (source_id !== null) sources.add(source_id);
  }
  return [[...learners], [...activities], [...sources]];
}

function identitiesJson(rows: readonly IdentityRow[]): string {
  // Nearly everybody has one, so the database need not sort.
  const sorted = rows.length < 2 ? rows : rows.toSorted(byProviderRealmAndId);
  const list = sorted.map(
    ([provider, realm, externalId, ofSource]) =>
      `{"provider":"${provider}","realm":${JSON.stringify(ofSource ? publicId('src', realm) : realm)},` +
      `"externalId":${JSON.stringify(externalId)}}`,
  );
  return `[${list.join(',')}]`;
}

function byProviderRealmAndId(a: IdentityRow, b: IdentityRow): number {
  return compare(a[0], b[0]) || compare(a[1], b[1]) || compare(a[2], b[2]);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
