/** The guide's answer (seed 000), kept as it gives it; numbers are JSON numbers. */
import { Type } from 'typebox';
import { nullable, time } from './common.ts';
import { plainText } from './figure.ts';

const number = nullable(Type.Number());

export const studentParams = Type.Object({
  userId: Type.String({ minLength: 1, description: "Our learner id, or the platform's own id of the student." }),
});

export const studentQuery = {
  source: Type.Optional(plainText(200, 'Id or slug of the source whose id it is, when two learners bear it.')),
};

export const guideProgressSchema = Type.Object({
  summary: Type.Object({
    quizzes_completed: Type.Integer(),
    average_score: nullable(Type.Number({ description: 'One decimal; null when there is none.' })),
    total_time_seconds: number,
    last_activity: nullable(time),
  }),
  recentQuizzes: Type.Array(
    Type.Object({
      quiz_id: Type.String(),
      quiz_title: nullable(Type.String()),
      score: number,
      total_questions: nullable(Type.Integer()),
      percentage: number,
      time_spent_seconds: number,
      completed_at: nullable(time),
    }),
    { description: 'The ten newest.' },
  ),
  weakAreas: Type.Array(
    Type.Object({
      quiz_title: nullable(Type.String()),
      incorrect_count: Type.Integer(),
      total_answers: Type.Integer(),
    }),
    { description: 'The five with the largest share of wrong answers, only those with any.' },
  ),
});
