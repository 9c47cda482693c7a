/** Files that the API streams (exports): the browser fetches them itself, with the session's cookie. */

/** A URL of this server with its query; parts that are undefined or null are left out. */
export function apiUrl(path: string, query: Record<string, string | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
