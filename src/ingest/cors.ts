import { type FlatHeaders, NO_HEADERS } from './http/call.ts';

/**
 * CORS headers of an answer, also of refusals, so that the page can read why. `origins` are those of the source. A request from
 * elsewhere is not refused: CORS is for browsers to enforce, and whoever forges the Origin header is not in one.
 */
export function corsHeaders(origins: ReadonlySet<string>, origin: string | undefined): FlatHeaders {
  if (origins.size === 0) return NO_HEADERS;
  if (origin === undefined || !isAllowed(origins, origin)) return ['Vary', 'Origin'];
  return ['Access-Control-Allow-Origin', origin, 'Vary', 'Origin'];
}

/** What an OPTIONS gets besides, from an allowed origin. A day: browsers ask again no more often than that. */
export function preflightHeaders(origins: ReadonlySet<string>, origin: string | undefined): FlatHeaders {
  const headers = corsHeaders(origins, origin);
  if (origin === undefined || !isAllowed(origins, origin)) return [...headers, 'Allow', ALLOWED_METHODS];
  return [
    ...headers,
    'Access-Control-Allow-Methods',
    ALLOWED_METHODS,
    'Access-Control-Allow-Headers',
    'Content-Type',
    'Access-Control-Max-Age',
    '86400',
  ];
}

/** Everything an ingest URL takes. */
export const ALLOWED_METHODS = 'GET, HEAD, POST, OPTIONS';

function isAllowed(origins: ReadonlySet<string>, origin: string): boolean {
  return origins.has(origin) || origins.has('*');
}
