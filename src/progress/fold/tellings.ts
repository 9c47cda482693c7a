/** Adds one fact to those an attempt already has, keeping one telling of each meaning and the evidence of the others. */
import { compareTellings, type StoredFact } from './stored-fact.ts';

/** Prevents a sender that tells the same thing in ever new bytes from growing a row without end. */
const MOST_LOSING_TELLINGS = 20;

/**
 * `new`: this meaning was not known. `counts`: it was known, and this telling is the one that counts now (richer than the
 * one before, or the same receipt read again with another result). `repeated`: nothing changes but the evidence.
 * `known`: nothing changes at all.
 */
export type Added = 'new' | 'counts' | 'repeated' | 'known';

/** Adds `fact` to `facts` in place. */
export function addTelling(facts: StoredFact[], fact: StoredFact): Added {
  const same = facts.filter((other) => other.k === fact.k);
  if (same.length === 0) {
    facts.push(fact);
    return 'new';
  }
  const ofReceipt = same.find((other) => other.r === fact.r);
  if (ofReceipt !== undefined) {
    if (ofReceipt.d === 1 || sameTelling(ofReceipt, fact)) return 'known';
    facts[facts.indexOf(ofReceipt)] = fact;
    return 'counts';
  }
  const counting = same.find((other) => other.d !== 1);
  if (counting !== undefined && compareTellings(fact, counting) > 0) {
    if (same.length > MOST_LOSING_TELLINGS) return 'known';
    facts.push(evidenceOf(fact));
    return 'repeated';
  }
  if (counting !== undefined) facts[facts.indexOf(counting)] = evidenceOf(counting);
  facts.push(fact);
  return 'counts';
}

function evidenceOf(fact: StoredFact): StoredFact {
  return { k: fact.k, t: fact.t, at: fact.at, s: fact.s, r: fact.r, v: fact.v, d: 1 };
}

function sameTelling(a: StoredFact, b: StoredFact): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** Keys in one order, at all depths: facts read back from jsonb have theirs in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
