/**
 * TERMINOLOGY (the words of ../shared/contract.md, used the same way everywhere):
 * - receipt: one webhook as it arrived. fact: one thing a receipt means, in our vocabulary, as an adapter reads it.
 * - event: a fact that changed the record, as it stands in the feed and goes to endpoints.
 * - learner, identity, activity, attempt, response, step, breakdown: see the contract.
 * - realm: who gave an external id its meaning: the institute, portal or organization a platform names, else the source.
 */
import type { Instant } from './time.ts';

export const PROVIDERS = ['quizapi', 'testpress', 'synap', 'instruqt', 'easygenerator', 'standard'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What is proved about a receipt, and so about every figure made from it. */
export type Verification = 'signature' | 'signature_partial' | 'basic' | 'token';

export const EVENT_TYPES = [
  'attempt.started',
  'attempt.submitted',
  'attempt.completed',
  'attempt.abandoned',
  'attempt.stopped',
  'attempt.regraded',
  'attempt.revoked',
  'question.answered',
  'step.started',
  'step.attempted',
  'step.completed',
  'step.skipped',
  'certificate.issued',
  'invite.claimed',
  'review.created',
  'review.updated',
  'environment.creating',
  'environment.created',
  'environment.ready',
  'environment.failed',
  'environment.cleaned',
  'environment.other',
  'learner.needs_attention',
  'learner.erased',
  'endpoint.disabled',
  'source.silent',
  'source.rejecting',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Event types that only Gradewire itself makes; an adapter never emits them. */
export type OwnEventType =
  | 'learner.needs_attention'
  | 'learner.erased'
  | 'endpoint.disabled'
  | 'source.silent'
  | 'source.rejecting';

/** Types a fact can have: `attempt.regraded` only for corrections that name themselves so (Synap's overrides). */
export type FactType = Exclude<EventType, OwnEventType>;

export type ActivityKind = 'quiz' | 'exam' | 'test' | 'track' | 'course' | 'video' | 'document' | 'live_session';

export const ATTEMPT_STATES = ['started', 'submitted', 'completed', 'abandoned', 'stopped', 'revoked'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];
export type Outcome = 'passed' | 'failed';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface LearnerRef {
  /** null: the realm is the source itself. */
  realm: string | null;
  externalId: string;
  name?: string | null;
  email?: string | null;
  /** Platform attributes or custom parameters, kept with the identity; identityFrom of the source reads them. */
  attributes?: JsonObject;
}

export interface ActivityRef {
  realm: string | null;
  externalId: string;
  title?: string | null;
  kind: ActivityKind;
  /** When it is due or ends, where the platform tells. */
  dueAt?: Instant | null;
}

/** Figures of an attempt as the platform sent them; null where it did not. Percentages are 0..100 and may be negative. */
export interface Figures {
  score: number | null;
  maxScore: number | null;
  percentage: number | null;
  correctCount: number | null;
  incorrectCount: number | null;
  partialCount: number | null;
  unansweredCount: number | null;
  totalQuestions: number | null;
  timeSpentSeconds: number | null;
  outcome: Outcome | null;
}

/** One answered question. */
export interface Response {
  questionId: string;
  selectedAnswerIds: string[];
  text: string | null;
  correct: boolean | null;
  mark: number | null;
  maxMark: number | null;
}

export type BreakdownKind = 'subject' | 'topic' | 'subtopic' | 'difficulty' | 'skill' | 'module' | 'exam';

/** Counts and score of one part of an attempt. `parent` is the name of the area it lies in, where the platform tells. */
export interface Breakdown {
  kind: BreakdownKind;
  name: string;
  parent: string | null;
  correct: number;
  incorrect: number;
  partial: number;
  unanswered: number;
  total: number;
  score: number | null;
}

export interface StepRef {
  externalId: string;
  /** Place in the track, from 0 or 1 as the platform counts; null where it does not say. */
  index: number | null;
  /** How many steps the track has, where it is told. */
  total: number | null;
}

export interface Certificate {
  url: string;
  pdfPath: string | null;
}

/**
 * Whose go this is. `named`: the platform gives attempts an id (unique in the realm). `derived`: it names none (QuizAPI),
 * so attempts are cut from the learner's facts on the activity by their own times.
 */
export type AttemptRef = { by: 'named'; realm: string | null; externalId: string } | { by: 'derived' };

/**
 * One thing a receipt means. Adapters make facts; the progress fold turns sets of facts into attempts, the same attempt
 * whatever the order or number of times the facts arrive.
 */
export interface Fact {
  /**
   * Identity of meaning within the realm: facts with equal keys are the same thing told twice (QuizAPI's two bodies,
   * Synap's attempt.* and exam.* URLs) and count once. Everything that makes two tellings different things is in it,
   * e.g. `quiz.completed|user_1|quiz_1|2026-04-08T14:30:00.000000Z`.
   */
  key: string;
  type: FactType;
  /** When it happened, by the platform's clock. */
  at: Instant;
  /**
   * How corrections of the same attempt are ordered: 'occurred' by `at` (the platform dates its corrections), 'received' by
   * order of arrival (Testpress: corrections bear no version).
   */
  order: 'occurred' | 'received';
  /** null where the body does not say (Synap's overrides name only the attempt). */
  learner: LearnerRef | null;
  activity: ActivityRef | null;
  /** null for facts that belong to no attempt (invite.claimed, review.*, environment.* outside a play). */
  attempt: AttemptRef | null;
  /** Start and end of the attempt where the body tells them besides `at`. */
  startedAt: Instant | null;
  completedAt: Instant | null;
  figures: Figures | null;
  /** Only the figures named here are changed (Synap's overrides); null: `figures` replaces all. */
  changes: Partial<Figures> | null;
  responses: Response[] | null;
  breakdowns: Breakdown[] | null;
  step: StepRef | null;
  certificate: Certificate | null;
  /** On attempt facts of platforms that can withdraw one: true withdraws, false (later) reinstates, null says nothing. */
  revoked: boolean | null;
  /** A test play or a test sent from the sources page: in no figure. */
  test: boolean;
  /** The platform's own extra fields, shown beside the attempt. */
  platform: JsonObject;
  /** What the event's `data` holds besides. */
  data: JsonObject;
}

/** What an adapter makes of one receipt. */
export type Meaning =
  | { status: 'facts'; facts: Fact[] }
  /** Known, and means nothing for progress (quiz.created). */
  | { status: 'ignored'; reason: string }
  /** No mapping known (an event type we never heard of). */
  | { status: 'unmapped'; reason: string }
  /** Known, but this body cannot be read; `error` is a sentence for the person who looks at the receipt. */
  | { status: 'failed'; error: string };

/** The blank from which adapters make facts: everything not told is null. */
export function fact(told: Pick<Fact, 'key' | 'type' | 'at'> & Partial<Omit<Fact, 'key' | 'type' | 'at'>>): Fact {
  return {
    order: 'occurred',
    learner: null,
    activity: null,
    attempt: null,
    startedAt: null,
    completedAt: null,
    figures: null,
    changes: null,
    responses: null,
    breakdowns: null,
    step: null,
    certificate: null,
    revoked: null,
    test: false,
    platform: {},
    data: {},
    ...told,
  };
}

/** No figure told. */
export const NO_FIGURES: Figures = Object.freeze({
  score: null,
  maxScore: null,
  percentage: null,
  correctCount: null,
  incorrectCount: null,
  partialCount: null,
  unansweredCount: null,
  totalQuestions: null,
  timeSpentSeconds: null,
  outcome: null,
});
