import type { Uuid } from '../../../core/ids.ts';
import type { ActivityKind } from '../../../core/vocabulary.ts';

/** Answers of many learners in one area. */
export interface ClassArea {
  kind: string;
  name: string;
  parent: string | null;
  wrong: number;
  total: number;
  unanswered: number;
  learners: number;
  /** Where the platform sends no areas the activity is one. */
  activityId: Uuid | null;
  activityTitle: string | null;
  activityKind: ActivityKind | null;
}
