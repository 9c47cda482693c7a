/** What a roster says: one row for each person, or for each class of a person. */
import type { Provider } from '../../core/vocabulary.ts';

export const ROSTER_FIELDS = ['provider', 'source', 'externalId', 'email', 'name', 'cohort'] as const;
export type RosterField = (typeof ROSTER_FIELDS)[number];

/** As it was sent; what is blank is not said. */
export type RosterRow = Partial<Record<RosterField, string | null>>;

export type RosterAction = 'create' | 'update' | 'unchanged' | 'error';

/** What was done (or would be) with a row. */
export interface RosterOutcome {
  /** From 1. */
  row: number;
  action: RosterAction;
  name: string | null;
  email: string | null;
  externalId: string | null;
  provider: Provider | null;
  cohort: string | null;
  /** Why it was left out: a sentence. */
  message?: string;
}

export interface RosterResult {
  total: number;
  created: number;
  updated: number;
  unchanged: number;
  cohortsCreated: string[];
  errors: { row: number; message: string }[];
  preview: RosterOutcome[];
}
