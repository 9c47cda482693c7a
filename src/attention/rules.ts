/** The rules, their order and what each finds. Sources: ../shared/learning.md, "Needs attention". */

export type Rule = 'stuck_tries' | 'stuck_silence' | 'idle' | 'below_class' | 'abandoned_twice' | 'overdue';

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
