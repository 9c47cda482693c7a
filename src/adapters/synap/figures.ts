/** Synap's figures: `scoreFrac` is 0..1, marks may bear the maximum, times are milliseconds. */
import { type Figures, NO_FIGURES, type Outcome } from '../../core/vocabulary.ts';
import * as read from '../read.ts';

export function figuresOf(body: read.Fields, attempt: read.Fields, state: read.Fields): Figures | null {
  const marks = read.fieldsOf(attempt.marks) ?? read.NO_FIELDS;
  const frac = read.figure(attempt.scoreFrac ?? body.scoreFrac, 'attempt.scoreFrac');
  const correctCount = read.count(attempt.totalAnsweredCorrectly, 'attempt.totalAnsweredCorrectly');
  const answered = read.count(attempt.totalAnswered, 'attempt.totalAnswered');
  const totalQuestions = read.count(attempt.totalQuestions, 'attempt.totalQuestions');
  return read.told({
    ...NO_FIGURES,
    score: read.figure(attempt.score ?? body.score, 'attempt.score'),
    maxScore: read.figure(marks.maxPoints, 'attempt.marks.maxPoints'),
    percentage: frac === null ? null : read.percentage(read.round(100 * frac), 'attempt.scoreFrac times 100'),
    correctCount,
    incorrectCount: difference(answered, correctCount),
    unansweredCount: difference(totalQuestions, answered),
    totalQuestions,
    timeSpentSeconds: read.seconds(attempt.timeSpentInMs ?? state.timeSpentInMs ?? body.timeSpentInMs, 1000),
    outcome: outcomeOf(attempt.grade),
  });
}

/** What is left of `whole`; null where either is not told or they contradict each other. */
function difference(whole: number | null, part: number | null): number | null {
  return whole === null || part === null || part > whole ? null : whole - part;
}

function outcomeOf(grade: unknown): Outcome | null {
  const isPass = read.flag(read.fieldsOf(grade)?.isPass);
  return isPass === null ? null : isPass ? 'passed' : 'failed';
}
