import type { Uuid } from '../../../core/ids.ts';
import type { ActivityKind } from '../../../core/vocabulary.ts';

/** Answers over several areas. */
export interface AreaTotals {
  wrong: number;
  total: number;
}

/** Answers of many learners in one area. */
export interface ClassArea extends AreaTotals {
  kind: string;
  name: string;
  parent: string | null;
  unanswered: number;
  learners: number;
  /** Where the platform sends no areas the activity is one. */
  activityId: Uuid | null;
  activityTitle: string | null;
  activityKind: ActivityKind | null;
}
