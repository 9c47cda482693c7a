/** The same person, erased persons, results vouched for. */
import { Type } from 'typebox';
import { time } from './common.ts';
import { count, plainText } from './figure.ts';
import { learnerSchema } from './learner.ts';

export const suggestionSchema = Type.Object({
  id: Type.String(),
  learners: Type.Tuple([learnerSchema, learnerSchema]),
  evidence: Type.Array(
    Type.Object({
      kind: Type.Enum(['email', 'externalId', 'name'], {
        description: 'What both have: the e-mail, the id (on two platforms), or only the name, which proves little.',
      }),
      value: Type.String(),
    }),
    { minItems: 1 },
  ),
  score: Type.Number({ minimum: 0, maximum: 1, description: 'How likely it is one person.' }),
});

export const suggestionParams = Type.Object({ id: Type.String({ maxLength: 100 }) });

export const mergeBody = Type.Object(
  { into: Type.String({ maxLength: 200, description: 'The learner who is kept.' }) },
  { additionalProperties: false },
);

export const unmergeBody = Type.Union([
  Type.Object(
    {
      learner: Type.Optional(
        Type.String({
          maxLength: 200,
          description: 'Which of those merged into this one; needed when there are several.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

export const unmergedSchema = Type.Object({ kept: learnerSchema, restored: learnerSchema });

export const erasedSchema = Type.Object({
  erased: Type.Object({
    learner: Type.String({ description: 'The id; nothing else is left of the person.' }),
    learners: Type.Integer({ minimum: 0, description: 'With those merged into this one.' }),
    identities: count,
    attempts: count,
    events: count,
    receipts: Type.Integer({
      minimum: 0,
      description: 'Their bodies and headers are gone; their keys stay, so a retry is a duplicate.',
    }),
    rejections: count,
    cohorts: count,
    keys: count,
    other: Type.Integer({ minimum: 0, description: 'Rows of figures, flags and the like.' }),
  }),
  tombstones: Type.Integer({ minimum: 0, description: 'Hashes that keep the person from coming back.' }),
  endpoints: Type.Array(Type.String(), { description: 'Endpoints that had data of the person.' }),
  told: Type.Array(
    Type.Object({
      endpoint: Type.String(),
      delivery: Type.Union([Type.String(), Type.Null()], {
        description:
          'Of `learner.erased`: GET deliveries/{id} shows the answer as it comes. null: the endpoint was removed.',
      }),
    }),
    { description: 'How each of them is told of the erasure.' },
  ),
  erasedAt: time,
});

export const confirmBody = Type.Union([
  Type.Object(
    { note: Type.Optional(plainText(2000, 'Why, for whoever asks later.')) },
    { additionalProperties: false },
  ),
  Type.Null(),
]);
