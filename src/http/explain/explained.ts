/** What explaining one figure needs: its value by a policy, how it is made, and which attempts are in it. */
import type { Static } from 'typebox';
import type { Queryable } from '../../db/database.ts';
import type { BasisCounts } from '../../progress/figures/basis.ts';
import type { RetakePolicy } from '../../progress/figures/retake-policy.ts';
import type { Explainable, Use } from '../../progress/queries/explain/inputs.ts';
import type { explainSchema } from '../contracts/explain.ts';

export interface Value {
  value: number | null;
  n: number;
  learners: number;
  basis: BasisCounts;
  /** Completed attempts that could have been chosen. */
  completed: number;
}

export interface Explanation {
  unit: Static<typeof explainSchema>['unit'];
  formula: string;
  use: Use;
  /** Whether the retake policy changes it. */
  byPolicy: boolean;
  /** What it would be under the other policies is too long to make for each request. */
  othersTakeLong?: boolean;
  policy: RetakePolicy;
  about: Explainable;
  asOf: Date;
  tz: string;
  /** The URL whose `/receipts` lists what it is made of. */
  receipts: string;
  read(tx: Queryable, policy: RetakePolicy | null): Promise<Value>;
}

export const AVERAGE =
  'The sum of the percentages of the attempts that count, divided by how many they are. Activities have unlike scales, so each weighs by its percentage.';
export const PASS_RATE =
  "Attempts that passed, divided by those that passed or failed: by the platform's word, and where it says nothing by the activity's pass mark. Attempts of which nothing says are in neither.";
export const COMPLETED = 'All completed attempts in the range, whatever the retake policy.';
export const STARTED =
  'All attempts that began in the range on platforms that tell when one begins, whether or not the beginning itself was seen.';
export const TIME =
  'The sum of the times of attempts done in the range: as platforms report them, else end minus start. The clock of an attempt that was given up does not count.';
export const LEARNERS = 'People with an attempt that was completed, given up or last worked on in the range.';
export const WEAK_AREA =
  "Wrong answers divided by all answers that are right, wrong or partly right; unanswered questions are counted apart. Areas are ranked by the lower end of Wilson's 95 % interval of that share.";
export const FACILITY =
  'The sum of the marks for this question, divided by the sum of its full marks, over the attempts in which it was answered. Without marks a right answer is 1 of 1.';
export const DISCRIMINATION =
  '100 times the correlation between the mark of this question and the rest of the attempt (its total without this question). Below 30 attempts it is too uncertain to use.';
