/** IANA time zones: days are cut in the viewer's or the workspace's zone. */

/**
 * Whether PostgreSQL and Intl read this name alike. Only `UTC` and names of an area (`Asia/Kolkata`) are taken: PostgreSQL
 * reads the sign of bare offsets (`+05:30`) the other way round, and takes `CET` for an abbreviation without summer time;
 * days would be cut hours off, without a word.
 */
export function isTimeZone(text: string): boolean {
  if (text === 'UTC') return true;
  if (!/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+){1,2}$/.test(text) || text.length > 64) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
