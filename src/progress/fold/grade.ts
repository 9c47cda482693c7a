/**
 * The grade of an attempt from its completions and corrections, in the order of their versions, and the grades before it.
 */
import type { Instant } from '../../core/time.ts';
import { type Figures, NO_FIGURES, type Outcome } from '../../core/vocabulary.ts';
import type { StoredFact } from './stored-fact.ts';

/** A grade that no longer holds. */
export interface PastGrade {
  at: Instant;
  score: number | null;
  maxScore: number | null;
  percentage: number | null;
  outcome: Outcome | null;
  receiptId: string;
}

/** As for adapters: a percentage beyond this is a fault. */
const MOST_PERCENT = 10_000;

export interface Grade {
  figures: Figures;
  /** The fact the figures come from. */
  from: StoredFact;
  history: PastGrade[];
}

/**
 * Order of versions: by arrival where the platform dates none of them (Testpress); else by the platform's own date, at one
 * date the fuller telling last, then the key, so that the order of arrival does not matter.
 */
export function inOrderOfVersions(facts: readonly StoredFact[]): StoredFact[] {
  const byArrival = facts.every((fact) => fact.o === 1);
  return facts.toSorted((a, b) => {
    if (byArrival) return a.s - b.s || (a.k < b.k ? -1 : 1);
    if (a.at !== b.at) return a.at < b.at ? -1 : 1;
    const byTold = Object.keys(a.f ?? {}).length - Object.keys(b.f ?? {}).length;
    if (byTold !== 0) return byTold;
    return a.k < b.k ? -1 : a.k > b.k ? 1 : 0;
  });
}

/** The grade after all versions; null while nothing is completed. Overrides before the first completion change nothing. */
export function gradeOf(facts: readonly StoredFact[]): Grade | null {
  const versions = inOrderOfVersions(
    facts.filter((fact) => fact.d !== 1 && (isCompletion(fact) || fact.c !== undefined)),
  );
  let grade: Grade | null = null;
  for (const version of versions) {
    if (grade === null) {
      if (isCompletion(version)) {
        grade = { figures: { ...NO_FIGURES, ...version.f }, from: version, history: [] };
        complete(grade.figures);
      }
      continue;
    }
    const before: Figures = grade.figures;
    const after: Figures =
      version.c !== undefined ? changed(before, version.c) : restated(before, { ...NO_FIGURES, ...version.f });
    complete(after);
    if (isUnmarked(before) || sameGrade(before, after)) {
      if (isUnmarked(before)) grade.from = version;
      grade.figures = after;
      continue;
    }
    grade.history.push({
      at: grade.from.at,
      score: before.score,
      maxScore: before.maxScore,
      percentage: before.percentage,
      outcome: before.outcome,
      receiptId: `rcp_${grade.from.r}`,
    });
    grade.figures = after;
    grade.from = version;
  }
  return grade;
}

function isCompletion(fact: StoredFact): boolean {
  return fact.t === 'attempt.completed';
}

function changed(before: Figures, changes: Partial<Figures>): Figures {
  const after = { ...before, ...changes };
  if (changes.score !== undefined && changes.score !== null && changes.percentage === undefined) {
    // The platform changed the score and did not restate the share. The full score it was a share of has not changed; where
    // it was not sent, the old score and its share imply it.
    after.percentage =
      after.maxScore === null && before.score !== null && before.score !== 0 && before.percentage !== null
        ? bounded((before.percentage * changes.score) / before.score)
        : null;
  }
  return after;
}

/** The same grade told again fills what the first telling left out (an exam's outcome); another grade replaces all of it. */
function restated(before: Figures, after: Figures): Figures {
  if (after.score !== before.score || after.percentage !== before.percentage) return after;
  const merged = { ...after };
  for (const name of Object.keys(before) as (keyof Figures)[]) {
    if (merged[name] === null) Object.assign(merged, { [name]: before[name] });
  }
  return merged;
}

/** percentage = 100·score/maxScore where only those were sent (learning.md, "Percentages"). */
function complete(figures: Figures): void {
  if (figures.percentage === null && figures.score !== null && figures.maxScore !== null && figures.maxScore > 0) {
    figures.percentage = bounded((100 * figures.score) / figures.maxScore);
  }
}

/** A share of ten decimals; null beyond ±10,000 %, which no marking gives and which would rule every average. */
function bounded(percentage: number): number | null {
  return Math.abs(percentage) <= MOST_PERCENT ? Math.round(1e10 * percentage) / 1e10 : null;
}

/** Completed, but nobody told a grade yet: the first one told is no regrade. */
function isUnmarked(figures: Figures): boolean {
  return figures.score === null && figures.percentage === null;
}

/** Whether a person would call it the same grade. An outcome that was unknown and is now told is no regrade. */
export function sameGrade(a: Figures, b: Figures): boolean {
  return (
    a.score === b.score &&
    a.percentage === b.percentage &&
    a.maxScore === b.maxScore &&
    a.correctCount === b.correctCount &&
    a.incorrectCount === b.incorrectCount &&
    a.partialCount === b.partialCount &&
    a.unansweredCount === b.unansweredCount &&
    (a.outcome === b.outcome || a.outcome === null)
  );
}
