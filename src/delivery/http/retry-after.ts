/** Retry-After (RFC 9110, 10.2.3): seconds, or a date. */

/** Seconds from `now` (milliseconds since 1970); null where the header is missing or says neither. Not clamped. */
export function retryAfterSeconds(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // A date begins with the day's name; Date.parse alone would take "-5" for one.
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}
