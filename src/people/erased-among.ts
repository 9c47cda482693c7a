/** Webhooks about people who were erased: they come, and nothing of them is kept. */
import { hashUuid } from '../core/ids.ts';
import type { Fact, Json, Meaning } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import type { PendingReceipt } from '../normalise/queue/claim.ts';
import type { PersonMark, Tombstones } from './tombstones.ts';

/** A receipt and what it means. */
export interface Read {
  receipt: PendingReceipt;
  meaning: Meaning;
}

interface Asked {
  seq: number;
  mark: PersonMark;
  /** For an e-mail: whose it is; it proves nothing of people who are known by their identity. */
  of: { provider: string; realm: string; externalId: string } | null;
}

/** Prevents a webhook that means nothing and holds a whole address book from being asked after for seconds. */
const MOST_WORDS = 500;

/** The numbers of those that are about an erased person. Cheap while nobody was erased. */
export async function erasedAmong(
  tx: Queryable,
  stones: Tombstones,
  workspace: number,
  read: readonly Read[],
): Promise<Set<number>> {
  if (!read.some(({ receipt }) => receipt.anyErased)) return new Set();
  const asked = read.flatMap((one) => marksOf(workspace, one));
  const hits = await stones.isErased(
    tx,
    workspace,
    asked.map(({ mark }) => mark),
  );
  const found = asked.filter((_, i) => hits[i] === true);
  const sure = found.filter(({ mark, of }) => mark.kind !== 'email' || of === null);
  const doubtful = found.filter(({ mark, of }) => mark.kind === 'email' && of !== null);
  const known = await knownIdentities(
    tx,
    workspace,
    doubtful.flatMap(({ of }) => (of === null ? [] : [of])),
  );
  const strangers = doubtful.filter(({ of }) => of !== null && !known.has(keyOf(of)));
  return new Set([...sure, ...strangers].map(({ seq }) => seq));
}

function marksOf(workspace: number, { receipt, meaning }: Read): Asked[] {
  const { seq } = receipt;
  if (meaning.status === 'facts') return meaning.facts.flatMap((fact) => marksOfFact(workspace, receipt, fact));
  return words(receipt.body).flatMap((word): Asked[] => {
    const { provider, sourceId: realm } = receipt;
    if (word.includes('@')) return [{ seq, mark: { kind: 'email', email: word }, of: null }];
    return provider === null ? [] : [{ seq, mark: { kind: 'identity', provider, realm, externalId: word }, of: null }];
  });
}

function marksOfFact(workspace: number, receipt: PendingReceipt, { learner, attempt }: Fact): Asked[] {
  const { seq, provider, sourceId } = receipt;
  if (provider === null) return [];
  if (learner === null) {
    if (attempt?.by !== 'named') return [];
    const id = hashUuid('attempt', String(workspace), provider, attempt.realm ?? sourceId, attempt.externalId);
    return [{ seq, mark: { kind: 'attempt', id }, of: null }];
  }
  const of = { provider, realm: learner.realm ?? sourceId, externalId: learner.externalId };
  const asked: Asked[] = [{ seq, mark: { kind: 'identity', ...of }, of }];
  if (learner.email) asked.push({ seq, mark: { kind: 'email', email: learner.email }, of });
  return asked;
}

/** The texts and numbers in a JSON body. */
function words(body: string): string[] {
  const found = new Set<string>();
  const collect = (value: Json): void => {
    if (found.size >= MOST_WORDS) return;
    if (typeof value === 'string' || typeof value === 'number') found.add(String(value));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  try {
    collect(JSON.parse(body) as Json);
  } catch {
    // Not JSON: it has no parts that could be asked after.
  }
  return [...found];
}

async function knownIdentities(
  tx: Queryable,
  workspace: number,
  identities: readonly { provider: string; realm: string; externalId: string }[],
): Promise<Set<string>> {
  if (identities.length === 0) return new Set();
  const rows = await tx.query<{ provider: string; realm: string; externalId: string }>(
    `SELECT i.provider, i.realm, i.external_id AS "externalId" FROM identities i
     JOIN unnest($2::text[], $3::text[], $4::text[]) AS a (provider, realm, external_id)
       ON i.realm = a.realm AND i.external_id = a.external_id AND i.provider = a.provider
     WHERE i.workspace = $1`,
    [workspace, identities.map((i) => i.provider), identities.map((i) => i.realm), identities.map((i) => i.externalId)],
  );
  return new Set(rows.map(keyOf));
}

function keyOf(identity: { provider: string; realm: string; externalId: string }): string {
  return JSON.stringify([identity.provider, identity.realm, identity.externalId]);
}
