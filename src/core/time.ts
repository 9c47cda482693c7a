/**
 * Times as Gradewire keeps them: one canonical text, UTC, always six digits of a second, e.g.
 * `2026-04-08T14:30:00.000000Z`. Microseconds because that is what PostgreSQL's timestamptz holds;
 * a fixed width because then text order is time order, and a fold can sort without parsing.
 */
export type Instant = string & { readonly __brand: 'Instant' };

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,20}))?\s?(Z|z|[+-]\d{2}:?\d{2})?$/;

/** Learning events before this are clock faults, not history: every platform is younger. */
const EARLIEST = Date.UTC(1990, 0, 1);
/** And after this they are typing errors; a figure dated 9999 would lead every list for ever. */
const LATEST = Date.UTC(2100, 0, 1);

/**
 * Reads a time as platforms write it: RFC 3339 text with any number of fractional digits and any offset
 * (none means UTC), or a number of seconds or milliseconds since 1970.
 * Returns null for anything else, and for a time outside 1990 to 2100.
 */
export function parseInstant(value: unknown): Instant | null {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    // Seconds until the year 5138 are below 1e11; milliseconds since 1973 are above it.
    return fromMillis(Math.abs(value) < 1e11 ? value * 1000 : value);
  }
  if (typeof value !== 'string' || value.length > 64) return null;
  const m = RFC3339.exec(value.trim());
  if (m === null) return null;
  const [, y, mo, d, h, mi, s, fraction = '', zone = 'Z'] = m;
  const seconds = Math.min(Number(s), 59); // a leap second counts as the one before it
  const base = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), seconds);
  const check = new Date(base);
  if (check.getUTCMonth() !== Number(mo) - 1 || check.getUTCDate() !== Number(d)) return null;
  if (Number(h) > 23 || Number(mi) > 59 || Number(s) > 60) return null;
  let offset = 0;
  if (zone !== 'Z' && zone !== 'z') {
    const hours = Number(zone.slice(1, 3));
    const minutes = Number(zone.slice(-2));
    if (hours > 23 || minutes > 59) return null;
    offset = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  }
  const at = base - offset;
  if (at < EARLIEST || at >= LATEST) return null;
  return `${new Date(at).toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z` as Instant;
}

/** Milliseconds since 1970 → canonical text; null outside 1990 to 2100. */
export function fromMillis(ms: number): Instant | null {
  if (!(ms >= EARLIEST && ms < LATEST)) return null;
  return `${new Date(ms).toISOString().slice(0, 23)}000Z` as Instant;
}

/** Canonical text → milliseconds since 1970 (microseconds are cut off). */
export function toMillis(instant: Instant): number {
  return Date.parse(`${instant.slice(0, 23)}Z`);
}
