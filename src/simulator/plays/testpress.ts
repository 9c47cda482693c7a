/** Testpress: one webhook when an exam starts and one when it ends, with figures per subject and difficulty as text. */
import type { Question } from '../activities.ts';
import { answer, type PlayScript, pause, played } from '../play.ts';
import { between } from '../random.ts';

/** Exams mark +4 and −1, as Indian entrance exams do. */
const RIGHT = 4;
const WRONG = -1;
/** Answers that a learner leaves out rather than guess. */
const LEFT_OUT = 0.08;
/** An answer key is corrected after the exam about once in thirty. */
const REGRADED = 0.03;

interface Answered {
  question: Question;
  result: 'correct' | 'incorrect' | 'unanswered';
}

export const playTestpress: PlayScript = function* (play) {
  const { activity, random, rhythm } = play;
  const attemptId = play.uniqueNumber;
  const userId = Number(play.learner.ids.testpress);
  const about = { attemptId: String(attemptId) };
  const started = new Date(play.startedAt).toISOString();
  const common = {
    attempt_id: attemptId,
    user_id: userId,
    attempt_start_time: started,
    exam: { id: Number(activity.externalId), title: activity.title },
  };
  yield played(play, 'started', play.startedAt, common, about);

  let at = play.startedAt;
  const answered: Answered[] = activity.questions.map((question) => {
    at += pause(play, rhythm.question);
    if (random() < LEFT_OUT) return { question, result: 'unanswered' };
    return { question, result: answer(play, question).correct ? 'correct' : 'incorrect' };
  });
  const completed = { ...common, completed_on: new Date(at).toISOString() };
  yield played(play, 'completed', at, { ...completed, ...figures(answered) }, about);

  const wrong = answered.find((a) => a.result === 'incorrect');
  if (wrong !== undefined && random() < REGRADED) {
    wrong.result = 'correct';
    at += Math.round(between(random, rhythm.marking[0], rhythm.marking[1]) * 1000);
    yield played(play, 'completed', at, { ...completed, ...figures(answered) }, about);
  }
};

function figures(answered: readonly Answered[]): Record<string, unknown> {
  const total = count(answered);
  const percentage = (100 * total.points) / (RIGHT * answered.length);
  const subjects = new Map<string, Answered[]>();
  const levels = new Map<string, Answered[]>();
  for (const one of answered) {
    group(subjects, one.question.subject, one);
    group(levels, level(one.question.difficulty), one);
  }
  return {
    attempt_state: 'completed',
    correct_answers_count: total.correct,
    incorrect_answers_count: total.incorrect,
    partial_correct_answers_count: 0,
    unanswered_answers_count: total.unanswered,
    score: total.points.toFixed(2),
    percentage: percentage.toFixed(2),
    accuracy: Math.round((100 * total.correct) / Math.max(1, total.correct + total.incorrect)),
    subject_stats: [...subjects].map(([name, list]) => ({
      subject_name: name,
      parent_subject_id: null,
      ...partStats(list),
      answered_count: list.filter((a) => a.result !== 'unanswered').length,
      score: count(list).points.toFixed(2),
    })),
    difficulty_level_stats: {
      // The adapter's example sorts everything under this one; undefined takes it out of the JSON.
      uncategorized: undefined,
      ...Object.fromEntries([...levels].map(([name, list]) => [name, partStats(list)])),
    },
  };
}

function partStats(list: readonly Answered[]): Record<string, number> {
  const { correct, incorrect, unanswered } = count(list);
  return {
    correct_answers_count: correct,
    incorrect_answers_count: incorrect,
    partial_correct_answers_count: 0,
    unanswered_count: unanswered,
    total_count: list.length,
  };
}

function count(list: readonly Answered[]): { correct: number; incorrect: number; unanswered: number; points: number } {
  const correct = list.filter((a) => a.result === 'correct').length;
  const incorrect = list.filter((a) => a.result === 'incorrect').length;
  return {
    correct,
    incorrect,
    unanswered: list.length - correct - incorrect,
    points: RIGHT * correct + WRONG * incorrect,
  };
}

function level(difficulty: number): 'easy' | 'medium' | 'hard' {
  if (difficulty < -0.6) return 'easy';
  return difficulty < 0.4 ? 'medium' : 'hard';
}

function group(into: Map<string, Answered[]>, name: string, one: Answered): void {
  const list = into.get(name);
  if (list === undefined) into.set(name, [one]);
  else list.push(one);
}
