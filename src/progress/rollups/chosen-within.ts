/**
 * When each of a learner's finished attempts at one activity is chosen by a retake policy. A policy orders them (those with a
 * percentage first; then src/progress/queries/counted-attempts.ts) and chooses the first within from and to. So an attempt is chosen
 * within [from, to) when none that the policy prefers to it lies in there; of those only the nearest on either side matter.
 */

export interface FinishedAttempt {
  id: string;
  /** When it was completed, microseconds since 1970. */
  doneAt: number;
  percentage: number | null;
}

/** Of the attempts that a policy prefers to this one: the latest at or before it, the earliest after it. */
export interface Preferred {
  before: number | null;
  after: number | null;
}

export type ByPolicy = Record<'first' | 'last' | 'best', Preferred>;

/** Attempts of one learner at one activity. Under `all` every one is chosen, so it has no place here. */
export function chosenWithin(attempts: readonly FinishedAttempt[]): Map<string, ByPolicy> {
  const ordered = attempts.toSorted((a, b) => a.doneAt - b.doneAt || (a.id < b.id ? -1 : 1));
  return new Map(
    ordered.map((_, i) => [
      ordered[i]?.id ?? '',
      { first: nearest(ordered, i, earlier), last: nearest(ordered, i, later), best: nearest(ordered, i, better) },
    ]),
  );
}

type Prefers = (a: FinishedAttempt, b: FinishedAttempt) => boolean;

/** Looks outwards from `i` in the order of time, so that it mostly ends at the neighbour. */
function nearest(ordered: readonly FinishedAttempt[], i: number, prefers: Prefers): Preferred {
  const own = ordered[i];
  if (own === undefined) return { before: null, after: null };
  let before: number | null = null;
  let after: number | null = null;
  for (let j = i - 1; j >= 0 && before === null; j--) {
    const other = ordered[j];
    if (other !== undefined && prefers(other, own)) before = other.doneAt;
  }
  for (let j = i + 1; j < ordered.length && after === null; j++) {
    const other = ordered[j];
    if (other === undefined || !prefers(other, own)) continue;
    // At the same instant: within every range that holds this one.
    if (other.doneAt === own.doneAt) before = own.doneAt;
    else after = other.doneAt;
  }
  return { before, after };
}

/** Whether `a` has a percentage and `b` has none, or the other way round; null when they are alike in that. */
function byScore(a: FinishedAttempt, b: FinishedAttempt): boolean | null {
  if ((a.percentage === null) === (b.percentage === null)) return null;
  return a.percentage !== null;
}

function isBefore(a: FinishedAttempt, b: FinishedAttempt): boolean {
  return a.doneAt < b.doneAt || (a.doneAt === b.doneAt && a.id < b.id);
}

function earlier(a: FinishedAttempt, b: FinishedAttempt): boolean {
  return byScore(a, b) ?? isBefore(a, b);
}

function later(a: FinishedAttempt, b: FinishedAttempt): boolean {
  return byScore(a, b) ?? (a.doneAt > b.doneAt || (a.doneAt === b.doneAt && a.id < b.id));
}

function better(a: FinishedAttempt, b: FinishedAttempt): boolean {
  const scored = byScore(a, b);
  if (scored !== null) return scored;
  if (a.percentage !== null && b.percentage !== null && a.percentage !== b.percentage)
    return a.percentage > b.percentage;
  return isBefore(a, b);
}
