/**
 * Where to go after signing in: a path of this server. Anything else (another origin, `//host`, a script) leads to the start
 * page: a link to our sign-in page must not send people elsewhere with a fresh session.
 */
export function safeReturn(to: unknown, origin: string): string {
  if (typeof to !== 'string' || !to.startsWith('/')) return '/';
  let url: URL;
  try {
    url = new URL(to, origin);
  } catch {
    return '/';
  }
  if (url.origin !== origin || ['/sign-in', '/setup'].includes(url.pathname)) return '/';
  const path = `${url.pathname}${url.search}${url.hash}`;
  // `/\host` and `/.//host` come out of the parser as a path that begins with two slashes.
  return path.startsWith('//') ? '/' : path;
}
