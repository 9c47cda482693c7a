/** The attempt of the contract as rows give it. */
import { publicId, type Uuid } from '../../core/ids.ts';
import type { ActivityKind, AttemptState, Outcome, Provider, Verification } from '../../core/vocabulary.ts';

export interface AttemptSummary {
  id: string;
  learner: { id: string; name: string | null };
  activity: { id: string; title: string | null; kind: ActivityKind };
  /** slug is null once the source is removed. */
  source: { id: string; slug: string | null };
  provider: Provider;
  externalId: string | null;
  state: AttemptState;
  outcome: Outcome | null;
  score: number | null;
  maxScore: number | null;
  percentage: number | null;
  correctCount: number | null;
  incorrectCount: number | null;
  partialCount: number | null;
  unansweredCount: number | null;
  totalQuestions: number | null;
  timeSpentSeconds: number | null;
  timeKind: 'reported' | 'wall_clock' | null;
  startedAt: string | null;
  completedAt: string | null;
  verification: Verification;
  test: boolean;
  /** Somebody vouches for the result as it stands. */
  confirmed: { at: string; by: string } | null;
}

export interface AttemptRow {
  id: Uuid;
  learner_id: Uuid;
  learner_name: string | null;
  activity_id: Uuid;
  activity_title: string | null;
  activity_kind: ActivityKind;
  source_id: Uuid;
  source_slug: string | null;
  provider: Provider;
  external_id: string | null;
  state: AttemptState;
  outcome: Outcome | null;
  score: number | null;
  max_score: number | null;
  percentage: number | null;
  correct_count: number | null;
  incorrect_count: number | null;
  partial_count: number | null;
  unanswered_count: number | null;
  total_questions: number | null;
  time_spent_seconds: number | null;
  time_kind: 'reported' | 'wall_clock' | null;
  started_at: Date | null;
  completed_at: Date | null;
  verification: Verification;
  test: boolean;
  confirmed_at: Date | null;
  confirmed_by: string | null;
}

/** SQL: the columns of AttemptRow, and where they come from. An attempt whose learner or activity is not known is in no list. */
export const ATTEMPT_COLUMNS = `a.id, a.learner_id, l.name AS learner_name, a.activity_id, t.title AS activity_title,
  t.kind AS activity_kind, a.source_id, s.slug AS source_slug, a.provider, a.external_id, a.state, a.outcome, a.score,
  a.max_score, a.percentage, a.correct_count, a.incorrect_count, a.partial_count, a.unanswered_count, a.total_questions,
  a.time_spent_seconds, a.time_kind, a.started_at, a.completed_at, a.verification, a.test, a.confirmed_at,
  CASE WHEN a.confirmed_at IS NOT NULL THEN (
    SELECT c.by FROM attempt_confirmations c WHERE c.workspace = a.workspace AND c.attempt_id = a.id) END AS confirmed_by`;

export const ATTEMPT_JOINS = `JOIN learners l ON l.workspace = a.workspace AND l.id = a.learner_id
  JOIN activities t ON t.workspace = a.workspace AND t.id = a.activity_id
  LEFT JOIN sources s ON s.workspace = a.workspace AND s.id = a.source_id`;

export function toAttemptSummary(row: AttemptRow): AttemptSummary {
  return {
    id: publicId('att', row.id),
    learner: { id: publicId('lrn', row.learner_id), name: row.learner_name },
    activity: { id: publicId('act', row.activity_id), title: row.activity_title, kind: row.activity_kind },
    source: { id: publicId('src', row.source_id), slug: row.source_slug },
    provider: row.provider,
    externalId: row.external_id,
    state: row.state,
    outcome: row.outcome,
    score: row.score,
    maxScore: row.max_score,
    percentage: row.percentage,
    correctCount: row.correct_count,
    incorrectCount: row.incorrect_count,
    partialCount: row.partial_count,
    unansweredCount: row.unanswered_count,
    totalQuestions: row.total_questions,
    timeSpentSeconds: row.time_spent_seconds,
    timeKind: row.time_kind,
    startedAt: row.started_at?.toISOString() ?? null,
    completedAt: row.completed_at?.toISOString() ?? null,
    verification: row.verification,
    test: row.test,
    confirmed:
      row.confirmed_at === null ? null : { at: row.confirmed_at.toISOString(), by: row.confirmed_by ?? 'unknown' },
  };
}
