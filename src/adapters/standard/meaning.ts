/**
 * The generic source's bodies → facts. What is accepted: `{type, timestamp, data}`, `type` one of our event types, `data`
 * an event as Gradewire sends it to endpoints, or a simple form that is quickly written by hand:
 *
 *     data.learner   {id | externalId, name, email}
 *     data.activity  {id | externalId, title, kind, dueAt}
 *     data.attempt   {id | externalId, score, maxScore, percentage, correctCount, incorrectCount, partialCount,
 *                     unansweredCount, totalQuestions, timeSpentSeconds, outcome, startedAt, completedAt, test,
 *                     responses, breakdowns, steps, certificate, platform}
 *     data.response | step | certificate | review | invite | environment   for the types that are about one;
 *                    they may stand in data.data too, where Gradewire puts them
 *
 * `id` comes before `externalId`: in the events of a Gradewire with many platforms, only its own ids are unique. Without an
 * attempt id, attempts are cut from the events' times. `data.id`, where there is one, is the identity of the event.
 */
import type { Instant } from '../../core/time.ts';
import {
  type ActivityKind,
  type ActivityRef,
  type AttemptRef,
  EVENT_TYPES,
  type EventType,
  type Fact,
  type FactType,
  type Figures,
  fact,
  type JsonObject,
  type LearnerRef,
  type Meaning,
  type OwnEventType,
} from '../../core/vocabulary.ts';
import type { ReceiptContent } from '../adapter.ts';
import { extra, extras } from '../extras.ts';
import * as read from '../read.ts';
import { breakdownsOf, certificateOf, figuresOf, responsesOf, stepFacts, stepOf } from './parts.ts';

/** What another Gradewire says about itself. */
const OWN: readonly OwnEventType[] = [
  'learner.needs_attention',
  'learner.erased',
  'endpoint.disabled',
  'source.silent',
  'source.rejecting',
];

const KINDS: readonly ActivityKind[] = ['quiz', 'exam', 'test', 'track', 'course', 'video', 'document', 'live_session'];

export function meaningOfStandard(content: ReceiptContent): Meaning {
  return read.readable(() => {
    const body = read.bodyFields(content.body);
    const name = read.text(body.type);
    if (name === null) return { status: 'unmapped', reason: 'The body names no type.' };
    const type = EVENT_TYPES.find((known) => known === name);
    if (type === undefined) return { status: 'unmapped', reason: `${name} is not an event type of Gradewire.` };
    if (isOwn(type))
      return { status: 'ignored', reason: `${name} is about another Gradewire itself, not about progress.` };
    return { status: 'facts', facts: factsOf(type, body, content.receivedAt) };
  });
}

function isOwn(type: EventType): type is OwnEventType {
  return OWN.some((own) => own === type);
}

function factsOf(type: FactType, body: read.Fields, receivedAt: number): Fact[] {
  const event = read.fieldsOf(body.data) ?? read.NO_FIELDS;
  const attempt = read.fieldsOf(event.attempt);
  const at =
    read.instant(event.occurredAt, 'data.occurredAt') ??
    read.instant(body.timestamp, 'timestamp') ??
    read.arrival(receivedAt);
  const learner = learnerOf(event.learner);
  const activity = activityOf(event.activity);
  const attemptRef = attemptOf(type, attempt, learner, activity);
  const startedAt = read.instant(attempt?.startedAt, 'data.attempt.startedAt');
  const completedAt = read.instant(attempt?.completedAt, 'data.attempt.completedAt');
  const step = type.startsWith('step.') ? stepOf(part(event, 'step')) : null;
  if (type.startsWith('step.') && step === null)
    throw new read.Unreadable('data.step is missing, so it is not known which step this is about.');
  const isAnswer = type === 'question.answered';
  const answers = isAnswer ? responsesOf([part(event, 'response')]) : null;
  if (isAnswer && answers === null)
    throw new read.Unreadable('data.response.questionId is missing, so it is not known what was answered.');
  const graded = type !== 'attempt.started' && type.startsWith('attempt.');
  const figures = graded && attempt !== null ? figuresOf(attempt) : null;
  const certificate = certificateOf(part(event, 'certificate') ?? attempt?.certificate);
  const test = read.flag(attempt?.test) === true;
  const about = { learner, activity, attempt: attemptRef, test };
  const own: Fact = fact({
    ...about,
    key: keyOf(type, event, at, attemptRef, [
      learner?.externalId ?? null,
      activity?.externalId ?? null,
      step,
      answers,
      figures,
    ]),
    type,
    at,
    startedAt,
    completedAt: type === 'attempt.completed' ? (completedAt ?? at) : completedAt,
    figures: type === 'attempt.regraded' ? null : figures,
    // A correction that names itself so says what changed; what it leaves out stays.
    changes: type === 'attempt.regraded' ? toldOnly(figures) : null,
    responses: answers ?? (graded ? responsesOf(attempt?.responses) : null),
    breakdowns: graded ? breakdownsOf(attempt?.breakdowns) : null,
    step,
    certificate: attemptRef === null ? null : certificate,
    revoked: type === 'attempt.revoked' ? true : null,
    platform: attemptRef === null ? {} : platformOf(attempt),
    data: { ...dataOf(event), platformEvent: type, ...(step === null ? {} : { step: { ...step } }) },
  });
  return [own, ...(attemptRef === null ? [] : stepFacts(attempt?.steps, own))];
}

/** Gradewire's events bear a deterministic id; what is written by hand is known by everything it says. */
function keyOf(
  type: FactType,
  event: read.Fields,
  at: Instant,
  attempt: AttemptRef | null,
  said: readonly unknown[],
): string {
  const eventId = read.optionalId(event.id, 'data.id');
  if (eventId !== null) return read.factKey(type, eventId);
  return read.factKey(type, attempt?.by === 'named' ? attempt.externalId : null, at, read.digest(said));
}

function toldOnly(figures: Figures | null): Partial<Figures> {
  return Object.fromEntries(Object.entries(figures ?? {}).filter(([, value]) => value !== null));
}

function learnerOf(value: unknown): LearnerRef | null {
  const fields = read.fieldsOf(value);
  if (fields === null) return null;
  const externalId =
    read.optionalId(fields.id, 'data.learner.id') ?? read.optionalId(fields.externalId, 'data.learner.externalId');
  if (externalId === null) return null;
  const attributes = read.fieldsOf(fields.attributes);
  return {
    realm: null,
    externalId,
    name: read.text(fields.name),
    email: read.email(fields.email),
    ...(attributes === null ? {} : { attributes: extras(attributes, []) }),
  };
}

function activityOf(value: unknown): ActivityRef | null {
  const fields = read.fieldsOf(value);
  if (fields === null) return null;
  const externalId =
    read.optionalId(fields.id, 'data.activity.id') ?? read.optionalId(fields.externalId, 'data.activity.externalId');
  if (externalId === null) return null;
  const dueAt = read.instant(fields.dueAt, 'data.activity.dueAt');
  return {
    realm: null,
    externalId,
    title: read.text(fields.title),
    kind: KINDS.find((kind) => kind === fields.kind) ?? 'quiz',
    ...(dueAt === null ? {} : { dueAt }),
  };
}

/** An attempt named by an id; without one, cut from the times, which needs to know whose and what it is. */
function attemptOf(
  type: FactType,
  attempt: read.Fields | null,
  learner: LearnerRef | null,
  activity: ActivityRef | null,
): AttemptRef | null {
  if (type.startsWith('invite.') || type.startsWith('review.')) return null;
  const externalId =
    read.optionalId(attempt?.id, 'data.attempt.id') ?? read.optionalId(attempt?.externalId, 'data.attempt.externalId');
  if (externalId !== null) return { by: 'named', realm: null, externalId };
  if (type.startsWith('environment.')) return null;
  if (learner === null || activity === null) {
    throw new read.Unreadable(
      'There is neither data.attempt.id nor both data.learner.id and data.activity.id, so it is not known whose attempt this is.',
    );
  }
  return { by: 'derived' };
}

/** The part an event is about: in data.data where Gradewire puts it, or beside the learner. */
function part(event: read.Fields, name: string): unknown {
  return read.fieldsOf(event.data)?.[name] ?? event[name] ?? null;
}

function platformOf(attempt: read.Fields | null): JsonObject {
  const platform = read.fieldsOf(attempt?.platform);
  return platform === null ? {} : extras(platform, []);
}

function dataOf(event: read.Fields): JsonObject {
  const data: JsonObject = {};
  for (const name of ['response', 'step', 'certificate', 'review', 'invite', 'environment'] as const) {
    const value = part(event, name);
    if (value !== null) data[name] = extra(value);
  }
  const inner = read.fieldsOf(event.data);
  return inner === null ? data : { ...extras(inner, []), ...data };
}
