import type { Source } from './source.ts';

/** Where the platform posts to: `<publicUrl>/webhooks/<slug>`, with the newest token for platforms that sign nothing. */
export function ingestUrl(publicUrl: string, source: Pick<Source, 'slug' | 'tokens'>): string {
  const [token] = source.tokens;
  return `${publicUrl}/webhooks/${source.slug}${token === undefined ? '' : `/${token}`}`;
}
