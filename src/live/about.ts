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

type IdentityRow = [learner: Uuid, provider: Provider, realm: string, externalId: string, ofSource: boolean];

interface AboutRow {
  learners: [id: Uuid, name: string | null, email: string | null][] | null;
  identities: IdentityRow[] | null;
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
       (SELECT json_agg(json_build_array(id, name, email)) FROM learners
        WHERE workspace = $1 AND id = ANY ($2::uuid[])) AS learners,
       (SELECT json_agg(json_build_array(learner_id, provider, realm, external_id, realm = source_id::text)) FROM identities
        WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])) AS identities,
       (SELECT json_agg(json_build_array(id, provider, external_id, title, kind)) FROM activities
        WHERE workspace = $1 AND id = ANY ($3::uuid[])) AS activities,
       (SELECT json_agg(json_build_array(id, slug, provider)) FROM sources
        WHERE workspace = $1 AND id = ANY ($4::uuid[])) AS sources`,
    [workspace, ...wanted.map(uuidTextArray)],
  );
  const identities = new Map<Uuid, IdentityRow[]>();
  for (const identity of row?.identities ?? []) {
    const others = identities.get(identity[0]);
    if (others === undefined) identities.set(identity[0], [identity]);
    else others.push(identity);
  }
  const { stringify } = JSON;
  return {
    learners: new Map(
      row?.learners?.map(([id, name, email]) => {
        const start = `{"id":"${publicId('lrn', id)}","name":${stringify(name)}`;
        const whole = `${start},"email":${stringify(email)},"identities":${identitiesJson(identities.get(id) ?? [])}}`;
        return [id, { whole, brief: `${start}}` }];
      }),
    ),
    activities: new Map(
      row?.activities?.map(([id, provider, externalId, title, kind]) => {
        const start = `{"id":"${publicId('act', id)}"`;
        const end = `"title":${stringify(title)},"kind":"${kind}"}`;
        return [
          id,
          { provider, whole: `${start},"externalId":${stringify(externalId)},${end}`, brief: `${start},${end}` },
        ];
      }),
    ),
    sources: new Map(
      row?.sources?.map(([id, slug, provider]) => [
        id,
        { provider, fields: `"id":"${publicId('src', id)}","slug":${stringify(slug)}` },
      ]),
    ),
  };
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
    ([, provider, realm, externalId, ofSource]) =>
      `{"provider":"${provider}","realm":${JSON.stringify(ofSource ? publicId('src', realm) : realm)},` +
      `"externalId":${JSON.stringify(externalId)}}`,
  );
  return `[${list.join(',')}]`;
}

function byProviderRealmAndId(a: IdentityRow, b: IdentityRow): number {
  return compare(a[1], b[1]) || compare(a[2], b[2]) || compare(a[3], b[3]);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
