/** Which tab of the settings is open, and what the audit log is narrowed to: kept in the address. */
import { PERIODS, type Period } from '../receipts/receipt-search.ts';

export const TABS = ['members', 'keys', 'workspace', 'audit'] as const;
export type SettingsTab = (typeof TABS)[number];

/** What comes before the dot of an audited action, in the order in which one looks for it. */
export const THINGS = [
  'learner',
  'attempt',
  'activity',
  'cohort',
  'session',
  'member',
  'invitation',
  'key',
  'source',
  'receipt',
  'endpoint',
  'delivery',
  'workspace',
] as const;
export type Thing = (typeof THINGS)[number];

export interface SettingsSearch {
  tab?: SettingsTab | undefined;
  actor?: string | undefined;
  action?: Thing | undefined;
  within?: Period | undefined;
}

/** Reads it from an address; what is no choice is dropped. */
export function parseSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  const found: SettingsSearch = {};
  const tab = TABS.find((name) => name === search.tab);
  if (tab !== undefined) found.tab = tab;
  if (typeof search.actor === 'string' && search.actor !== '') found.actor = search.actor;
  const action = THINGS.find((name) => name === search.action);
  if (action !== undefined) found.action = action;
  const within = PERIODS.find((name) => name === search.within);
  if (within !== undefined) found.within = within;
  return found;
}
