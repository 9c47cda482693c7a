/**
 * The exam webhook: an attempt started or completed. `attempt_state` is absent in older samples, which told completions
 * only. Corrections bear no version: another `completed` with other figures counts by order of arrival.
 */
import { type Fact, type Figures, fact, type LearnerRef, type Meaning, NO_FIGURES } from '../../core/vocabulary.ts';
import { extras } from '../extras.ts';
import * as read from '../read.ts';
import { difficultyBreakdowns, subjectBreakdowns } from './breakdowns.ts';

const KNOWN = [
  'username',
  'email',
  'hash',
  'key',
  'exam',
  'subject_stats',
  'difficulty_level_stats',
  'attempt_id',
  'attempt_state',
  'attempt_start_time',
  'completed_on',
  'user_id',
  'percentage',
  'score',
  'total_count',
  'correct_answers_count',
  'incorrect_answers_count',
  'partial_correct_answers_count',
  'unanswered_answers_count',
];

export function meaningOfExam(body: read.Fields, receivedAt: number): Meaning {
  const state = read.text(body.attempt_state)?.toLowerCase() ?? 'completed';
  if (state !== 'started' && state !== 'completed') {
    return { status: 'unmapped', reason: `No mapping is known for the Testpress attempt state ${state}.` };
  }
  const realm = read.id(body.key, 'key');
  const attemptId = examAttemptId(read.id(body.attempt_id, 'attempt_id'));
  const exam = read.fieldsOf(body.exam) ?? read.NO_FIELDS;
  const startedAt = read.instant(body.attempt_start_time, 'attempt_start_time');
  const about = {
    learner: learnerOf(body, realm),
    activity: {
      realm,
      externalId: examActivityId(read.id(exam.id, 'exam.id')),
      title: read.text(exam.title),
      kind: 'exam' as const,
      dueAt: read.instant(exam.end_date, 'exam.end_date'),
    },
    attempt: { by: 'named' as const, realm, externalId: attemptId },
    startedAt,
    platform: { ...extras(body, KNOWN), exam: extras(exam, ['id', 'title']) },
    data: { platformEvent: `exam ${state}` },
  };
  const one: Fact =
    state === 'started'
      ? fact({
          ...about,
          key: read.factKey('attempt.started', attemptId),
          type: 'attempt.started',
          at: startedAt ?? read.arrival(receivedAt),
        })
      : completedFact(body, attemptId, receivedAt, about);
  return { status: 'facts', facts: [one] };
}

function completedFact(body: read.Fields, attemptId: string, receivedAt: number, about: Partial<Fact>): Fact {
  const completedAt = read.instant(body.completed_on, 'completed_on');
  const figures = figuresOf(body, '');
  const breakdowns = [...subjectBreakdowns(body.subject_stats), ...difficultyBreakdowns(body.difficulty_level_stats)];
  return fact({
    ...about,
    key: read.factKey('attempt.completed', attemptId, completedAt, read.digest([figures, breakdowns])),
    type: 'attempt.completed',
    at: completedAt ?? read.arrival(receivedAt),
    order: 'received',
    completedAt,
    figures,
    breakdowns: breakdowns.length === 0 ? null : breakdowns,
  });
}

/** Figures as the exam webhook names them; `where` leads the names in sentences. Negative marks are kept. */
export function figuresOf(fields: read.Fields, where: string): Figures | null {
  return read.told({
    ...NO_FIGURES,
    score: read.figure(fields.score, `${where}score`),
    percentage: read.percentage(fields.percentage, `${where}percentage`),
    correctCount: read.count(fields.correct_answers_count, `${where}correct_answers_count`),
    incorrectCount: read.count(fields.incorrect_answers_count, `${where}incorrect_answers_count`),
    partialCount: read.count(fields.partial_correct_answers_count, `${where}partial_correct_answers_count`),
    unansweredCount: read.count(fields.unanswered_answers_count, `${where}unanswered_answers_count`),
    totalQuestions: read.count(fields.total_count, `${where}total_count`),
  });
}

/** Testpress tells a user name and no other name. */
export function learnerOf(body: read.Fields, realm: string): LearnerRef {
  return {
    realm,
    externalId: read.id(body.user_id, 'user_id'),
    name: read.text(body.username),
    email: read.email(body.email),
  };
}

/** The two webhooks number their attempts apart, hence the prefix. */
export function examAttemptId(id: string): string {
  return `exam:${id}`;
}

export function examActivityId(id: string): string {
  return `exam:${id}`;
}
