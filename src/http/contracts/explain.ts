/** What a figure is made of. */
import { Type } from 'typebox';
import { attemptSchema } from './attempt.ts';
import { cohortQuery, nullable } from './common.ts';
import { basisSchema, figureQuery, plainText, retakePolicy, tzQuery } from './figure.ts';

const EXPLAINED = [
  'learner.averagePercentage',
  'learner.attemptsCompleted',
  'learner.attemptsStarted',
  'learner.totalTimeSeconds',
  'learner.weakArea',
  'activity.averagePercentage',
  'activity.attemptsCompleted',
  'activity.passRate',
  'item.facility',
  'item.discrimination',
  'overview.averagePercentage',
  'overview.attemptsCompleted',
  'overview.attemptsStarted',
  'overview.learners',
  'overview.weakArea',
  'overview.passRate',
  'overview.timeSeconds',
] as const;

export const explainQuery = Type.Object({
  figure: Type.Enum([...EXPLAINED]),
  learner: Type.Optional(Type.String({ description: 'Of `learner.…`: a learner id.' })),
  activity: Type.Optional(Type.String({ description: 'Of `activity.…` and `item.…`: an activity id.' })),
  ...cohortQuery,
  question: Type.Optional(plainText(1000, 'Of `item.…`: a question id.')),
  area: Type.Optional(plainText(1000, 'Of `….weakArea`: the name of the area.')),
  kind: Type.Optional(plainText(100, 'Of `….weakArea`: the kind of area, such as subject.')),
  parent: Type.Optional(plainText(1000, 'Of `….weakArea`: the area it lies in, where there are several of that name.')),
  ...figureQuery,
  tz: tzQuery,
});

const number = nullable(Type.Number());

export const explainSchema = Type.Object({
  figure: Type.Enum([...EXPLAINED]),
  value: number,
  unit: Type.Enum(['percent', 'count', 'seconds', 'share', 'index']),
  formula: Type.String({ description: 'A sentence.' }),
  policy: retakePolicy,
  n: Type.Integer({ description: 'What the value is made of: attempts, or answers of an area.' }),
  learners: Type.Integer(),
  basis: basisSchema,
  excluded: Type.Array(
    Type.Object({
      reason: Type.Enum(['test', 'revoked', 'unverified', 'noScore', 'policy'], {
        description: 'policy: completed, but the retake policy chose another attempt of the same learner.',
      }),
      count: Type.Integer(),
    }),
  ),
  verification: Type.Array(
    Type.Object({ verification: attemptSchema.properties.verification, attempts: Type.Integer() }),
  ),
  otherPolicies: Type.Array(Type.Object({ attempts: retakePolicy, value: number, n: Type.Integer() }), {
    description:
      'What the same figure would be; empty where the policy does not matter, and for items of large activities.',
  }),
  inputs: Type.Array(
    Type.Object({
      attempt: attemptSchema,
      counted: Type.Boolean(),
      reason: nullable(
        Type.Enum(['test', 'revoked', 'unverified', 'noScore', 'policy', 'running'], {
          description: 'Why it is not in the value.',
        }),
      ),
      receipts: Type.Array(Type.String()),
    }),
    { description: 'The 200 newest attempts that the value was chosen from.' },
  ),
  receipts: Type.String({ description: 'A URL of this API that lists the receipts.' }),
});
