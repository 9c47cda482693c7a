/** The steps of a track play from its step facts. */
import type { Instant } from '../../core/time.ts';
import type { StoredFact } from './stored-fact.ts';

export interface Step {
  externalId: string;
  index: number | null;
  state: 'started' | 'completed' | 'skipped';
  startedAt: Instant | null;
  completedAt: Instant | null;
  /** Tries. */
  attempts: number;
}

/**
 * Steps in the order of their index (those without one last, by first appearance). A step is known by its index where the
 * platform tells it, else by its id. A jump ('skipped to', Instruqt) passes over those between where the learner was and the
 * step it names: those are the skipped ones, unless they were completed. Working on a skipped one later takes that back.
 */
export function stepsOf(facts: readonly StoredFact[]): Step[] | null {
  const told = facts
    .filter((fact) => fact.st !== undefined && fact.d !== 1)
    .sort((a, b) => (a.at !== b.at ? (a.at < b.at ? -1 : 1) : rank(a) - rank(b) || (a.k < b.k ? -1 : 1)));
  if (told.length === 0) return null;
  // Some events of a platform tell the index of a step and others only its id.
  const indexOf = new Map<string, number>();
  for (const { st } of told) if (st !== undefined && st[1] !== null) indexOf.set(st[0], st[1]);
  const steps = new Map<string, Step>();
  const at = (externalId: string, index: number | null): Step => {
    const key = index === null ? `id:${externalId}` : `#${index}`;
    let step = steps.get(key);
    if (step === undefined) {
      step = { externalId, index, state: 'started', startedAt: null, completedAt: null, attempts: 0 };
      steps.set(key, step);
    } else if (step.externalId === '' && externalId !== '') step.externalId = externalId;
    return step;
  };
  let current: number | null = null;
  for (const fact of told) {
    if (fact.st === undefined) continue;
    const [externalId, toldIndex] = fact.st;
    const index = toldIndex ?? indexOf.get(externalId) ?? null;
    if (fact.j === 1) {
      if (index === null) continue;
      for (let i = (current ?? index) + 1; i < index; i++) skip(at('', i));
      current = index;
      continue;
    }
    const step = at(externalId, index);
    current = index ?? current;
    if (fact.t === 'step.skipped') {
      skip(step);
      continue;
    }
    if (fact.t === 'step.started') step.startedAt ??= fact.at;
    else if (fact.t === 'step.attempted') step.attempts += 1;
    if (fact.t === 'step.completed' || fact.ok === 1) {
      step.state = 'completed';
      step.completedAt ??= fact.at;
    } else if (step.state === 'skipped') step.state = 'started';
  }
  for (const [id, index] of indexOf) {
    const step = steps.get(`#${index}`);
    if (step !== undefined && step.externalId === '') step.externalId = id;
  }
  return [...steps.values()].sort(
    (a, b) => (a.index ?? Number.MAX_SAFE_INTEGER) - (b.index ?? Number.MAX_SAFE_INTEGER),
  );
}

function skip(step: Step): void {
  if (step.state !== 'completed') step.state = 'skipped';
}

/** At one instant a jump comes before the step it leads to, and a step starts before it is tried and completed. */
function rank(fact: StoredFact): number {
  switch (fact.t) {
    case 'step.skipped':
      return 0;
    case 'step.started':
      return 1;
    case 'step.attempted':
      return 2;
    default:
      return 3;
  }
}
