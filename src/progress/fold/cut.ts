/**
 * Attempts of platforms that name none (QuizAPI): cut from a learner's facts on one activity by the facts' own times.
 *
 * Walking the facts in time order with at most one attempt open:
 *   start       closes what is open as abandoned, opens a new one
 *   answer      joins the open one; with none open it opens one (its start is not known)
 *   submitted   joins the open one; with none open it belongs to the one completed last, else it opens one
 *   completed   closes the open one; with none open it is an attempt of its own
 *   abandoned   closes the open one; with none open it says nothing new of one that was completed (completed outranks it),
 *               else it is an attempt of its own
 *   others      (environment, certificate) join the open one, else the last, else open one
 * At one instant (platforms round to seconds) what ends comes before a start that follows it, if something was open before.
 */
import type { Instant } from '../../core/time.ts';
import type { StoredFact } from './stored-fact.ts';

export interface Segment {
  facts: StoredFact[];
  /** When a second start closed it. */
  closedAt: Instant | null;
  /** The fact that opened it, and the one that closed it; the attempt's id is anchored on the first, else the second. */
  opening: StoredFact | null;
  closing: StoredFact | null;
}

/** At one instant: start, answers, submitted, completed, abandoned; the start last where an attempt was open before. */
function rank(fact: StoredFact, openBefore: boolean): number {
  switch (fact.t) {
    case 'attempt.started':
      return openBefore ? 6 : 0;
    case 'question.answered':
      return 1;
    case 'attempt.submitted':
      return 2;
    case 'attempt.completed':
      return 3;
    case 'attempt.abandoned':
    case 'attempt.stopped':
      return 4;
    default:
      return 5;
  }
}

/** The facts of one instant after the other, each in the order of their keys. */
function instants(facts: readonly StoredFact[]): StoredFact[][] {
  const sorted = facts.toSorted((a, b) => (a.at !== b.at ? (a.at < b.at ? -1 : 1) : a.k < b.k ? -1 : 1));
  const groups: StoredFact[][] = [];
  for (const fact of sorted) {
    const last = groups.at(-1);
    if (last?.[0]?.at === fact.at) last.push(fact);
    else groups.push([fact]);
  }
  return groups;
}

/** Cuts all facts (without losing tellings) of one learner on one activity into attempts, in time order. */
export function cut(facts: readonly StoredFact[]): Segment[] {
  const segments: Segment[] = [];
  let open: Segment | null = null;
  let last: Segment | null = null;
  const begin = (fact: StoredFact, opening: StoredFact | null): Segment => {
    const segment: Segment = { facts: [fact], closedAt: null, opening, closing: null };
    segments.push(segment);
    last = segment;
    return segment;
  };
  const ofLast = (): Segment | null => last;
  const take = (fact: StoredFact): void => {
    switch (fact.t) {
      case 'attempt.started': {
        if (open !== null) open.closedAt = fact.at;
        open = begin(fact, fact);
        break;
      }
      case 'attempt.completed':
      case 'attempt.abandoned':
      case 'attempt.stopped': {
        const before: Segment | null = ofLast();
        if (open !== null) open.facts.push(fact);
        else if (fact.t !== 'attempt.completed' && before?.closing?.t === 'attempt.completed') {
          before.facts.push(fact);
          break;
        } else open = begin(fact, null);
        open.closing = fact;
        open = null;
        break;
      }
      case 'attempt.submitted': {
        const before: Segment | null = ofLast();
        if (open !== null) open.facts.push(fact);
        else if (before?.closing?.t === 'attempt.completed') before.facts.push(fact);
        else open = begin(fact, fact);
        break;
      }
      case 'question.answered': {
        if (open !== null) open.facts.push(fact);
        else open = begin(fact, fact);
        break;
      }
      default: {
        const home: Segment | null = open ?? ofLast();
        if (home !== null) home.facts.push(fact);
        else open = begin(fact, fact);
      }
    }
  };
  for (const instant of instants(facts)) {
    const openBefore = open !== null;
    instant.sort((a, b) => rank(a, openBefore) - rank(b, openBefore));
    for (const fact of instant) take(fact);
  }
  return segments;
}
