/** What the words of a mail are, in any language. */
import type { EventType } from '../../../../core/vocabulary.ts';

export interface Texts {
  /** For Intl: numbers, dates. */
  locale: string;
  /** What happened, as the head of a notice. */
  events: Readonly<Record<EventType, string>>;
  /** What happened, said to the learner; the types that learners are told of. `title`: in quotes, or what stands for it. */
  toLearner: Partial<Readonly<Record<EventType, { subject(title: string): string; lead(title: string): string }>>>;
  /** `name` is null where it is not known. */
  greeting(name: string | null): string;
  quoted(title: string): string;
  /** Stands for an activity without a title. */
  untitled: string;
  labels: Readonly<Record<LabelName, string>>;
  outcomes: Readonly<Record<'passed' | 'failed', string>>;
  /** `7 of 10`. */
  ofMost(score: string, most: string): string;
  before(result: string): string;
  unverified: { toLearner: string; toStaff: string };
  /** What a rule found, with its facts as text. */
  rules: Readonly<Record<string, (facts: Readonly<Record<string, string>>) => string>>;
  otherRule(rule: string): string;
  test: string;
  why: { toLearner: string; toStaff: string };
  unsubscribe: string;
}

export type LabelName =
  | 'learner'
  | 'activity'
  | 'result'
  | 'outcome'
  | 'when'
  | 'duration'
  | 'source'
  | 'step'
  | 'certificate'
  | 'review'
  | 'reason'
  | 'endpoint'
  | 'lastReceipt'
  | 'refused'
  | 'found'
  | 'link';
