/** What PostgreSQL and the rest of Gradewire could not take of a meaning. */
import type { Meaning } from '../../src/core/vocabulary.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;
const COUNTS = ['correctCount', 'incorrectCount', 'partialCount', 'unansweredCount', 'totalQuestions'] as const;

/** Sentences about what is wrong; empty when all can be stored. */
export function unstorable(meaning: Meaning): string[] {
  const faults: string[] = [];
  visit(meaning, '', 0, faults);
  if (meaning.status === 'failed' && meaning.error.includes("Gradewire's own reader")) faults.push(meaning.error);
  if (meaning.status !== 'facts') return faults;
  if (meaning.facts.length === 0) faults.push('There is not one fact.');
  for (const fact of meaning.facts) {
    for (const at of [fact.at, fact.startedAt, fact.completedAt, fact.activity?.dueAt ?? null]) {
      if (at !== null && !INSTANT.test(at)) faults.push(`${at} is no instant.`);
    }
    const named = fact.attempt?.by === 'named' ? fact.attempt.externalId : null;
    if (named !== null && (named === '' || Buffer.byteLength(named) > 1200))
      faults.push('The attempt id does not fit.');
    for (const ref of [fact.learner, fact.activity]) {
      if (ref === null) continue;
      if (ref.externalId === '' || Buffer.byteLength(ref.externalId) > 530) faults.push('An id does not fit.');
      if (ref.realm !== null && Buffer.byteLength(ref.realm) > 512) faults.push('A realm does not fit.');
    }
    if (fact.attempt?.by === 'derived' && (fact.learner === null || fact.activity === null))
      faults.push('A derived attempt of nobody.');
    for (const figures of [fact.figures, fact.changes]) {
      for (const value of Object.values(figures ?? {})) {
        if (typeof value === 'number' && !(Math.abs(value) <= 1e9 || value <= 2 ** 31 - 1))
          faults.push(`${value} is absurd.`);
      }
      for (const name of COUNTS) {
        const count = figures?.[name] ?? 0;
        if (!Number.isInteger(count) || count < 0 || count > 2 ** 31 - 1) faults.push(`${name} ${count} is no count.`);
      }
    }
  }
  return faults;
}

function visit(value: unknown, path: string, depth: number, faults: string[]): void {
  if (depth > 30) faults.push(`${path.slice(0, 60)} is nested too deep.`);
  else if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) faults.push(`${path} holds what PostgreSQL cannot store.`);
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value) || Object.is(value, -0)) faults.push(`${path} is ${value}.`);
  } else if (value === undefined || typeof value === 'function') faults.push(`${path} is no JSON.`);
  else if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) visit(entry, `${path}[${i}]`, depth + 1, faults);
  } else if (typeof value === 'object' && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype) faults.push(`${path} has another prototype.`);
    for (const [key, entry] of Object.entries(value)) {
      if (key === '__proto__') faults.push(`${path} holds __proto__.`);
      if (key.includes('\0') || !key.isWellFormed()) faults.push(`A key of ${path} cannot be stored.`);
      visit(entry, `${path}.${key}`, depth + 1, faults);
    }
  }
}
