/** Whether somebody who is named was erased. */
import type { Queryable } from '../db/database.ts';
import type { PersonMark, Tombstones } from './tombstones.ts';

/** Somebody as a webhook or a roster names them. */
export interface NamedPerson {
  identity: { provider: string; realm: string; externalId: string } | null;
  email: string | null;
}

/**
 * Of each person, in their order. An erased e-mail tells only of people nobody knows: whoever is known by an identity is another
 * person with the same address.
 */
export async function erasedPeople(
  db: Queryable,
  stones: Tombstones,
  workspace: number,
  people: readonly NamedPerson[],
): Promise<boolean[]> {
  const ask = async (markOf: (person: NamedPerson) => PersonMark | null): Promise<Set<NamedPerson>> => {
    const asked = people.flatMap((person) => {
      const mark = markOf(person);
      return mark === null ? [] : [{ person, mark }];
    });
    const hits = await stones.isErased(
      db,
      workspace,
      asked.map(({ mark }) => mark),
    );
    return new Set(asked.filter((_, i) => hits[i] === true).map(({ person }) => person));
  };
  const byIdentity = await ask(({ identity }) => (identity === null ? null : { kind: 'identity', ...identity }));
  const byEmail = await ask(({ email }) => (email === null ? null : { kind: 'email', email }));
  const known = await knownIdentities(
    db,
    workspace,
    [...byEmail].flatMap(({ identity }) => (identity === null ? [] : [identity])),
  );
  return people.map((person) => {
    if (byIdentity.has(person)) return true;
    return byEmail.has(person) && (person.identity === null || !known.has(keyOf(person.identity)));
  });
}

type Identity = NonNullable<NamedPerson['identity']>;

async function knownIdentities(
  db: Queryable,
  workspace: number,
  identities: readonly Identity[],
): Promise<ReadonlySet<string>> {
  if (identities.length === 0) return new Set();
  const rows = await db.query<Identity>(
    `SELECT i.provider, i.realm, i.external_id AS "externalId" FROM identities i
     JOIN unnest($2::text[], $3::text[], $4::text[]) AS a (provider, realm, external_id)
       ON i.realm = a.realm AND i.external_id = a.external_id AND i.provider = a.provider
     WHERE i.workspace = $1`,
    [workspace, identities.map((i) => i.provider), identities.map((i) => i.realm), identities.map((i) => i.externalId)],
  );
  return new Set(rows.map(keyOf));
}

function keyOf({ provider, realm, externalId }: Identity): string {
  return JSON.stringify([provider, realm, externalId]);
}
