/** QuizAPI bodies for the simulator and the source test: shape A, and shape B for what only B has. */
import type { ExampleOptions } from '../adapter.ts';

/** In the order of an attempt first, then the others. */
export const QUIZAPI_EVENTS: readonly string[] = [
  'quiz.started',
  'question.answered',
  'quiz.completed',
  'quiz.abandoned',
  'attempt.submitted',
  'quiz.created',
  'quiz.published',
];

export function exampleOfQuizapi(options: ExampleOptions): Record<string, unknown> {
  const { event, learner, activity, total, index, random, ability } = options;
  const timestamp = new Date(options.at).toISOString();
  const about = { userId: learner.externalId, quizId: activity.externalId, quizTitle: activity.title };
  const answer = (i: number) => {
    const correct = random() < ability;
    return { questionId: `q${i + 1}`, selectedAnswerId: correct ? 'a1' : `a${2 + Math.floor(random() * 3)}`, correct };
  };
  const spent = Math.max(0, Math.round((options.at - options.startedAt) / 1000));
  if (event === 'question.answered') return { event, timestamp, data: { ...about, ...answer(index) } };
  if (event === 'quiz.completed') {
    const answers = Array.from({ length: total }, (_, i) => answer(i));
    const score = answers.filter((one) => one.correct).length;
    const percentage = total === 0 ? 0 : Math.round((1000 * score) / total) / 10;
    return {
      event,
      timestamp,
      data: { ...about, score, totalQuestions: total, percentage, timeSpentSeconds: spent, answers },
    };
  }
  if (event === 'attempt.submitted') {
    const data = {
      quiz_id: activity.externalId,
      user_id: learner.externalId,
      total_questions: total,
      time_spent: spent,
    };
    return { id: `evt_${options.attemptId}`, event, created_at: timestamp, data };
  }
  if (event === 'quiz.created' || event === 'quiz.published') {
    return { id: `evt_${options.attemptId}`, event, created_at: timestamp, data: { quiz_id: activity.externalId } };
  }
  return { event, timestamp, data: about };
}
