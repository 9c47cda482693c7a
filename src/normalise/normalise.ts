/** Receipts → facts: asks the adapter of the receipt's platform what it means, and applies the settings of its source. */
import { email, optionalId, readable, text } from '../adapters/read.ts';
import { adapterFor } from '../adapters/registry.ts';
import type { Fact, LearnerRef, Meaning } from '../core/vocabulary.ts';
import type { IdentityFrom } from '../sources/source.ts';
import { ERASED_BODY, ERASED_REASON } from './erased-receipt.ts';
import type { PendingReceipt } from './queue/claim.ts';

/** What a pending receipt means. Never throws: a body that cannot be read is `failed` with a sentence. */
export function normalise(receipt: PendingReceipt): Meaning {
  if (receipt.provider === null) {
    return {
      status: 'failed',
      error: 'The source of this webhook was removed. Add it again, then replay the webhook.',
    };
  }
  if (receipt.body === ERASED_BODY) return { status: 'ignored', reason: ERASED_REASON };
  let body: unknown;
  try {
    body = JSON.parse(receipt.body);
  } catch (cause) {
    return { status: 'failed', error: `The body is not JSON (${(cause as Error).message}).` };
  }
  const meaning = adapterFor(receipt.provider).toMeaning({
    body,
    eventName: receipt.eventName,
    receivedAt: receipt.receivedAt.getTime(),
  });
  if (meaning.status !== 'facts') return meaning;
  return readable(() => ({ status: 'facts', facts: meaning.facts.map((fact) => ofSource(fact, receipt)) }));
}

function ofSource(fact: Fact, receipt: PendingReceipt): Fact {
  const learner = fact.learner === null ? null : identified(fact.learner, receipt.identityFrom ?? {});
  return { ...fact, learner, test: fact.test || receipt.test };
}

/** Reads a person's fields from the custom parameters or attributes that the source names (`identityFrom`). */
function identified(learner: LearnerRef, from: IdentityFrom): LearnerRef {
  const attributes = learner.attributes;
  if (attributes === undefined) return learner;
  const read = (name: string | undefined): unknown => (name === undefined ? undefined : attributes[name]);
  return {
    ...learner,
    externalId: optionalId(read(from.externalId), 'the learner’s id in the custom parameters') ?? learner.externalId,
    name: text(read(from.name)) ?? learner.name ?? null,
    email: email(read(from.email)) ?? learner.email ?? null,
  };
}
