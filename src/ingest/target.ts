/** What an ingest URL says. */
export interface Target {
  slug: string;
  /** What stands behind the slug; null when nothing does. May hold anything but `?`. */
  token: string | null;
  /** Without the question mark. */
  query: string;
}

/** Where ingest URLs begin. */
export const INGEST_PREFIX = '/webhooks/';

const SLUG = /^[a-z0-9-]{1,63}$/;

/** Reads `/webhooks/{slug}` or `/webhooks/{slug}/{token}`; null for any other path: no source can have it. */
export function parseTarget(url: string): Target | null {
  if (!url.startsWith(INGEST_PREFIX)) return null;
  const questionMark = url.indexOf('?', INGEST_PREFIX.length);
  const pathEnd = questionMark === -1 ? url.length : questionMark;
  const slash = url.indexOf('/', INGEST_PREFIX.length);
  const hasToken = slash !== -1 && slash < pathEnd;
  const slug = url.slice(INGEST_PREFIX.length, hasToken ? slash : pathEnd);
  if (!SLUG.test(slug)) return null;
  return {
    slug,
    token: hasToken ? url.slice(slash + 1, pathEnd) : null,
    query: questionMark === -1 ? '' : url.slice(questionMark + 1),
  };
}
