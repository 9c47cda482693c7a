/** Which tab of an endpoint is open, what its log is narrowed to, and which delivery is open: kept in the address. */
import { PERIODS, type Period } from '../receipts/receipt-search.ts';

export const TABS = ['overview', 'log', 'test', 'settings'] as const;
export type EndpointTab = (typeof TABS)[number];

export const STATUSES = ['pending', 'succeeded', 'failed', 'skipped'] as const;
export type DeliveryStatus = (typeof STATUSES)[number];

export const WINDOWS = ['24h', '7d', '30d'] as const;
export type Window = (typeof WINDOWS)[number];

export interface EndpointSearch {
  tab?: EndpointTab | undefined;
  status?: DeliveryStatus | undefined;
  /** Checked by the server: an unknown type is no reason to drop the page. */
  type?: string | undefined;
  within?: Period | undefined;
  /** An event id. */
  event?: string | undefined;
  delivery?: string | undefined;
  window?: Window | undefined;
}

/** Reads it from an address; what is no choice is dropped. */
export function parseEndpointSearch(search: Record<string, unknown>): EndpointSearch {
  const found: EndpointSearch = {};
  const one = <T extends string>(choices: readonly T[], value: unknown) => choices.find((name) => name === value);
  const tab = one(TABS, search.tab);
  if (tab !== undefined) found.tab = tab;
  const status = one(STATUSES, search.status);
  if (status !== undefined) found.status = status;
  const within = one(PERIODS, search.within);
  if (within !== undefined) found.within = within;
  const window = one(WINDOWS, search.window);
  if (window !== undefined) found.window = window;
  for (const name of ['type', 'event', 'delivery'] as const) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') found[name] = value.slice(0, 200);
  }
  return found;
}
