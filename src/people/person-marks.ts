/** Whether a stored webhook is about a person: by what it means, or, where it means nothing, by what stands in it. */
import type { Uuid } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';
import { ERASED_BODY } from '../normalise/erased-receipt.ts';
import { normalise } from '../normalise/normalise.ts';
import type { PendingReceipt } from '../normalise/queue/claim.ts';

/** One identity at a platform. */
export interface KnownIdentity {
  provider: Provider;
  realm: string;
  externalId: string;
}

/** What a person is known by. */
export interface Person {
  learnerIds: readonly Uuid[];
  identities: readonly KnownIdentity[];
  /** Lower case. */
  emails: ReadonlySet<string>;
  names: ReadonlySet<string>;
}

/** Ids this short stand for anything, unless the field's name says that it is a person's. */
const SHORT_ID = 6;
const PERSONAL_FIELD = /user|student|learner|participant|candidate|account|actor|person|member|email/i;

/** Whether the receipt is about the person. Another learner with the same address is another person until somebody merges them. */
export function isAbout(receipt: PendingReceipt, person: Person): boolean {
  if (receipt.body === ERASED_BODY) return false;
  const meaning = normalise(receipt);
  if (meaning.status === 'facts') {
    return meaning.facts.some(({ learner }) =>
      person.identities.some(
        (known) =>
          learner !== null &&
          known.provider === receipt.provider &&
          known.externalId === learner.externalId &&
          known.realm === (learner.realm ?? receipt.sourceId),
      ),
    );
  }
  const ids = new Set(
    person.identities.filter((known) => known.provider === receipt.provider).map((known) => known.externalId),
  );
  try {
    return holds(JSON.parse(receipt.body), '', (field, text) => {
      if (person.emails.has(text.trim().toLowerCase())) return true;
      return ids.has(text) && (text.length >= SHORT_ID || PERSONAL_FIELD.test(field));
    });
  } catch {
    // No JSON: nothing can be said of its parts, so a mention anywhere counts.
    const body = receipt.body.toLowerCase();
    return [...person.emails].some((email) => body.includes(email));
  }
}

/** Whether any text or number in the value fits; `path` is the names of the fields that lead to it. */
function holds(value: unknown, path: string, fits: (path: string, text: string) => boolean): boolean {
  if (typeof value === 'string') return fits(path, value);
  if (typeof value === 'number') return fits(path, String(value));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, part]) => holds(part, `${path}.${name}`, fits));
}

/** The ways a JSON text may write these words: as they are, with escapes for quotes, with slashes or all beyond ASCII escaped. */
export function spellings(words: Iterable<string>): string[] {
  const ways = new Set<string>();
  for (const word of words) {
    const plain = JSON.stringify(word).slice(1, -1);
    const ascii = plain.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    for (const way of [word, plain, ascii]) ways.add(way).add(way.replaceAll('/', '\\/'));
  }
  return [...ways].filter((way) => way !== '');
}
