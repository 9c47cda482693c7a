/**
 * Positions in the feed as they stand outside: `id:` of a stream's messages, `after=` of the events list. Callers treat them
 * as opaque; they are the event's number, which only grows within a workspace.
 */

/** The cursor right after the event with this number; 0 is before the first. */
export function formatCursor(seq: number): string {
  return String(seq);
}

/** The number in a cursor; null for any text that never was one. */
export function parseCursor(text: string): number | null {
  // 15 digits stay exact in a double; a sequence that counts a million events a second reaches them after 30 years.
  return /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : null;
}
