/** What the addresses of the pages before signing in may say. */
export interface EntrySearch {
  /** Where to go afterwards. */
  to?: string | undefined;
  /** A one-time link's token. */
  token?: string | undefined;
  /** Why single sign-on refused, as it came back in the address. */
  error?: string | undefined;
}

/** Reads it from an address. */
export function parseEntrySearch(search: Record<string, unknown>): EntrySearch {
  const found: EntrySearch = {};
  for (const name of ['to', 'token', 'error'] as const) {
    const value = search[name];
    // The router reads `?token=123` as a number.
    if (typeof value === 'string' && value !== '') found[name] = value;
    else if (typeof value === 'number') found[name] = String(value);
  }
  return found;
}
