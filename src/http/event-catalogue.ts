/** The vocabulary of events for GET /api/v1/event-types: what each means, its schema, and an example that fits it. */
import { type TSchema, Type } from 'typebox';
import { EVENT_TYPES, type EventType, type JsonObject, type Verification } from '../core/vocabulary.ts';
import type { EventObject } from '../live/events.ts';
import { eventSchema } from './contracts/event.ts';

export interface EventTypeEntry {
  type: EventType;
  description: string;
  schema: TSchema;
  example: EventObject;
}

/** What an event is about decides what cannot be missing in it. */
type About = 'attempt' | 'learner' | 'instance';

interface Meaning {
  about: About;
  description: string;
  /** `data` of the example; the platform's own words stand beside it. */
  data?: JsonObject;
  /** Fields of the example's attempt that differ from a completed one. */
  attempt?: JsonObject;
  previous?: EventObject['previous'];
}

const step: JsonObject = { externalId: 'challenge-2', index: 2, total: 5 };
const open: JsonObject = {
  state: 'started',
  outcome: null,
  score: null,
  maxScore: null,
  percentage: null,
  correctCount: null,
  incorrectCount: null,
  partialCount: null,
  unansweredCount: null,
  timeSpentSeconds: null,
  timeKind: null,
  completedAt: null,
};

const MEANINGS: Readonly<Record<EventType, Meaning>> = {
  'attempt.started': { about: 'attempt', description: 'A learner began an attempt.', attempt: open },
  'attempt.submitted': {
    about: 'attempt',
    description: 'A learner handed an attempt in; its marks may still be open.',
    attempt: { ...open, state: 'submitted' },
  },
  'attempt.completed': { about: 'attempt', description: 'An attempt is finished and marked.' },
  'attempt.abandoned': {
    about: 'attempt',
    description: 'An attempt was left without an end, or its time ran out.',
    attempt: { ...open, state: 'abandoned' },
  },
  'attempt.stopped': {
    about: 'attempt',
    description: 'An attempt was stopped before its end, by the learner or the platform.',
    attempt: { ...open, state: 'stopped' },
  },
  'attempt.regraded': {
    about: 'attempt',
    description: 'The figures of a completed attempt changed; `previous` holds those before.',
    previous: { score: 7, percentage: 70 },
  },
  'attempt.revoked': {
    about: 'attempt',
    description: 'An attempt was withdrawn: it is in no figure any more.',
    attempt: { state: 'revoked' },
  },
  'question.answered': {
    about: 'attempt',
    description: 'A learner answered a question, told as it happened.',
    attempt: open,
    data: {
      responses: [
        { questionId: 'q_1', selectedAnswerIds: ['a_2'], text: null, correct: true, mark: null, maxMark: null },
      ],
    },
  },
  'step.started': {
    about: 'attempt',
    description: 'A learner began a step of a track.',
    attempt: open,
    data: { step },
  },
  'step.attempted': {
    about: 'attempt',
    description: 'A learner asked for a step to be checked.',
    attempt: open,
    data: { step, passed: false },
  },
  'step.completed': {
    about: 'attempt',
    description: 'A learner finished a step of a track.',
    attempt: open,
    data: { step },
  },
  'step.skipped': {
    about: 'attempt',
    description: 'A learner skipped a step of a track.',
    attempt: open,
    data: { step },
  },
  'certificate.issued': {
    about: 'attempt',
    description: 'A learner got a certificate for an attempt.',
    data: { certificate: { url: 'https://platform.example/certificates/1', pdfPath: null } },
  },
  'invite.claimed': { about: 'learner', description: 'A learner took an invitation to an activity.' },
  'review.created': {
    about: 'learner',
    description: 'A learner reviewed an activity.',
    data: { score: 5, content: 'Clear and well paced.' },
  },
  'review.updated': {
    about: 'learner',
    description: 'A learner changed a review.',
    data: { score: 4, content: 'Clear.' },
  },
  'environment.creating': { about: 'instance', description: 'A lab environment is being made.' },
  'environment.created': { about: 'instance', description: 'A lab environment was made.' },
  'environment.ready': { about: 'instance', description: 'A lab environment is ready for its learner.' },
  'environment.failed': { about: 'instance', description: 'A lab environment could not be made, or broke.' },
  'environment.cleaned': { about: 'instance', description: 'A lab environment was cleaned up.' },
  'environment.other': {
    about: 'instance',
    description: 'Something else happened to a lab environment; `data` says what.',
  },
  'learner.needs_attention': {
    about: 'learner',
    description: 'Gradewire’s own: a rule says that a learner needs a look now.',
    data: {
      flag: {
        id: 'flg_2b1f0a9e8d7c6b5a49382716f5e4d3c2',
        rule: 'idle',
        rank: 300,
        learner: { id: 'lrn_1f0c6a3e5b7d4c2a9e8f7a6b5c4d3e2f', name: 'Asha Rao' },
        activity: { id: 'act_5c4d3e2f1a0b4c8d9e7f6a5b4c3d2e1f', title: 'Fractions, part 1', kind: 'quiz' },
        attempt: 'att_0a9b8c7d6e5f4a3b8c2d1e0f9a8b7c6d',
        facts: { days: 8, unfinished: 1 },
        since: '2026-03-31T14:30:00.000Z',
        state: 'open',
        acknowledged: null,
        snoozedUntil: null,
      },
    },
  },
  'learner.erased': { about: 'learner', description: 'Gradewire’s own: a learner was erased everywhere.' },
  'endpoint.disabled': {
    about: 'instance',
    description: 'Gradewire’s own: an endpoint was disabled after nothing but failures.',
    data: {
      endpointId: 'end_01989a5d0c6e7b0f8c1d2e3f4a5b6c7d',
      name: 'LMS',
      reason: 'Nothing but failures for 5 days.',
    },
  },
  'source.silent': {
    about: 'instance',
    description: 'Gradewire’s own: a source that sends regularly has gone silent.',
    data: { lastReceiptAt: '2026-04-07T09:00:00.000Z', expectedEveryHours: 24 },
  },
  'source.rejecting': {
    about: 'instance',
    description: 'Gradewire’s own: most of what arrives for a source is refused.',
    data: { reason: 'invalid_signature', refused: 40, accepted: 0 },
  },
};

/** Types that no receipt stands behind. */
const OWN = new Set<EventType>([
  'learner.needs_attention',
  'learner.erased',
  'endpoint.disabled',
  'source.silent',
  'source.rejecting',
]);

/** Every type of the vocabulary, in its order. */
export function eventCatalogue(): EventTypeEntry[] {
  return EVENT_TYPES.map((type) => {
    const meaning = MEANINGS[type];
    return {
      type,
      description: meaning.description,
      schema: schemaOf(type, meaning),
      example: exampleOf(type, meaning),
    };
  });
}

function schemaOf(type: EventType, meaning: Meaning): TSchema {
  const { properties } = eventSchema;
  const required: Record<string, TSchema> = { type: Type.Literal(type) };
  if (meaning.about !== 'instance') required.learner = properties.learner.anyOf[0];
  if (meaning.about === 'attempt') required.attempt = properties.attempt.anyOf[0];
  if (type === 'attempt.regraded') required.previous = properties.previous.anyOf[0];
  return Type.Object({ ...properties, ...required }, { title: type, description: meaning.description });
}

const verification: Verification = 'signature';
const source = { id: 'src_01989a5d0c6e7b0f8c1d2e3f4a5b6c7d', slug: 'quizapi' };
const learner = { id: 'lrn_1f0c6a3e5b7d4c2a9e8f7a6b5c4d3e2f', name: 'Asha Rao' };
const activity = { id: 'act_5c4d3e2f1a0b4c8d9e7f6a5b4c3d2e1f', title: 'Fractions, part 1', kind: 'quiz' } as const;

/** The example of a type: what a test sends. */
export function eventExample(type: EventType): EventObject {
  return exampleOf(type, MEANINGS[type]);
}

const known: EventObject['learner'] = {
  ...learner,
  email: 'asha@example.org',
  identities: [{ provider: 'quizapi', realm: source.id, externalId: 'user_123' }],
};
/** Nothing is left of the person but the id. */
const erased: EventObject['learner'] = { id: learner.id, name: null, email: null, identities: [] };

function exampleOf(type: EventType, meaning: Meaning): EventObject {
  const own = OWN.has(type);
  const ofLearner = meaning.about !== 'instance';
  return {
    id: 'evt_8e7d6c5b4a394827b6a5c4d3e2f10a9b',
    type,
    occurredAt: '2026-04-08T14:30:00.000Z',
    receivedAt: '2026-04-08T14:30:00.412Z',
    source: own && type !== 'source.silent' && type !== 'source.rejecting' ? null : { ...source, provider: 'quizapi' },
    receiptId: own ? null : 'rcp_3b1f0a9e8d7c6b5a49382716f5e4d3c2',
    verification: own ? null : verification,
    learner: ofLearner ? (type === 'learner.erased' ? erased : known) : null,
    activity: ofLearner && type !== 'learner.erased' ? { ...activity, externalId: 'quiz_789' } : null,
    attempt: meaning.about === 'attempt' ? { ...completedAttempt(), ...meaning.attempt } : null,
    previous: meaning.previous ?? null,
    data: meaning.data ?? {},
  };
}

function completedAttempt(): JsonObject {
  return {
    id: 'att_0a9b8c7d6e5f4a3b8c2d1e0f9a8b7c6d',
    learner,
    activity,
    source,
    provider: 'quizapi',
    externalId: null,
    state: 'completed',
    outcome: null,
    score: 8,
    maxScore: 10,
    percentage: 80,
    correctCount: 8,
    incorrectCount: 2,
    partialCount: 0,
    unansweredCount: 0,
    totalQuestions: 10,
    timeSpentSeconds: 312,
    timeKind: 'reported',
    startedAt: '2026-04-08T14:24:48.000Z',
    completedAt: '2026-04-08T14:30:00.000Z',
    verification,
    test: false,
  };
}
