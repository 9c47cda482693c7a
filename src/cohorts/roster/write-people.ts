/** Writes people of a roster, a batch at a time, each kind of change in one statement. */
import { hashUuid, type Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { RosterPerson } from './check-rows.ts';

/** What became of a person, or why nothing did. */
export type Written = { learnerId: Uuid; change: 'create' | 'update' | 'unchanged' } | { error: string };

interface Known {
  n: number;
  /** By the identity; null where it is not known. */
  learner_id: Uuid | null;
  /** By the e-mail: the only one, and how many there are. */
  by_email: Uuid | null;
  same_email: number;
  /** The only one with this e-mail whom no platform knows: from a roster before. */
  waiting: Uuid | null;
}

/**
 * Finds or makes each person. By the identity; of people without one, by the e-mail. An identity that is not known yet goes to
 * whoever a roster named before by this e-mail alone, else to somebody new: the same e-mail merges no two people whom
 * platforms know. The name becomes a person's word and the e-mail a trusted one.
 */
export async function writePeople(
  tx: Queryable,
  workspace: number,
  people: readonly RosterPerson[],
): Promise<Written[]> {
  const known = await find(tx, workspace, people);
  const targets = people.map((person, i) => targetOf(workspace, person, known.get(i + 1)));
  const placed = people.flatMap((person, i) => {
    const target = targets[i];
    return target === undefined || 'error' in target ? [] : [{ person, ...target }];
  });
  const changed = new Set<Uuid>();
  await insertLearners(
    tx,
    workspace,
    placed.filter(({ change }) => change === 'create'),
  );
  await updateLearners(
    tx,
    workspace,
    placed.filter(({ change }) => change !== 'create'),
    changed,
  );
  await writeIdentities(tx, workspace, placed, changed);
  return targets.map((target) =>
    'learnerId' in target && target.change === 'unchanged' && changed.has(target.learnerId)
      ? { ...target, change: 'update' }
      : target,
  );
}

async function find(tx: Queryable, workspace: number, people: readonly RosterPerson[]): Promise<Map<number, Known>> {
  const rows = await tx.query<Known>(
    `SELECT p.n::int AS n, known.learner_id, mail.id AS by_email, coalesce(mail.n, 0)::int AS same_email, mail.waiting
     FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[])
       WITH ORDINALITY AS p (provider, realm, external_id, source_id, email, n)
     LEFT JOIN LATERAL (
       SELECT i.learner_id FROM identities i
       WHERE i.workspace = $1 AND i.external_id = p.external_id AND i.provider = p.provider
         AND (i.realm = p.realm OR i.realm = p.source_id::text AND i.roster)
       ORDER BY i.realm = p.realm DESC LIMIT 1
     ) known ON true
     LEFT JOIN LATERAL (
       SELECT min(l.id::text)::uuid AS id, count(*) AS n,
              CASE WHEN count(*) FILTER (WHERE alone.yes) = 1 THEN (min(l.id::text) FILTER (WHERE alone.yes))::uuid END AS waiting
       FROM learners l
       CROSS JOIN LATERAL (SELECT NOT EXISTS (
         SELECT FROM identities i WHERE i.workspace = $1 AND i.learner_id = l.id) AS yes) alone
       WHERE l.workspace = $1 AND lower(l.email) = lower(p.email)
     ) mail ON p.email IS NOT NULL`,
    [
      workspace,
      people.map(({ identity }) => identity?.provider ?? null),
      people.map(({ identity }) => identity?.realm ?? null),
      people.map(({ identity }) => identity?.externalId ?? null),
      people.map(({ identity }) => identity?.sourceId ?? null),
      people.map(({ email }) => email),
    ],
  );
  return new Map(rows.map((row) => [row.n, row]));
}

function targetOf(workspace: number, { identity, email }: RosterPerson, known: Known | undefined): Written {
  if (identity !== null) {
    const learnerId = known?.learner_id ?? known?.waiting ?? null;
    if (learnerId !== null) return { learnerId, change: 'unchanged' };
    const { provider, realm, externalId } = identity;
    // The id that the first webhook of this person would make.
    return { learnerId: hashUuid('learner', String(workspace), provider, realm, externalId), change: 'create' };
  }
  if (known !== undefined && known.same_email > 1)
    return { error: `${known.same_email} learners have the e-mail ${email}. Say which with an external id.` };
  if (known?.by_email != null) return { learnerId: known.by_email, change: 'unchanged' };
  return { learnerId: hashUuid('learner', 'roster', String(workspace), (email ?? '').toLowerCase()), change: 'create' };
}

interface Placed {
  person: RosterPerson;
  learnerId: Uuid;
}

async function insertLearners(tx: Queryable, workspace: number, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return;
  await tx.query(
    `INSERT INTO learners (workspace, id, name, name_by, email, email_by, external_ids)
     SELECT $1, p.id, p.name, CASE WHEN p.name IS NULL THEN 'platform' ELSE 'person' END,
            p.email, CASE WHEN p.email IS NULL THEN 'platform' ELSE 'roster' END, p.external_id
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS p (id, name, email, external_id) ORDER BY p.id
     ON CONFLICT DO NOTHING`,
    [
      workspace,
      placed.map(({ learnerId }) => learnerId),
      placed.map(({ person }) => person.name),
      placed.map(({ person }) => person.email),
      placed.map(({ person }) => person.identity?.externalId ?? null),
    ],
  );
}

/** What a roster says counts from now on. People known only from tests are real ones now. Adds to `changed`. */
async function updateLearners(
  tx: Queryable,
  workspace: number,
  placed: readonly Placed[],
  changed: Set<Uuid>,
): Promise<void> {
  if (placed.length === 0) return;
  const rows = await tx.query<{ id: Uuid }>(
    `WITH told AS MATERIALIZED (
       SELECT DISTINCT ON (p.id) p.id, p.name, p.email FROM unnest($2::uuid[], $3::text[], $4::text[]) AS p (id, name, email) ORDER BY p.id
     ), held AS MATERIALIZED (
       SELECT l.id FROM learners l WHERE l.workspace = $1 AND l.id = ANY ($2::uuid[]) ORDER BY l.id FOR NO KEY UPDATE
     )
     UPDATE learners l SET name = coalesce(t.name, l.name),
       name_by = CASE WHEN t.name IS NULL THEN l.name_by ELSE 'person' END,
       email = coalesce(t.email, l.email),
       email_by = CASE WHEN t.email IS NULL THEN l.email_by ELSE 'roster' END,
       excluded = l.excluded AND l.excluded_by <> 'test', excluded_by = 'person'
     FROM told t JOIN held USING (id)
     WHERE l.workspace = $1 AND l.id = t.id
       AND (t.name IS NOT NULL AND (t.name, 'person') IS DISTINCT FROM (l.name, l.name_by)
         OR t.email IS NOT NULL AND (t.email, 'roster') IS DISTINCT FROM (l.email, l.email_by)
         OR l.excluded AND l.excluded_by = 'test')
     RETURNING l.id`,
    [
      workspace,
      placed.map(({ learnerId }) => learnerId),
      placed.map(({ person }) => person.name),
      placed.map(({ person }) => person.email),
    ],
  );
  for (const { id } of rows) changed.add(id);
}

/** Adds to `changed` whoever a platform was not known to know. */
async function writeIdentities(
  tx: Queryable,
  workspace: number,
  placed: readonly Placed[],
  changed: Set<Uuid>,
): Promise<void> {
  const known = placed.flatMap(({ person, learnerId }) =>
    person.identity === null ? [] : [{ ...person.identity, learnerId }],
  );
  if (known.length === 0) return;
  const rows = await tx.query<{ id: Uuid }>(
    `INSERT INTO identities AS i (workspace, provider, realm, external_id, learner_id, source_id, roster)
     SELECT $1, p.provider, p.realm, p.external_id, p.learner_id, p.source_id, true
     FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[]) AS p (provider, realm, external_id, learner_id, source_id)
     WHERE NOT EXISTS (SELECT FROM identities o
       WHERE o.workspace = $1 AND o.external_id = p.external_id AND o.provider = p.provider AND o.realm = p.source_id::text AND o.roster)
     ORDER BY p.realm, p.external_id, p.provider
     ON CONFLICT (workspace, realm, external_id, provider) DO UPDATE SET test_only = false WHERE i.test_only
     RETURNING learner_id AS id`,
    [
      workspace,
      known.map(({ provider }) => provider),
      known.map(({ realm }) => realm),
      known.map(({ externalId }) => externalId),
      known.map(({ learnerId }) => learnerId),
      known.map(({ sourceId }) => sourceId),
    ],
  );
  for (const { id } of rows) changed.add(id);
}
