/** Where in the guided form one is, kept in the address: a reload keeps the source that was made. */
import { PROVIDERS, type Provider } from './providers.ts';

export interface NewSourceSearch {
  provider?: Provider | undefined;
  /** The source that was made and waits for its first webhook. */
  source?: string | undefined;
}

/** Reads it from an address. */
export function parseNewSourceSearch(search: Record<string, unknown>): NewSourceSearch {
  const found: NewSourceSearch = {};
  const provider = PROVIDERS.find((name) => name === search.provider);
  if (provider !== undefined) found.provider = provider;
  if (typeof search.source === 'string' && search.source.startsWith('src_')) found.source = search.source;
  return found;
}
