/** What stands beside every computed figure: which attempts it is made of, which it leaves out, and where to see them. */
import type { RetakePolicy } from './retake-policy.ts';

export interface Basis {
  attempts: RetakePolicy;
  /** Attempts the average is made of. */
  n: number;
  /** Whose they are. */
  learners: number;
  /** How many of the attempts used have only a secret URL to prove them (verification `token`). */
  unverified: number;
  tz: string;
  asOf: string;
  /** Attempts left out, each under the first reason that fits, in this order; `noScore` ones are left out of averages only. */
  excluded: { test: number; revoked: number; unverified: number; noScore: number };
  /** Averages are averages of percentages, because activities have unlike scales. */
  averageOf: 'percentages';
  /** A URL of this API that lists the receipts. */
  receipts: string;
}

/** Counts as src/progress/queries read them. */
export interface BasisCounts {
  n: number;
  learners: number;
  unverified: number;
  excludedTest: number;
  excludedRevoked: number;
  excludedUnverified: number;
  noScore: number;
}

/** The counts in the contract's shape. */
export function basisOf(
  counts: BasisCounts,
  about: { attempts: RetakePolicy; tz: string; asOf: Date; receipts: string },
): Basis {
  return {
    attempts: about.attempts,
    n: counts.n,
    learners: counts.learners,
    unverified: counts.unverified,
    tz: about.tz,
    asOf: about.asOf.toISOString(),
    excluded: {
      test: counts.excludedTest,
      revoked: counts.excludedRevoked,
      unverified: counts.excludedUnverified,
      noScore: counts.noScore,
    },
    averageOf: 'percentages',
    receipts: about.receipts,
  };
}
