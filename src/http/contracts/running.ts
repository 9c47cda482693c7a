/** Who is in an attempt now. */
import { Type } from 'typebox';
import { attemptSchema } from './attempt.ts';
import { cohortQuery, nullable, time } from './common.ts';

const count = Type.Integer({ minimum: 0 });

export const runningSchema = Type.Object({
  attempt: attemptSchema,
  standing: Type.Enum(['active', 'idle', 'stuck', 'expired'], {
    description:
      'active: something came within 5 minutes. idle: nothing did. stuck: a rule says so (see attention). expired: its time ' +
      'is over by the exam’s own end or duration.',
  }),
  lastAt: Type.String({ format: 'date-time', description: 'When something last came of it, by the platform’s clock.' }),
  currentStep: nullable(
    Type.Object({
      externalId: Type.String(),
      index: nullable(Type.Integer()),
      state: Type.Enum(['started', 'completed', 'skipped']),
      attempts: Type.Integer({ description: 'Tries.' }),
    }),
  ),
  stepsDone: count,
  stepsTotal: nullable(Type.Integer({ description: 'null where the platform does not tell.' })),
  expiresAt: nullable(time),
});

export const runningQuery = {
  ...cohortQuery,
  activity: Type.Optional(Type.String({ description: 'Only at this activity: an activity id.' })),
  learner: Type.Optional(Type.String({ description: 'Only of this learner: a learner id.' })),
};

export const runningCounts = Type.Object({ active: count, idle: count, stuck: count, expired: count });
