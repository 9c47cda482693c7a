/** The event of the contract as a schema: for lists, openapi.json and GET /api/v1/event-types. */
import { Type } from 'typebox';
import { EVENT_TYPES, PROVIDERS } from '../../core/vocabulary.ts';

const time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });
const text = Type.Union([Type.String(), Type.Null()]);
const number = Type.Union([Type.Number(), Type.Null()]);
const count = Type.Union([Type.Integer(), Type.Null()]);
const provider = Type.Enum([...PROVIDERS]);
const kind = Type.Enum(['quiz', 'exam', 'test', 'track', 'course', 'video', 'document', 'live_session']);
const verification = Type.Enum(['signature', 'signature_partial', 'basic', 'token'], {
  description: 'What is proved about the receipt; figures with `token` count apart.',
});

/** The attempt inside an event: as it stood after it. */
const eventAttemptSchema = Type.Object(
  {
    id: Type.String(),
    learner: Type.Union([Type.Object({ id: Type.String(), name: text }), Type.Null()]),
    activity: Type.Union([Type.Object({ id: Type.String(), title: text, kind }), Type.Null()]),
    source: Type.Union([Type.Object({ id: Type.String(), slug: text }), Type.Null()]),
    provider: Type.Union([provider, Type.Null()]),
    externalId: text,
    state: Type.Enum(['started', 'submitted', 'completed', 'abandoned', 'stopped', 'revoked']),
    outcome: Type.Union([Type.Enum(['passed', 'failed']), Type.Null()]),
    score: number,
    maxScore: number,
    percentage: Type.Union([Type.Number(), Type.Null()], {
      description: '0..100; negative marking can make it negative.',
    }),
    correctCount: count,
    incorrectCount: count,
    partialCount: count,
    unansweredCount: count,
    totalQuestions: count,
    timeSpentSeconds: number,
    timeKind: Type.Union([Type.Enum(['reported', 'wall_clock']), Type.Null()]),
    startedAt: Type.Union([time, Type.Null()]),
    completedAt: Type.Union([time, Type.Null()]),
    verification,
    test: Type.Boolean({ description: 'A test: in no figure.' }),
  },
  { additionalProperties: true },
);

export const eventSchema = Type.Object({
  id: Type.String({ description: 'The same however often the event is sent or made again.' }),
  type: Type.Enum([...EVENT_TYPES]),
  occurredAt: Type.String({ format: 'date-time', description: "When it happened, by the platform's clock." }),
  receivedAt: Type.String({ format: 'date-time', description: 'When the receipt came in.' }),
  source: Type.Union([
    Type.Object({ id: Type.String(), slug: text, provider: Type.Union([provider, Type.Null()]) }),
    Type.Null(),
  ]),
  receiptId: text,
  verification: Type.Union([verification, Type.Null()]),
  learner: Type.Union([
    Type.Object({
      id: Type.String(),
      name: text,
      email: text,
      identities: Type.Array(Type.Object({ provider, realm: Type.String(), externalId: Type.String() })),
    }),
    Type.Null(),
  ]),
  activity: Type.Union([Type.Object({ id: Type.String(), externalId: Type.String(), title: text, kind }), Type.Null()]),
  attempt: Type.Union([eventAttemptSchema, Type.Null()]),
  previous: Type.Union([Type.Object({ score: number, percentage: number }), Type.Null()], {
    description: 'attempt.regraded: the figures before.',
  }),
  data: Type.Object({}, { additionalProperties: true, description: 'What else the platform told.' }),
});
