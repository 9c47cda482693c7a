/** Which part of an activity is shown, kept in the address. */
import type { Attempt } from '../../api/types.ts';

export const TABS = ['overview', 'questions', 'grid', 'funnel', 'attempts', 'settings'] as const;
export type ActivityTab = (typeof TABS)[number];

export const STATES = [
  'started',
  'submitted',
  'completed',
  'abandoned',
  'stopped',
  'revoked',
] as const satisfies readonly Attempt['state'][];

export interface ActivitySearch {
  tab?: ActivityTab | undefined;
  /** Of Questions: the one whose details are open. */
  question?: string | undefined;
  /** Of Attempts. */
  state?: Attempt['state'] | undefined;
}

/** Reads them from an address; what is no choice is dropped. */
export function parseActivitySearch(search: Record<string, unknown>): ActivitySearch {
  const found: ActivitySearch = {};
  const tab = TABS.find((name) => name === search.tab);
  if (tab !== undefined) found.tab = tab;
  // Ids of questions may be digits, which stand in the address as a number.
  const question = typeof search.question === 'number' ? String(search.question) : search.question;
  if (typeof question === 'string' && question !== '') found.question = question.slice(0, 1_000);
  const state = STATES.find((name) => name === search.state);
  if (state !== undefined) found.state = state;
  return found;
}
