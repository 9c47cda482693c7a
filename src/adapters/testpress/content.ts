/**
 * The chapter content webhook: an attempt at notes, a video, a live session or an exam inside a course. Its attempt ids are
 * another range than the exam webhook's. Where `assessment.id` names the exam attempt, both webhooks tell of one attempt at
 * one activity, so it takes the exam webhook's ids; the content's own stay beside it.
 */
import {
  type ActivityKind,
  type ActivityRef,
  type Fact,
  type FactType,
  type Figures,
  fact,
  type Meaning,
} from '../../core/vocabulary.ts';
import { extra, extras } from '../extras.ts';
import * as read from '../read.ts';
import { examActivityId, examAttemptId, figuresOf, learnerOf } from './exam.ts';

const STATES: Readonly<Record<string, FactType>> = {
  started: 'attempt.started',
  'pending evaluation': 'attempt.submitted',
  'evaluation completed': 'attempt.completed',
  completed: 'attempt.completed',
};

const KINDS: Readonly<Record<string, ActivityKind>> = {
  notes: 'document',
  attachment: 'document',
  exam: 'exam',
  video: 'video',
  videoconference: 'live_session',
  'live stream': 'live_session',
};

const KNOWN = [
  'attempt_id',
  'user_id',
  'username',
  'email',
  'chapter_content',
  'course',
  'assessment',
  'state',
  'created',
  'completed_on',
  'key',
  'hash',
];

export function meaningOfContent(body: read.Fields, receivedAt: number): Meaning {
  const state = read.text(body.state) ?? '';
  const type = lookUp(STATES, state);
  if (type === undefined) {
    return {
      status: 'unmapped',
      reason: `No mapping is known for the Testpress content state ${state === '' ? '(none)' : state}.`,
    };
  }
  const realm = read.id(body.key, 'key');
  const content = read.fieldsOf(body.chapter_content) ?? read.NO_FIELDS;
  const contentAttemptId = read.id(body.attempt_id, 'attempt_id');
  const assessment = read.fieldsOf(body.assessment);
  const examAttempt = assessment === null ? null : read.optionalId(assessment.id, 'assessment.id');
  const attemptId = examAttempt === null ? `content:${contentAttemptId}` : examAttemptId(examAttempt);
  const createdAt = read.instant(body.created, 'created');
  const completedAt = type === 'attempt.completed' ? read.instant(body.completed_on, 'completed_on') : null;
  const figures = type === 'attempt.completed' && assessment !== null ? figuresOf(assessment, 'assessment.') : null;
  const one: Fact = fact({
    key: keyOf(type, attemptId, completedAt, figures),
    type,
    at: (type === 'attempt.started' ? createdAt : completedAt) ?? read.arrival(receivedAt),
    order: type === 'attempt.completed' ? 'received' : 'occurred',
    learner: learnerOf(body, realm),
    activity: activityOf(content, realm, assessment),
    attempt: { by: 'named', realm, externalId: attemptId },
    startedAt: createdAt,
    completedAt,
    figures,
    // The exam webhook tells the grade of such an attempt: this one, telling none, must not take it away.
    changes: type === 'attempt.completed' && figures === null ? {} : null,
    platform: {
      ...extras(body, KNOWN),
      contentAttemptId,
      contentState: extra(state),
      chapterContent: extra(content),
      course: extra(body.course ?? null),
      ...(assessment === null ? {} : { assessment: extra(assessment) }),
    },
    data: { platformEvent: `content ${state.toLowerCase()}` },
  });
  return { status: 'facts', facts: [one] };
}

/** A start and a hand-in happen once; a completion is told again when it is corrected. */
function keyOf(type: FactType, attemptId: string, completedAt: string | null, figures: Figures | null): string {
  if (type !== 'attempt.completed') return read.factKey(type, attemptId);
  return read.factKey(type, attemptId, completedAt, read.digest([figures, 'content']));
}

function activityOf(content: read.Fields, realm: string, assessment: read.Fields | null): ActivityRef {
  const contentType = read.text(content.content_type) ?? '';
  const exam = read.fieldsOf(content.exam);
  const examId = read.optionalId(exam === null ? content.exam : exam.id, 'chapter_content.exam.id');
  const title = read.text(exam?.title) ?? read.text(content.title);
  if (examId !== null && (assessment !== null || contentType.toLowerCase() === 'exam')) {
    const dueAt = read.instant(exam?.end_date, 'chapter_content.exam.end_date');
    return { realm, externalId: examActivityId(examId), title, kind: 'exam', ...(dueAt === null ? {} : { dueAt }) };
  }
  return {
    realm,
    externalId: `content:${read.id(content.id, 'chapter_content.id')}`,
    title,
    kind: lookUp(KINDS, contentType) ?? 'document',
  };
}

function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  const key = word.toLowerCase();
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
