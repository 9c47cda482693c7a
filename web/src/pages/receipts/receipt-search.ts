/** What the list of webhooks is narrowed to, kept in the address. */
export const STATUSES = ['pending', 'processed', 'ignored', 'unmapped', 'failed'] as const;
export type ReceiptStatus = (typeof STATUSES)[number];

export const PERIODS = ['1h', '24h', '7d', '30d'] as const;
export type Period = (typeof PERIODS)[number];

export interface ReceiptSearch {
  tab?: 'rejections' | undefined;
  source?: string | undefined;
  status?: ReceiptStatus | undefined;
  /** Received within the last so long; all when not said. */
  within?: Period | undefined;
}

/** Reads it from an address; what is no choice is dropped. */
export function parseReceiptSearch(search: Record<string, unknown>): ReceiptSearch {
  const found: ReceiptSearch = {};
  if (search.tab === 'rejections') found.tab = 'rejections';
  if (typeof search.source === 'string' && search.source !== '') found.source = search.source;
  const status = STATUSES.find((name) => name === search.status);
  if (status !== undefined) found.status = status;
  const within = PERIODS.find((name) => name === search.within);
  if (within !== undefined) found.within = within;
  return found;
}

const HOUR_MS = 3_600_000;
const LENGTHS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS } as const;
/** The start moves in steps, so that the same question is asked for that long instead of a new one each moment. */
const STEP_MS = 300_000;

/** `from` of a period as RFC 3339. */
export function periodStart(period: Period | undefined, now: number): string | undefined {
  if (period === undefined) return undefined;
  return new Date(Math.floor((now - LENGTHS[period]) / STEP_MS) * STEP_MS).toISOString();
}
