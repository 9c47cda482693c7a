/**
 * Reading what platforms send: numbers come as text, nulls stand anywhere, strings hold what PostgreSQL cannot store.
 *
 * What is essential (ids, times, scores, counts: a record without them would be quietly wrong) makes the receipt `failed`
 * with a sentence when it is told and cannot be read; it can be replayed. What is inessential becomes null.
 */
import { createHash } from 'node:crypto';
import { type Instant, parseInstant } from '../core/time.ts';
import type { Figures, Meaning } from '../core/vocabulary.ts';

/** A JSON object before anything is known about its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** No fields: what to read from where an object is missing. */
export const NO_FIELDS: Fields = Object.freeze({});

/** Longer ids would not fit two to an index entry of PostgreSQL (2,704 bytes), and the whole batch would fail. In bytes. */
const LONGEST_ID = 512;
/** Titles and names: more is no title, and every list would carry it. */
const LONGEST_TITLE = 500;
/** Longer addresses do not work in browsers. */
const LONGEST_URL = 4000;
/** Scores beyond this are faults, and sums over them would leave the range of a double. */
const LARGEST_NUMBER = 1e9;
/** Percentages beyond this (either way) are faults; one of them would rule every average. */
const LARGEST_PERCENTAGE = 10_000;
/** PostgreSQL's integer. */
const LARGEST_COUNT = 2_147_483_647;
/** Ten years: a longer time spent is a clock fault. */
const LONGEST_SECONDS = 315_360_000;

/** Something essential cannot be read. The message is the sentence that people see at the receipt. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unreadable';
  }
}

/** Runs a reader: what it cannot read becomes `failed` with its sentence. Never throws. */
export function readable(read: () => Meaning): Meaning {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return { status: 'failed', error: error.message };
    const name = error instanceof Error ? error.name : 'unknown';
    return {
      status: 'failed',
      error: `Gradewire's own reader failed on this body (${name}). Report it with this receipt.`,
    };
  }
}

/** The fields of a JSON object; null for anything else. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The fields of the whole body, which must be an object. */
export function bodyFields(body: unknown): Fields {
  const fields = fieldsOf(body);
  if (fields === null) throw new Unreadable('The body is JSON, but not an object. This platform sends objects only.');
  return fields;
}

/** The entries of a JSON array that are objects; none for anything else. */
export function objectsOf(value: unknown): Fields[] {
  if (!Array.isArray(value)) return [];
  const found: Fields[] = [];
  for (const entry of value) {
    const fields = fieldsOf(entry);
    if (fields !== null) found.push(fields);
  }
  return found;
}

/** Text that PostgreSQL can store: no U+0000, no half of a surrogate pair (both become U+FFFD), cut at `max` UTF-16 units. */
export function clean(value: string, max: number): string {
  const cut = value.length > max ? value.slice(0, max) : value;
  const whole = cut.isWellFormed() ? cut : cut.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\u{fffd}') : whole;
}

/** Title, name or word: cleaned and cut. Numbers and booleans as their text; null for blank text and for anything else. */
export function text(value: unknown, max: number = LONGEST_TITLE): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : clean(value, max);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return null;
}

/** An e-mail address as text; null for anything that does not look like one. */
export function email(value: unknown): string | null {
  // 320 characters is the longest address there is; the pattern has no nested repetition, so it stays linear.
  if (typeof value !== 'string' || value.length > 320) return null;
  const address = value.trim();
  return /^[^\s@<>\0]+@[^\s@<>\0]+$/.test(address) && address.isWellFormed() ? address : null;
}

/** A web address people may be led to: http or https only, so that no link ever runs a script. Else null. */
export function webUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > LONGEST_URL || !/^https?:\/\/[^\s\0]+$/i.test(value)) return null;
  return value.isWellFormed() ? value : null;
}

/** A platform's id, exactly as it stands (numbers as their digits); null when it is not told. */
export function optionalId(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value))
      throw new Unreadable(`${name} is a number that cannot be kept exactly, so it names no one.`);
    return String(value === 0 ? 0 : value);
  }
  if (typeof value !== 'string') throw new Unreadable(`${name} is neither text nor a number, so it cannot be an id.`);
  if (value.trim() === '') return null;
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new Unreadable(`${name} holds characters that no id has (a null byte or half a character).`);
  }
  if (value.length > LONGEST_ID || Buffer.byteLength(value) > LONGEST_ID) {
    throw new Unreadable(`${name} is longer than ${LONGEST_ID} bytes, which no platform's ids are.`);
  }
  return value;
}

/** The same, where there must be one. */
export function id(value: unknown, name: string): string {
  const found = optionalId(value, name);
  if (found === null) throw new Unreadable(`${name} is missing, so it is not known whose or what this is.`);
  return found;
}

/** Not told: missing, null, blank, or what Python and JavaScript print for nothing. */
function untold(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'string' || value.length > 64) return false;
  const word = value.trim();
  return word === '' || word === 'None' || word === 'null';
}

/** A number or the text of one; NaN for anything else. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 64) return Number.NaN;
  const digits = value.trim();
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
}

function within(value: unknown, name: string, most: number): number | null {
  if (untold(value)) return null;
  const n = toNumber(value);
  if (Number.isNaN(n)) throw new Unreadable(`${name} should be a number and is not.`);
  if (Math.abs(n) > most) throw new Unreadable(`${name} is beyond ±${most}, which no real figure is.`);
  return n === 0 ? 0 : n;
}

/** An essential figure such as a score: null when not told, unreadable when it is no sensible number. */
export function figure(value: unknown, name: string): number | null {
  return within(value, name, LARGEST_NUMBER);
}

/** An essential percentage, 0..100 as a rule, may be negative. */
export function percentage(value: unknown, name: string): number | null {
  return within(value, name, LARGEST_PERCENTAGE);
}

/** An essential count: a whole number that is not negative. */
export function count(value: unknown, name: string): number | null {
  if (untold(value)) return null;
  const n = toNumber(value);
  if (!Number.isInteger(n) || n < 0 || n > LARGEST_COUNT) {
    throw new Unreadable(`${name} should be a count (a whole number, not negative) and is not.`);
  }
  return n === 0 ? 0 : n;
}

/** An inessential number; null for what is none. */
export function amount(value: unknown): number | null {
  const n = untold(value) ? Number.NaN : toNumber(value);
  return Math.abs(n) <= LARGEST_NUMBER ? (n === 0 ? 0 : n) : null;
}

/** An inessential count; null for what is none. */
export function looseCount(value: unknown): number | null {
  const n = amount(value);
  return n !== null && Number.isInteger(n) && n >= 0 ? n : null;
}

/** Time spent in seconds, inessential: null for what cannot be one. `unit`: how many of its units make a second. */
export function seconds(value: unknown, unit = 1): number | null {
  const n = untold(value) ? Number.NaN : toNumber(value) / unit;
  return n >= 0 && n <= LONGEST_SECONDS ? (n === 0 ? 0 : n) : null;
}

/** true and false, also as text or 1 and 0; null for anything else. */
export function flag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 'true' || value === 'True') return true;
  if (value === 0 || value === '0' || value === 'false' || value === 'False') return false;
  return null;
}

/** A time that was told; null when it was not. Unreadable when it is no time between 1990 and 2100. */
export function instant(value: unknown, name: string): Instant | null {
  if (untold(value)) return null;
  const at = parseInstant(typeof value === 'string' && /^\d{9,13}$/.test(value) ? Number(value) : value);
  if (at === null) throw new Unreadable(`${name} is not a time between 1990 and 2100 as RFC 3339 writes it.`);
  return at;
}

/** The same, where there must be one. */
export function requiredInstant(value: unknown, name: string): Instant {
  const at = instant(value, name);
  if (at === null) throw new Unreadable(`${name} is missing, so it is not known when this happened.`);
  return at;
}

/** When the webhook arrived, for facts whose platform tells no time. */
export function arrival(receivedAt: number): Instant {
  const at = parseInstant(Math.trunc(receivedAt));
  if (at === null) throw new Unreadable('The body tells no time, and the time of its arrival is out of range.');
  return at;
}

/** 100·part/whole without the noise of binary fractions; null where the whole is missing or not positive. */
export function share(part: number | null, whole: number | null): number | null {
  if (part === null || whole === null || whole <= 0) return null;
  const percent = round((100 * part) / whole);
  return Math.abs(percent) <= LARGEST_PERCENTAGE ? percent : null;
}

/** To ten decimals: 0.57 · 100 is 57, not 56.99999999999999. */
export function round(value: number): number {
  return Math.round(value * 1e10) / 1e10;
}

/** The answers someone chose: one or a list, as text. Anything else, and blank ones, are left out. */
export function choices(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => text(one, LONGEST_ID)).filter((one) => one !== null);
}

/** The figures, or null when none was told. */
export function told(figures: Figures): Figures | null {
  return Object.values(figures).some((value) => value !== null) ? figures : null;
}

/** A fact's key: parts joined by `|`, so that different lists of parts never give one key. */
export function factKey(...parts: readonly (string | null)[]): string {
  return parts.map((part) => (part === null ? '' : part.replaceAll('\\', '\\\\').replaceAll('|', '\\|'))).join('|');
}

/** A short text that two values share only when they are the same JSON: the part of a key that stands for many figures. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
