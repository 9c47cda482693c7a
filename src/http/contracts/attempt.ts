/** The attempt of the contract. */
import { Type } from 'typebox';
import { type ActivityKind, ATTEMPT_STATES } from '../../core/vocabulary.ts';
import { cohortQuery, nullable, provider, rangeQuery, time } from './common.ts';
import { plainText } from './figure.ts';

const KINDS = [
  'quiz',
  'exam',
  'test',
  'track',
  'course',
  'video',
  'document',
  'live_session',
] as const satisfies ActivityKind[];

const text = nullable(Type.String());
const number = nullable(Type.Number());
const whole = nullable(Type.Integer());
const outcome = nullable(Type.Enum(['passed', 'failed']));
const verification = Type.Enum(['signature', 'signature_partial', 'basic', 'token'], {
  description: 'What is proved about it; figures count results with `token` apart.',
});

export const activityKind = Type.Enum([...KINDS]);
const attemptState = Type.Enum([...ATTEMPT_STATES]);

export const attemptSchema = Type.Object({
  id: Type.String(),
  learner: Type.Object({ id: Type.String(), name: text }),
  activity: Type.Object({ id: Type.String(), title: text, kind: activityKind }),
  source: Type.Object({ id: Type.String(), slug: text }),
  provider,
  externalId: nullable(Type.String({ description: "The platform's own id of the attempt, where it gives one." })),
  state: attemptState,
  outcome,
  score: number,
  maxScore: number,
  percentage: nullable(Type.Number({ description: '0..100; negative marking can make it negative.' })),
  correctCount: whole,
  incorrectCount: whole,
  partialCount: whole,
  unansweredCount: whole,
  totalQuestions: whole,
  timeSpentSeconds: number,
  timeKind: nullable(Type.Enum(['reported', 'wall_clock'])),
  startedAt: nullable(time),
  completedAt: nullable(time),
  verification,
  test: Type.Boolean({ description: 'A test: in no figure.' }),
  confirmed: nullable(
    Type.Object(
      { at: time, by: Type.String({ description: 'Name of the member or key.' }) },
      { description: 'Somebody vouches for it as it stands, so it counts as verified.' },
    ),
  ),
});

const responseSchema = Type.Object({
  questionId: Type.String(),
  selectedAnswerIds: Type.Array(Type.String()),
  text,
  correct: nullable(Type.Boolean()),
  mark: number,
  maxMark: number,
});

const breakdownSchema = Type.Object({
  kind: Type.Enum(['subject', 'topic', 'subtopic', 'difficulty', 'skill', 'module', 'exam']),
  name: Type.String(),
  parent: nullable(Type.String({ description: 'The area it lies in, where the platform tells.' })),
  correct: Type.Number(),
  incorrect: Type.Number(),
  partial: Type.Number(),
  unanswered: Type.Number(),
  total: Type.Number(),
  score: number,
});

const stepSchema = Type.Object({
  externalId: Type.String(),
  index: whole,
  state: Type.Enum(['started', 'completed', 'skipped']),
  startedAt: nullable(time),
  completedAt: nullable(time),
  attempts: Type.Integer({ description: 'Tries.' }),
});

const pastGradeSchema = Type.Object({
  at: time,
  score: number,
  maxScore: number,
  percentage: number,
  outcome,
  receiptId: Type.String(),
});

export const wholeAttemptSchema = Type.Object({
  ...attemptSchema.properties,
  responses: Type.Array(responseSchema),
  breakdowns: Type.Array(breakdownSchema),
  steps: Type.Array(stepSchema),
  certificate: nullable(Type.Object({ url: Type.String(), pdfPath: text })),
  platform: Type.Record(Type.String(), Type.Unknown(), { description: "The platform's own extra fields." }),
  receipts: Type.Array(Type.String(), { description: 'Ids of the receipts it is made of, in the order they came.' }),
  sealed: Type.Boolean({
    description:
      'Some of its receipts are gone, as the workspace is set to keep them: it stays as it is, and no replay changes it.',
  }),
  history: Type.Array(pastGradeSchema, { description: 'Grades before, oldest first.' }),
});

export const attemptsQuery = {
  ...rangeQuery,
  learner: Type.Optional(Type.String({ description: 'A learner id.' })),
  activity: Type.Optional(Type.String({ description: 'An activity id.' })),
  source: Type.Optional(plainText(200, 'Id or slug of a source.')),
  ...cohortQuery,
  state: Type.Optional(attemptState),
};
