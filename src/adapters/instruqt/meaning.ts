/** Instruqt bodies → facts. One play of a track is an attempt, named by participant_id; challenges are its steps. */
import {
  type ActivityRef,
  type AttemptRef,
  type Fact,
  type FactType,
  fact,
  type JsonObject,
  type LearnerRef,
  type Meaning,
  type StepRef,
} from '../../core/vocabulary.ts';
import type { ReceiptContent } from '../adapter.ts';
import { extras } from '../extras.ts';
import * as read from '../read.ts';
import { typeOfInstruqt } from './event-type.ts';

const KNOWN = [
  'type',
  'track_id',
  'track_slug',
  'track_title',
  'organization_id',
  'timestamp',
  'participant_id',
  'user_id',
  'custom_parameters',
  'is_developer_play',
  'challenge_id',
  'challenge_index',
  'total_challenges',
  'completed',
  'review_id',
  'score',
  'content',
  'lab_id',
];

export function meaningOfInstruqt(content: ReceiptContent): Meaning {
  return read.readable(() => {
    const body = read.bodyFields(content.body);
    const name = read.text(body.type);
    if (name === null) return { status: 'unmapped', reason: 'The body names no type.' };
    const type = typeOfInstruqt(name);
    // How labs name a play is not published: without the field that tracks use, nothing is made of them.
    const unnamedLab = name.startsWith('lab.') && read.optionalId(body.participant_id, 'participant_id') === null;
    if (type === null || unnamedLab) {
      return { status: 'unmapped', reason: `No mapping is known for the Instruqt event ${name}.` };
    }
    return { status: 'facts', facts: [factOf(name, type, body, content.receivedAt)] };
  });
}

function factOf(name: string, type: FactType, body: read.Fields, receivedAt: number): Fact {
  const realm = read.optionalId(body.organization_id, 'organization_id');
  const told = read.instant(body.timestamp, 'timestamp');
  const participant = read.optionalId(body.participant_id, 'participant_id');
  const ofPlay = type.startsWith('attempt.') || type.startsWith('step.');
  if (ofPlay && participant === null)
    throw new read.Unreadable('participant_id is missing, so it is not known which play this is about.');
  const step = stepOf(type, body);
  const attempt: AttemptRef | null =
    participant !== null && !type.startsWith('invite.') && !type.startsWith('review.')
      ? { by: 'named', realm, externalId: participant }
      : null;
  return fact({
    key: read.factKey(...identity(name, type, body, participant, told)),
    type,
    // Reviews tell no time of their own.
    at: told ?? read.arrival(receivedAt),
    learner: learnerOf(body, realm),
    activity: activityOf(body, realm),
    attempt,
    step,
    test: isTest(body),
    platform: attempt === null ? {} : extras(body, KNOWN),
    data: dataOf(name, type, body, step),
  });
}

/** A review is one thing however often it is told; everything else is told apart by play, challenge and time. */
function identity(
  name: string,
  type: FactType,
  body: read.Fields,
  participant: string | null,
  at: string | null,
): (string | null)[] {
  if (type === 'review.created') return [type, read.id(body.review_id, 'review_id')];
  if (type === 'review.updated') return [type, read.id(body.review_id, 'review_id'), at, read.digest(reviewOf(body))];
  if (type === 'invite.claimed') return [type, ...ids(body, ['invite_id', 'claim_id', 'user_id']), at];
  // Without a play, what is told of a sandbox is known by everything it says.
  if (participant === null)
    return [
      name,
      ...ids(body, ['sandbox_id', 'track_id', 'challenge_id', 'user_id']),
      at,
      read.digest(extras(body, [])),
    ];
  return [name, participant, ...ids(body, ['challenge_id']), at];
}

function ids(body: read.Fields, names: readonly string[]): (string | null)[] {
  return names.map((name) => read.optionalId(body[name], name));
}

function learnerOf(body: read.Fields, realm: string | null): LearnerRef | null {
  const externalId = read.optionalId(body.user_id, 'user_id');
  if (externalId === null) return null;
  const parameters = read.fieldsOf(body.custom_parameters);
  return { realm, externalId, ...(parameters === null ? {} : { attributes: extras(parameters, []) }) };
}

function activityOf(body: read.Fields, realm: string | null): ActivityRef | null {
  const externalId = read.optionalId(body.track_id ?? body.lab_id, 'track_id');
  if (externalId === null) return null;
  return { realm, externalId, title: read.text(body.track_title) ?? read.text(body.track_slug), kind: 'track' };
}

function stepOf(type: FactType, body: read.Fields): StepRef | null {
  if (!type.startsWith('step.')) return null;
  return {
    externalId: read.id(body.challenge_id, 'challenge_id'),
    index: read.looseCount(body.challenge_index),
    total: read.looseCount(body.total_challenges),
  };
}

/** Plays of the people who make the track, or of Instruqt's own. */
function isTest(body: read.Fields): boolean {
  const userType = read.text(body.user_type)?.toLowerCase();
  return read.flag(body.is_developer_play) === true || userType === 'developer' || userType === 'instruqt';
}

function reviewOf(body: read.Fields): JsonObject {
  return {
    id: read.optionalId(body.review_id, 'review_id'),
    score: read.amount(body.score),
    content: read.text(body.content, 4000),
  };
}

function dataOf(name: string, type: FactType, body: read.Fields, step: StepRef | null): JsonObject {
  const data: JsonObject = { platformEvent: name };
  if (step !== null) data.step = { ...step };
  // `completed: true` on a try: this try passed.
  if (type === 'step.attempted') data.passed = read.flag(body.completed);
  // The event names the challenge that was skipped to; what lies between is what was skipped.
  if (type === 'step.skipped') data.skippedTo = true;
  if (type.startsWith('review.')) data.review = reviewOf(body);
  else if (type === 'invite.claimed')
    data.invite = extras(body, ['type', 'timestamp', 'user_id', 'custom_parameters', 'organization_id']);
  else if (type.startsWith('environment.')) data.environment = extras(body, ['type', 'timestamp', 'custom_parameters']);
  return data;
}
