/**
 * Facts of one attempt → what the attempt is. A pure function of the set of facts: their order and repetition in the list
 * do not matter.
 *
 * States and what leads to them, strongest first; a weaker fact never pulls an attempt back:
 *   revoked     the platform withdrew it (and did not reinstate it later by its own clock)
 *   completed   a completion is there
 *   stopped     the platform or the learner stopped the play
 *   abandoned   given up, or a second start closed it (attempts that no platform names)
 *   submitted   handed in, not marked
 *   started     anything else: a start, an answer, a step
 */
import type { Instant } from '../../core/time.ts';
import { toMillis } from '../../core/time.ts';
import {
  type AttemptState,
  type Figures,
  NO_FIGURES,
  type Response,
  type Verification,
} from '../../core/vocabulary.ts';
import { type Grade, gradeOf, type PastGrade } from './grade.ts';
import { type Step, stepsOf } from './steps.ts';
import type { StoredFact } from './stored-fact.ts';

export interface FoldedAttempt {
  state: AttemptState;
  figures: Figures;
  timeKind: 'reported' | 'wall_clock' | null;
  openedAt: Instant;
  startedAt: Instant | null;
  completedAt: Instant | null;
  endedAt: Instant | null;
  lastAt: Instant;
  verification: Verification;
  test: boolean;
  steps: Step[] | null;
  history: PastGrade[] | null;
  /** Answers told one by one (question.answered), the latest of each question; null when there are none. */
  answers: Response[] | null;
}

/**
 * Folds one attempt. `closedAt`: when a second start closed it, for attempts cut from facts; else null.
 * Needs at least one fact.
 */
export function foldAttempt(facts: readonly StoredFact[], closedAt: Instant | null): FoldedAttempt {
  const live = facts.filter((fact) => fact.d !== 1);
  const first = live[0];
  if (first === undefined) throw new Error('An attempt needs at least one fact to be folded.');
  const grade = gradeOf(live);
  let startedAt: Instant | null = null;
  let completedAt: Instant | null = null;
  let givenUpAt: Instant | null = null;
  let openedAt = first.at;
  let lastAt = first.at;
  let test = false;
  let stopped = false;
  let abandoned = closedAt !== null;
  let submitted = false;
  let revocation: StoredFact | null = null;
  for (const fact of live) {
    openedAt = earlier(openedAt, fact.at);
    lastAt = later(lastAt, fact.at);
    if (fact.x === 1) test = true;
    if (fact.sa !== undefined) startedAt = earlier(startedAt ?? fact.sa, fact.sa);
    if (fact.rv !== undefined && (revocation === null || compareRevocations(revocation, fact) < 0)) revocation = fact;
    switch (fact.t) {
      case 'attempt.started':
        startedAt = earlier(startedAt ?? fact.at, fact.at);
        break;
      case 'attempt.completed':
        completedAt = earlier(completedAt ?? fact.ca ?? fact.at, fact.ca ?? fact.at);
        break;
      case 'attempt.submitted':
        submitted = true;
        break;
      case 'attempt.stopped':
        stopped = true;
        givenUpAt = earlier(givenUpAt ?? fact.at, fact.at);
        break;
      case 'attempt.abandoned':
        abandoned = true;
        givenUpAt = earlier(givenUpAt ?? fact.at, fact.at);
        break;
      default:
        break;
    }
  }
  const state = stateOf({ revoked: revocation?.rv === true, completed: grade !== null, stopped, abandoned, submitted });
  const endedAt = completedAt ?? givenUpAt ?? closedAt;
  if (startedAt !== null) openedAt = startedAt;
  const figures: Figures = grade === null ? openFigures(live) : { ...grade.figures };
  let timeKind: FoldedAttempt['timeKind'] = figures.timeSpentSeconds === null ? null : 'reported';
  if (timeKind === null && startedAt !== null && endedAt !== null && endedAt >= startedAt) {
    figures.timeSpentSeconds = (toMillis(endedAt) - toMillis(startedAt)) / 1000;
    timeKind = 'wall_clock';
  }
  return {
    state,
    figures,
    timeKind,
    openedAt,
    startedAt,
    completedAt: grade === null ? null : completedAt,
    endedAt,
    lastAt,
    verification: grade?.from.v ?? weakest(live),
    test,
    steps: stepsOf(live),
    history: history(grade),
    answers: answersOf(live),
  };
}

function stateOf(told: Record<'revoked' | 'completed' | 'stopped' | 'abandoned' | 'submitted', boolean>): AttemptState {
  if (told.revoked) return 'revoked';
  if (told.completed) return 'completed';
  if (told.stopped) return 'stopped';
  if (told.abandoned) return 'abandoned';
  return told.submitted ? 'submitted' : 'started';
}

function history(grade: Grade | null): PastGrade[] | null {
  return grade === null || grade.history.length === 0 ? null : grade.history;
}

/** Figures of an attempt that is not completed: the latest told, so that a running score can be shown; no outcome yet. */
function openFigures(facts: readonly StoredFact[]): Figures {
  let latest: StoredFact | null = null;
  for (const fact of facts) {
    if (fact.f === undefined || Object.keys(fact.f).length === 0) continue;
    if (latest === null || latest.at < fact.at || (latest.at === fact.at && latest.k < fact.k)) latest = fact;
  }
  return { ...NO_FIGURES, ...latest?.f };
}

/** The latest answer to each question, in the order the questions were first answered. */
function answersOf(facts: readonly StoredFact[]): Response[] | null {
  const answered = facts.filter((fact) => fact.q !== undefined);
  if (answered.length === 0) return null;
  answered.sort((a, b) => (a.at !== b.at ? (a.at < b.at ? -1 : 1) : a.k < b.k ? -1 : 1));
  const byQuestion = new Map<string, Response>();
  for (const fact of answered) for (const response of fact.q ?? []) byQuestion.set(response.questionId, response);
  return [...byQuestion.values()];
}

/** By the platform's clock; at one instant a withdrawal counts before a reinstatement that was sent with it. */
function compareRevocations(a: StoredFact, b: StoredFact): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return Number(a.rv) - Number(b.rv);
}

const STRENGTH: Record<Verification, number> = { token: 0, basic: 1, signature_partial: 2, signature: 3 };

function weakest(facts: readonly StoredFact[]): Verification {
  return facts.reduce<Verification>((v, fact) => (STRENGTH[fact.v] < STRENGTH[v] ? fact.v : v), 'signature');
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
