/** Longer than any event name of any platform; what is cut off was never one. */
const LONGEST = 100;

/** `?event=` of an ingest URL as it is stored: printable, at most 100 characters; null when there is none. */
export function eventName(query: string): string | null {
  if (query === '' || !query.includes('event=')) return null;
  const told = new URLSearchParams(query).get('event');
  if (told === null) return null;
  // PostgreSQL's text holds neither NUL nor lone surrogates; other control characters would only confuse people.
  const clean = told
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(0, LONGEST)
    .toWellFormed();
  return clean === '' ? null : clean;
}
