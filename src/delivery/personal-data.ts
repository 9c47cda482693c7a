/**
 * What of a person leaves with an event, by the endpoint's setting. Everything that is not known to be about no person stays
 * behind: what platforms tell freely (extras, custom parameters, texts, certificates) can hold a name anywhere
 * (docs/decisions/0166-personal-data.md).
 */
import { hkdfSync } from 'node:crypto';
import type { Uuid } from '../core/ids.ts';
import { hmac } from '../core/signatures.ts';
import { type EventType, type Json, type JsonObject, NO_FIGURES } from '../core/vocabulary.ts';
import { type EventObject, EventText } from '../live/events.ts';
import type { PersonalData } from './endpoint.ts';

/** Signs ids into pseudonyms; another endpoint's pseudonyms of the same person cannot be matched with these. 32 bytes. */
export type PseudonymKey = Buffer;

/** The key of an endpoint: the same as long as the endpoint and GRADEWIRE_ENCRYPTION_KEY are. */
export function pseudonymKey(encryptionKey: string, endpoint: Uuid): PseudonymKey {
  return Buffer.from(hkdfSync('sha256', encryptionKey, 'gradewire', `pseudonyms v1 ${endpoint}`, 32));
}

/**
 * The event as the endpoint may have it. `full`: as it is. `pseudonym`: the learner is an id that is the same in all events
 * of this endpoint, and means nothing elsewhere. `none`: no learner. Ids that are hashes of what a platform calls its
 * learner are replaced in both, because whoever can guess that name could prove it.
 */
export function reduce(event: EventObject, level: PersonalData, key: PseudonymKey): EventObject {
  if (level === 'full') return event;
  const alias = (kind: string, id: string) => `psn_${hmac('sha256', key, `${kind}|${id}`).toString('hex', 0, 16)}`;
  const learnerId = level === 'pseudonym' && event.learner !== null ? alias('learner', event.learner.id) : null;
  const nobody = learnerId === null ? null : { id: learnerId, name: null };
  return {
    id: alias('event', event.id),
    type: event.type,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    source: event.source,
    // The same in all endpoints' events, and made from the webhook's very words.
    receiptId: null,
    verification: event.verification,
    learner: nobody === null ? null : { ...nobody, email: null, identities: [] },
    activity: event.activity,
    attempt:
      event.attempt === null
        ? null
        : {
            ...pick(event.attempt, ATTEMPT_FIELDS),
            id: typeof event.attempt.id === 'string' ? alias('attempt', event.attempt.id) : null,
            externalId: null,
            learner: nobody,
          },
    previous: event.previous,
    data: ABOUT_NOBODY.has(event.type) ? event.data : dataOf(event, { alias, nobody }),
  };
}

/** The same of an event on its way. */
export function reduceText(told: EventText, level: PersonalData, key: PseudonymKey): EventText {
  return level === 'full' ? told : EventText.of(reduce(told.event, level, key));
}

/** Our own events about endpoints and sources. */
const ABOUT_NOBODY = new Set<EventType>(['endpoint.disabled', 'source.silent', 'source.rejecting']);

const FIGURES = Object.keys(NO_FIGURES);
const ATTEMPT_FIELDS = [
  ...['activity', 'source', 'provider', 'state', 'timeKind', 'startedAt', 'completedAt', 'verification', 'test'],
  ...FIGURES,
];
const STEP_FIELDS = ['externalId', 'index', 'total'];
const RESPONSE_FIELDS = ['questionId', 'selectedAnswerIds', 'correct', 'mark', 'maxMark'];
const FLAG_FIELDS = ['rule', 'rank', 'since', 'state', 'activity'];

interface Aliases {
  alias(kind: string, id: string): string;
  nobody: { id: string; name: null } | null;
}

function dataOf({ data }: EventObject, { alias, nobody }: Aliases): JsonObject {
  const kept = pick(data, ['platformEvent', 'passed', 'skippedTo']);
  if (isObject(data.step)) kept.step = pick(data.step, STEP_FIELDS);
  if (isObject(data.response)) kept.response = responseOf(data.response);
  if (Array.isArray(data.responses)) kept.responses = data.responses.filter(isObject).map(responseOf);
  if (isObject(data.override)) kept.override = numbers(pick(data.override, FIGURES));
  if (isObject(data.review)) kept.review = numbers(pick(data.review, ['score']));
  if (isObject(data.flag)) {
    const { id, attempt, facts } = data.flag;
    kept.flag = {
      ...pick(data.flag, FLAG_FIELDS),
      id: typeof id === 'string' ? alias('flag', id) : null,
      learner: nobody,
      attempt: typeof attempt === 'string' ? alias('attempt', attempt) : null,
      facts: isObject(facts) ? numbers(facts) : {},
      acknowledged: null,
      snoozedUntil: null,
    };
  }
  return kept;
}

/** A written answer is the learner's own words. */
function responseOf(response: JsonObject): JsonObject {
  return { ...pick(response, RESPONSE_FIELDS), text: null };
}

function pick(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

/** Only numbers, under names that are a program's and not somebody's words. */
function numbers(from: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(from).filter(([name, value]) => typeof value === 'number' && /^[a-z][A-Za-z]*$/.test(name)),
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
