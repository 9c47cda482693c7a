/** Figures of one activity: its items, and how scores, steps and learners spread. */
import { Type } from 'typebox';
import { cohortQuery, nullable } from './common.ts';
import { basisSchema, count, figureQuery, tzQuery } from './figure.ts';

export const activityFigureQuery = Type.Object({ ...figureQuery, ...cohortQuery });
export const activityTrendQuery = Type.Object({ ...figureQuery, ...cohortQuery, tz: tzQuery });

const text = nullable(Type.String());
const sampledFrom = nullable(
  Type.Integer({
    description:
      'null: made of all attempts of the basis. Else how many there are: with a range, a class or another policy than usual, figures of large activities are made of the newest of them, as many as `basis.n` says.',
  }),
);

const itemSchema = Type.Object({
  questionId: Type.String(),
  text: nullable(Type.String({ description: 'What the platform sent, else what somebody told with PUT.' })),
  answered: Type.Integer({ description: 'Attempts of the basis in which it was answered and marked.' }),
  unanswered: Type.Integer({ description: 'Attempts in which it was shown and left open: in no rate.' }),
  facility: nullable(Type.Number({ description: 'Mean mark / full mark, 0..1; below 0 with negative marking.' })),
  discrimination: nullable(
    Type.Number({
      description:
        'Item-rest correlation ×100, −100..100; null where it cannot be computed. Too uncertain to show below n = 30.',
    }),
  ),
  discriminationN: Type.Integer({ description: 'Attempts that the discrimination is made of.' }),
  choices: Type.Array(
    Type.Object({
      answerId: Type.String(),
      text,
      count: Type.Integer({ description: 'How often it was chosen.' }),
      correct: nullable(
        Type.Boolean({
          description: 'From the key that somebody told, else from verdicts on answers with this choice alone.',
        }),
      ),
    }),
  ),
  topics: Type.Array(Type.String()),
});

export const itemsSchema = Type.Object({ data: Type.Array(itemSchema), sampledFrom, basis: basisSchema });

const toldText = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000]*$' });

/** Bounds keep one activity's items within what a page can show. */
export const itemsBody = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          questionId: Type.String({ minLength: 1, maxLength: 1000, pattern: '^[^\\u0000]*$' }),
          text: Type.Optional(nullable(toldText(10_000))),
          choices: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  answerId: Type.String({ minLength: 1, maxLength: 1000, pattern: '^[^\\u0000]*$' }),
                  text: Type.Optional(nullable(toldText(2_000))),
                  correct: Type.Optional(nullable(Type.Boolean())),
                },
                { additionalProperties: false },
              ),
              { maxItems: 100 },
            ),
          ),
          topics: Type.Optional(Type.Array(toldText(200), { maxItems: 50 })),
        },
        { additionalProperties: false },
      ),
      { maxItems: 2_000 },
    ),
  },
  { additionalProperties: false },
);

export const distributionSchema = Type.Object({
  bins: Type.Array(
    Type.Object({
      from: Type.Number(),
      to: Type.Number({ description: 'Exclusive; of the bin up to 100 inclusive.' }),
      count,
    }),
    { description: 'Tens of per cent from 0 to 100; below 0 and above 100 only where there are such results.' },
  ),
  passPercentage: nullable(Type.Number()),
  basis: basisSchema,
});

export const funnelSchema = Type.Object({
  steps: Type.Array(
    Type.Object({
      externalId: Type.String(),
      title: text,
      index: nullable(Type.Integer()),
      started: Type.Integer({ description: 'Attempts that reached it: began, tried or completed it.' }),
      attempted: Type.Integer({ description: 'Of those, with a try.' }),
      completed: count,
      skipped: count,
      medianSeconds: nullable(Type.Number({ description: 'From its start to its completion, where both are known.' })),
      tries: Type.Integer({ description: 'Tries of all attempts.' }),
    }),
  ),
  sampledFrom,
  basis: basisSchema,
});

export const gridSchema = Type.Object({
  columns: Type.Array(Type.Object({ questionId: Type.String(), text })),
  rows: Type.Array(
    Type.Object({
      learner: Type.Object({ id: Type.String(), name: text }),
      attempt: Type.String(),
      percentage: nullable(Type.Number()),
      cells: Type.Array(
        nullable(Type.Number({ description: 'Mark / full mark, 0..1; null: not answered, or nothing says how.' })),
      ),
    }),
  ),
  nextCursor: nullable(Type.String()),
  basis: basisSchema,
});

export const activityTrendSchema = Type.Object({
  data: Type.Array(
    Type.Object({
      date: Type.String({ description: 'A day in the zone of the basis; days without a completion are left out.' }),
      attemptsCompleted: count,
      averagePercentage: nullable(Type.Number()),
    }),
  ),
  basis: basisSchema,
});
