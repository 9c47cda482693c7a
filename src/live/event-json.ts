/**
 * An event as the JSON text that lists, streams and endpoints send. It is put together from texts: what is stored is JSON already, and
 * reading it to write it again took a delivery as long as its signature (docs/performance.md, "Deliveries").
 */
import { publicId, type Uuid } from '../core/ids.ts';
import type { EventType, Json, JsonObject, Verification } from '../core/vocabulary.ts';
import type { About, AboutActivity, AboutLearner, AboutSource } from './about.ts';

/** An event as it is stored. Times as `2026-04-08T14:30:00.123Z`. */
export interface StoredEvent {
  /** Public. */
  id: string;
  type: EventType;
  occurredAt: string;
  receivedAt: string;
  sourceId: Uuid | null;
  /** The public id of its receipt. */
  receiptId: string | null;
  verification: Verification | null;
  learnerId: Uuid | null;
  activityId: Uuid | null;
  attemptId: Uuid | null;
  /** JSON text of {attempt, previous, data}. */
  payload: string;
}

/** The JSON of an EventObject (./events.ts), with the names as `about` has them. */
export function eventJson(event: StoredEvent, about: About): string {
  const them: Them = {
    source: event.sourceId === null ? null : (about.sources.get(event.sourceId) ?? unknownSource(event.sourceId)),
    learner: event.learnerId === null ? null : (about.learners.get(event.learnerId) ?? unknownLearner(event.learnerId)),
    activity: event.activityId === null ? null : (about.activities.get(event.activityId) ?? null),
  };
  const provider = them.source?.provider ?? them.activity?.provider ?? null;
  const source = them.source === null ? 'null' : `{${them.source.fields},"provider":${word(provider)}}`;
  return (
    `{"id":"${event.id}","type":"${event.type}","occurredAt":"${event.occurredAt}",` +
    `"receivedAt":"${event.receivedAt}","source":${source},"receiptId":${word(event.receiptId)},` +
    `"verification":${word(event.verification)},"learner":${them.learner?.whole ?? 'null'},` +
    `"activity":${them.activity?.whole ?? 'null'},${payloadFields(event, provider, them)}}`
  );
}

interface Them {
  source: AboutSource | null;
  learner: AboutLearner | null;
  activity: AboutActivity | null;
}

/** A word of ours, which needs no escaping. */
function word(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}

function unknownSource(id: Uuid): AboutSource {
  return { provider: null, fields: `"id":"${publicId('src', id)}","slug":null` };
}

/** Erased, or merged into somebody in this very moment. */
function unknownLearner(id: Uuid): AboutLearner {
  const start = `{"id":"${publicId('lrn', id)}","name":null`;
  return { whole: `${start},"email":null,"identities":[]}`, brief: `${start}}` };
}

/** How the payload of an attempt's event begins, and of one about no attempt; written by us, with nothing between. */
const WITH_ATTEMPT = '{"attempt":{"';
const WITHOUT_ATTEMPT = '{"attempt":null,"previous":';
/** Stored times have six digits of a second; outside, all times have three. No text can hold this: its quotes would be escaped. */
const TIMES = /"startedAt":(null|"[^"\\]{23})(?:\d{3}Z")?,"completedAt":(null|"[^"\\]{23})(?:\d{3}Z")?,"verification":/;
const ATTEMPT_ENDS = '},"previous":';

/** The fields `attempt`, `previous` and `data`. */
function payloadFields(event: StoredEvent, provider: string | null, them: Them): string {
  const { payload, type } = event;
  if (type !== 'learner.needs_attention') {
    if (payload.startsWith(WITHOUT_ATTEMPT)) return payload.slice(1, -1);
    if (payload.startsWith(WITH_ATTEMPT)) {
      const times = TIMES.exec(payload);
      if (times !== null && times.index < payload.indexOf(ATTEMPT_ENDS)) {
        const [found, started = 'null', completed = 'null'] = times;
        const before = payload.slice(WITH_ATTEMPT.length - 1, times.index);
        const after = payload.slice(times.index + found.length, -1);
        return (
          `"attempt":{${aboutAttempt(event, provider, them)},${before}"startedAt":${closed(started)},` +
          `"completedAt":${closed(completed)},"verification":${after}`
        );
      }
    }
  }
  return otherPayloadFields(event, provider, them);
}

function closed(start: string): string {
  return start === 'null' ? start : `${start}Z"`;
}

/** Whose, of what and from where an attempt is: looked up, because it may change. */
function aboutAttempt({ attemptId }: StoredEvent, provider: string | null, them: Them): string {
  return (
    `"id":${attemptId === null ? 'null' : `"${publicId('att', attemptId)}"`},"learner":${them.learner?.brief ?? 'null'},` +
    `"activity":${them.activity?.brief ?? 'null'},"source":${them.source === null ? 'null' : `{${them.source.fields}}`},` +
    `"provider":${word(provider)}`
  );
}

/** Of whatever was not written as it is now: read, and written again. */
function otherPayloadFields(event: StoredEvent, provider: string | null, them: Them): string {
  const { attempt = null, previous = null, data = {} } = JSON.parse(event.payload) as Partial<Payload>;
  const flag = event.type === 'learner.needs_attention' ? data.flag : undefined;
  const told = isObject(flag) ? { ...data, flag: { ...flag, ...namesOf(them) } } : data;
  return `"attempt":${attemptJson(event, attempt, provider, them)},"previous":${JSON.stringify(previous)},"data":${JSON.stringify(told)}`;
}

interface Payload {
  attempt: JsonObject | null;
  previous: JsonObject | null;
  data: JsonObject;
}

function attemptJson(event: StoredEvent, attempt: JsonObject | null, provider: string | null, them: Them): string {
  if (attempt === null) return 'null';
  const rest = { ...attempt, startedAt: shortTime(attempt.startedAt), completedAt: shortTime(attempt.completedAt) };
  return `{${aboutAttempt(event, provider, them)},${JSON.stringify(rest).slice(1)}`;
}

/** Whom and what a flag is about. */
function namesOf({ learner, activity }: Them): JsonObject {
  return {
    learner: learner === null ? null : (JSON.parse(learner.brief) as JsonObject),
    activity: activity === null ? null : (JSON.parse(activity.brief) as JsonObject),
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortTime(instant: Json | undefined): string | null {
  return typeof instant === 'string' ? `${instant.slice(0, 23)}Z` : null;
}
