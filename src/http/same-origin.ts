/** Whether a request comes from one of our own pages: a cookie is sent along from wherever a page makes the browser ask. */
import type { IncomingHttpHeaders } from 'node:http';
import { GradewireError } from '../core/errors.ts';

/** Methods that change nothing, so that another site gains nothing by causing one. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses (403) an unsafe method that is not proved to come from our own origin. The browser says so in `Sec-Fetch-Site`, and
 * in `Origin`; what is there must fit, and one of them must be there. An Origin fits when it is PUBLIC_URL's or names the host
 * the request was sent to (people also open http://localhost:8080); no other site can set either header.
 */
export function requireSameOrigin(method: string, headers: IncomingHttpHeaders, publicUrl: string): void {
  if (SAFE.has(method) || isSameOrigin(headers, publicUrl)) return;
  throw new GradewireError(
    'forbidden',
    'With a session cookie, changes must come from the dashboard itself. Open it at its own address, or use an API key.',
  );
}

/** The same as an answer; false as well when neither header is there. */
function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  const { origin, host } = headers;
  if (site === undefined && origin === undefined) return false;
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { origin: normal, host: originHost } = new URL(origin);
  return normal === new URL(publicUrl).origin || (host !== undefined && originHost === host.toLowerCase());
}
