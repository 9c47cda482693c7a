/** The rules: what each finds, how much it presses. Source: ../shared/learning.md, "Needs attention". */
import type { Uuid } from '../core/ids.ts';

export const RULES = ['stuck_tries', 'stuck_silence', 'overdue', 'abandoned_twice', 'below_class', 'idle'] as const;
export type Rule = (typeof RULES)[number];

export interface FactsOf {
  stuck_tries: { step: string | null; stepTitle: string | null; stepIndex: number | null; tries: number };
  stuck_silence: { minutes: number; classMedianMinutes: number; gaps: number };
  idle: { days: number; unfinished: number };
  below_class: {
    mean: number;
    classMean: number;
    difference: number;
    deviations: number;
    activities: number;
    classSize: number;
  };
  abandoned_twice: { times: number };
  overdue: { dueAt: string; days: number };
}

export type Facts = FactsOf[Rule];

/** A rule that holds. */
export interface Candidate {
  rule: Rule;
  learnerId: Uuid;
  /** What of the learner it is about; a rule holds once of each. */
  subject: string;
  /** Tells this time that it began to hold from others. */
  occasion: string;
  activityId: Uuid | null;
  attemptId: Uuid | null;
  facts: Facts;
  /** How much it presses. */
  rank: number;
  since: Date;
}

/** Now before later: who is stuck waits for somebody at this moment, who is idle can be written to tomorrow. */
const BASE: Readonly<Record<Rule, number>> = {
  stuck_tries: 900,
  stuck_silence: 800,
  overdue: 600,
  abandoned_twice: 500,
  below_class: 400,
  idle: 300,
};

/** The rule's place, and within it up to 99 for how bad it is. */
export function rankOf(rule: Rule, severity = 0): number {
  return BASE[rule] + Math.max(0, Math.min(99, Math.round(severity)));
}

/**
 * Facts that only say how long it has held: they follow from `since` whenever a flag is shown, so they change no stored row.
 */
export function factsAt(rule: Rule, facts: Facts, since: Date, now: Date): Facts {
  const elapsed = Math.max(0, now.getTime() - since.getTime());
  switch (rule) {
    case 'stuck_silence':
      return { ...facts, minutes: Math.floor(elapsed / 60_000) } as FactsOf['stuck_silence'];
    case 'idle':
    case 'overdue':
      return { ...facts, days: Math.floor(elapsed / 86_400_000) } as FactsOf['idle' | 'overdue'];
    default:
      return facts;
  }
}
