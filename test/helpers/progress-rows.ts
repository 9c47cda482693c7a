/** Writes progress as the worker would leave it, so that figures can be tested without the way there. */
import { newUuid, publicId, type Uuid } from '../../src/core/ids.ts';
import type { AttemptState, Breakdown, Response } from '../../src/core/vocabulary.ts';
import type { Queryable } from '../../src/db/database.ts';
import { compactResponses } from '../../src/progress/compact-responses.ts';

export interface AttemptOptions {
  learner: Uuid | null;
  activity: Uuid | null;
  source: Uuid;
  provider?: string;
  externalId?: string | null;
  state?: AttemptState;
  outcome?: 'passed' | 'failed' | null;
  score?: number | null;
  maxScore?: number | null;
  percentage?: number | null;
  correct?: number | null;
  incorrect?: number | null;
  partial?: number | null;
  unanswered?: number | null;
  totalQuestions?: number | null;
  seconds?: number | null;
  timeKind?: 'reported' | 'wall_clock' | null;
  openedAt?: string;
  startedAt?: string | null;
  /** When it was completed, given up or stopped. */
  doneAt?: string | null;
  lastAt?: string;
  verification?: string;
  test?: boolean;
  responses?: Partial<Response>[] | null;
  breakdowns?: Partial<Breakdown>[] | null;
  steps?: object[] | null;
  certificate?: object | null;
  platform?: object | null;
  history?: object[] | null;
  facts?: object[];
}

const DAY = '2026-04-08';

export async function addSource(db: Queryable, provider = 'quizapi', slug = provider): Promise<Uuid> {
  const id = newUuid();
  await db.query(
    `INSERT INTO sources (workspace, id, provider, slug, name, secrets) VALUES (1, $1, $2, $3, $3, '\\x00')`,
    [id, provider, slug],
  );
  return id;
}

export async function addLearner(
  db: Queryable,
  options: { name?: string | null; email?: string | null; excluded?: boolean; createdAt?: string } = {},
): Promise<Uuid> {
  const id = newUuid();
  await db.query(
    'INSERT INTO learners (workspace, id, name, email, excluded, created_at) VALUES (1, $1, $2, $3, $4, coalesce($5, now()))',
    [id, options.name ?? null, options.email ?? null, options.excluded ?? false, options.createdAt ?? null],
  );
  return id;
}

export async function addIdentity(
  db: Queryable,
  learner: Uuid,
  source: Uuid,
  externalId: string,
  options: { provider?: string; realm?: string } = {},
): Promise<void> {
  await db.query(
    `INSERT INTO identities (workspace, provider, realm, external_id, learner_id, source_id) VALUES (1, $1, $2, $3, $4, $5)`,
    [options.provider ?? 'quizapi', options.realm ?? source, externalId, learner, source],
  );
}

export async function addActivity(
  db: Queryable,
  source: Uuid,
  options: {
    title?: string | null;
    externalId?: string;
    kind?: string;
    provider?: string;
    policy?: string;
    createdAt?: string;
  } = {},
): Promise<Uuid> {
  const id = newUuid();
  await db.query(
    `INSERT INTO activities (workspace, id, source_id, provider, realm, external_id, kind, title, attempts_policy, created_at)
     VALUES (1, $1, $2, $3, $9, $4, $5, $6, $7, coalesce($8, now()))`,
    [
      id,
      source,
      options.provider ?? 'quizapi',
      options.externalId ?? `ext-${id}`,
      options.kind ?? 'quiz',
      options.title ?? null,
      options.policy ?? null,
      options.createdAt ?? null,
      source,
    ],
  );
  return id;
}

export async function addAttempt(db: Queryable, options: AttemptOptions): Promise<Uuid> {
  const id = newUuid();
  const state = options.state ?? 'completed';
  const done = options.doneAt === undefined ? (ENDED.has(state) ? `${DAY}T12:00:00Z` : null) : options.doneAt;
  const opened = options.openedAt ?? options.startedAt ?? done ?? `${DAY}T11:00:00Z`;
  const json = (value: unknown): string | null =>
    value === undefined || value === null ? null : JSON.stringify(value);
  await db.query(
    `INSERT INTO attempts (workspace, id, source_id, provider, external_id, learner_id, activity_id, state, outcome, score,
       max_score, percentage, correct_count, incorrect_count, partial_count, unanswered_count, total_questions,
       time_spent_seconds, time_kind, opened_at, started_at, completed_at, ended_at, last_at, verification, test, responses,
       breakdowns, steps, certificate, platform, history, facts)
     VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
       $25, $26, $27, $28, $29, $30, $31, $32)`,
    [
      id,
      options.source,
      options.provider ?? 'quizapi',
      options.externalId ?? null,
      options.learner,
      options.activity,
      state,
      options.outcome ?? null,
      options.score ?? null,
      options.maxScore ?? null,
      options.percentage ?? null,
      options.correct ?? null,
      options.incorrect ?? null,
      options.partial ?? null,
      options.unanswered ?? null,
      options.totalQuestions ?? null,
      options.seconds ?? null,
      options.timeKind === undefined ? (options.seconds === undefined ? null : 'reported') : options.timeKind,
      opened,
      options.startedAt ?? null,
      state === 'completed' || state === 'revoked' ? done : null,
      done,
      options.lastAt ?? done ?? opened,
      options.verification ?? 'signature',
      options.test ?? false,
      json(compactResponses(options.responses?.map((response) => ({ ...NO_RESPONSE, ...response })) ?? null)),
      json(options.breakdowns?.map((breakdown) => ({ ...NO_BREAKDOWN, ...breakdown }))),
      json(options.steps),
      json(options.certificate),
      json(options.platform),
      json(options.history),
      JSON.stringify(options.facts ?? []),
    ],
  );
  return id;
}

const ENDED = new Set<AttemptState>(['completed', 'abandoned', 'stopped', 'revoked']);

const NO_RESPONSE = { questionId: 'q', selectedAnswerIds: [], text: null, correct: null, mark: null, maxMark: null };
const NO_BREAKDOWN = {
  kind: 'subject',
  name: 'Algebra',
  parent: null,
  correct: 0,
  incorrect: 0,
  partial: 0,
  unanswered: 0,
  total: 0,
  score: null,
};

/** An answered question. */
export function answer(questionId: string, correct: boolean | null, selected: string[] = ['a1']): Partial<Response> {
  return { questionId, correct, selectedAnswerIds: selected };
}

export const learnerId = (uuid: Uuid): string => publicId('lrn', uuid);
export const activityId = (uuid: Uuid): string => publicId('act', uuid);
export const attemptId = (uuid: Uuid): string => publicId('att', uuid);
export const sourceId = (uuid: Uuid): string => publicId('src', uuid);
