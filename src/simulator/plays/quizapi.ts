/** QuizAPI: started, answers, then completed or abandoned; it names no attempt. */
import { answer, type PlayScript, pause, played } from '../play.ts';

/** Someone gives up about once in fourteen quizzes. */
const ABANDONS = 0.07;

export const playQuizapi: PlayScript = function* (play) {
  const { activity, random, rhythm } = play;
  const ids = { userId: play.learner.ids.quizapi, quizId: activity.externalId, quizTitle: activity.title };
  let at = play.startedAt;
  yield played(play, 'quiz.started', at, { data: ids });

  const givesUpAt = random() < ABANDONS ? Math.floor(random() * activity.questions.length) : -1;
  const tellsAnswers = random() < rhythm.answersTold;
  const answers: { questionId: string; selectedAnswerId: string; correct: boolean }[] = [];
  for (const [index, question] of activity.questions.entries()) {
    at += pause(play, rhythm.question);
    if (index === givesUpAt) {
      yield played(play, 'quiz.abandoned', at, { data: ids });
      return;
    }
    const { selected, correct } = answer(play, question);
    answers.push({ questionId: question.id, selectedAnswerId: selected, correct });
    if (tellsAnswers) {
      const data = { ...ids, questionId: question.id, selectedAnswerId: selected, correct };
      yield played(play, 'question.answered', at, { data }, { index });
    }
  }

  at += 1500;
  const score = answers.filter((a) => a.correct).length;
  const total = answers.length;
  yield played(play, 'quiz.completed', at, {
    data: {
      ...ids,
      score,
      totalQuestions: total,
      percentage: Math.round((1000 * score) / total) / 10,
      timeSpentSeconds: Math.round((at - play.startedAt) / 1000),
      answers,
    },
  });
};
