/** Webhooks about people who were erased: they come, and nothing of them is kept. */
import { hashUuid } from '../core/ids.ts';
import type { Fact, Json, Meaning } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import type { PendingReceipt } from '../normalise/queue/claim.ts';
import { erasedPeople, type NamedPerson } from './erased-people.ts';
import type { PersonMark, Tombstones } from './tombstones.ts';

/** A receipt and what it means. */
export interface Read {
  receipt: PendingReceipt;
  meaning: Meaning;
}

/** Prevents a webhook that means nothing and holds a whole address book from being asked after for seconds. */
const MOST_WORDS = 500;

/** The numbers of those that are about an erased person. Costs nothing while nobody was erased. */
export async function erasedAmong(
  tx: Queryable,
  stones: Tombstones,
  workspace: number,
  read: readonly Read[],
): Promise<ReadonlySet<number>> {
  if (!read.some(({ receipt }) => receipt.anyErased)) return new Set();
  const people: { seq: number; person: NamedPerson }[] = [];
  const marks: { seq: number; mark: PersonMark }[] = [];
  for (const { receipt, meaning } of read) {
    const { seq } = receipt;
    if (meaning.status === 'facts') {
      for (const fact of meaning.facts) {
        const person = personOf(receipt, fact);
        if (person !== null) people.push({ seq, person });
        const attempt = person === null ? attemptOf(workspace, receipt, fact) : null;
        if (attempt !== null) marks.push({ seq, mark: attempt });
      }
    } else for (const mark of marksIn(receipt)) marks.push({ seq, mark });
  }
  const gone = await erasedPeople(
    tx,
    stones,
    workspace,
    people.map(({ person }) => person),
  );
  const marked = await stones.isErased(
    tx,
    workspace,
    marks.map(({ mark }) => mark),
  );
  return new Set([...people.filter((_, i) => gone[i]), ...marks.filter((_, i) => marked[i])].map(({ seq }) => seq));
}

function personOf({ provider, sourceId }: PendingReceipt, { learner }: Fact): NamedPerson | null {
  if (learner === null || provider === null) return null;
  return {
    identity: { provider, realm: learner.realm ?? sourceId, externalId: learner.externalId },
    email: learner.email ?? null,
  };
}

/** Where a webhook says only which attempt it is about. */
function attemptOf(workspace: number, { provider, sourceId }: PendingReceipt, { attempt }: Fact): PersonMark | null {
  if (provider === null || attempt?.by !== 'named') return null;
  const realm = attempt.realm ?? sourceId;
  return { kind: 'attempt', id: hashUuid('attempt', String(workspace), provider, realm, attempt.externalId) };
}

/** Where a webhook means nothing: whoever any text in it may name. */
function marksIn({ body, provider, sourceId: realm }: PendingReceipt): PersonMark[] {
  return words(body).flatMap((word): PersonMark[] => {
    if (word.includes('@')) return [{ kind: 'email', email: word }];
    return provider === null ? [] : [{ kind: 'identity', provider, realm, externalId: word }];
  });
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
