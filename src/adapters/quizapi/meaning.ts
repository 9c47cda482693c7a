/**
 * QuizAPI bodies → facts. Two shapes are documented: A (`timestamp`, camelCase data) in the guide, B (`id`, `created_at`,
 * snake_case data), announced. Either is read field by field, so a mixture is read too.
 *
 * It names no attempt: the fold cuts attempts from the facts' own times. The same completion is (userId, quizId, time,
 * event), whatever body brings it.
 */
import type { Instant } from '../../core/time.ts';
import {
  type Fact,
  type FactType,
  type Figures,
  fact,
  type Meaning,
  NO_FIGURES,
  type Response,
} from '../../core/vocabulary.ts';
import type { ReceiptContent } from '../adapter.ts';
import { extras } from '../extras.ts';
import * as read from '../read.ts';

const TYPES: Readonly<Record<string, FactType>> = {
  'quiz.started': 'attempt.started',
  'quiz.completed': 'attempt.completed',
  'quiz.abandoned': 'attempt.abandoned',
  'attempt.submitted': 'attempt.submitted',
  'question.answered': 'question.answered',
};

/** Authoring, not learning. */
const IGNORED: readonly string[] = ['quiz.created', 'quiz.published'];

const KNOWN_DATA = [
  'userId',
  'user_id',
  'quizId',
  'quiz_id',
  'quizTitle',
  'quiz_title',
  'score',
  'totalQuestions',
  'total_questions',
  'percentage',
  'timeSpentSeconds',
  'time_spent',
  'completed_at',
  'answers',
  'questionId',
  'question_id',
  'selectedAnswerId',
  'selected_answer_id',
  'correct',
];

export function meaningOfQuizapi(content: ReceiptContent): Meaning {
  return read.readable(() => {
    const body = read.bodyFields(content.body);
    const event = read.text(body.event);
    if (event === null) return { status: 'unmapped', reason: 'The body names no event.' };
    if (IGNORED.includes(event))
      return { status: 'ignored', reason: `${event} is about authoring, not about a learner.` };
    const type = Object.hasOwn(TYPES, event) ? TYPES[event] : undefined;
    if (type === undefined)
      return { status: 'unmapped', reason: `No mapping is known for the QuizAPI event ${event}.` };
    return { status: 'facts', facts: [factOf(event, type, body)] };
  });
}

function factOf(event: string, type: FactType, body: read.Fields): Fact {
  const data = read.fieldsOf(body.data) ?? read.NO_FIELDS;
  const userId = read.id(data.userId ?? data.user_id, 'data.userId');
  const quizId = read.id(data.quizId ?? data.quiz_id, 'data.quizId');
  const at = timeOf(event, body, data);
  const answer = type === 'question.answered' ? response(data) : null;
  if (type === 'question.answered' && answer === null)
    throw new read.Unreadable('data.questionId is missing, so it is not known what was answered.');
  return fact({
    key: read.factKey(event, userId, quizId, at, ...(answer === null ? [] : [answer.questionId])),
    type,
    at,
    learner: { realm: null, externalId: userId },
    activity: {
      realm: null,
      externalId: quizId,
      title: read.text(data.quizTitle ?? data.quiz_title),
      kind: 'quiz',
    },
    attempt: { by: 'derived' },
    completedAt: type === 'attempt.completed' ? at : null,
    figures: type === 'attempt.started' || answer !== null ? null : figures(data),
    responses: answer === null ? responses(data.answers) : [answer],
    platform: extras(data, KNOWN_DATA),
    data: { platformEvent: event, ...(answer === null ? {} : { response: { ...answer } }) },
  });
}

/** Shape B dates a completion in `data.completed_at` and the telling in `created_at`. */
function timeOf(event: string, body: read.Fields, data: read.Fields): Instant {
  const told = read.instant(body.timestamp, 'timestamp');
  if (told !== null) return told;
  const completed = event === 'quiz.completed' ? read.instant(data.completed_at, 'data.completed_at') : null;
  return completed ?? read.requiredInstant(body.created_at, 'timestamp (or created_at)');
}

function figures(data: read.Fields): Figures | null {
  const score = read.figure(data.score, 'data.score');
  const totalQuestions = read.count(data.totalQuestions ?? data.total_questions, 'data.totalQuestions');
  return read.told({
    ...NO_FIGURES,
    score,
    totalQuestions,
    // Shape B sends none; learning.md: where score and total are all there is, percentage = 100·score/total.
    percentage: read.percentage(data.percentage, 'data.percentage') ?? read.share(score, totalQuestions),
    timeSpentSeconds: read.seconds(data.timeSpentSeconds ?? data.time_spent),
  });
}

function responses(value: unknown): Response[] | null {
  const list = read
    .objectsOf(value)
    .map(response)
    .filter((entry) => entry !== null);
  return list.length === 0 ? null : list;
}

function response(fields: read.Fields): Response | null {
  const questionId = read.optionalId(fields.questionId ?? fields.question_id, 'questionId');
  if (questionId === null) return null;
  return {
    questionId,
    selectedAnswerIds: read.choices(fields.selectedAnswerId ?? fields.selected_answer_id),
    text: null,
    correct: read.flag(fields.correct),
    mark: null,
    maxMark: null,
  };
}
