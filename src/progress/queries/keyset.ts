/**
 * Sort values of lists by time. Microseconds since 1970 as a number: what PostgreSQL holds, which a JavaScript Date would cut
 * to milliseconds, so that rows of one batch would be skipped between pages; and below 2^53 until the year 2255.
 */
import type { Uuid } from '../../core/ids.ts';

export interface Keyset {
  micros: number;
  id: Uuid;
}

/** SQL: a timestamptz as microseconds since 1970. */
export function microsOf(time: string): string {
  return `(extract(epoch FROM ${time}) * 1000000)::bigint`;
}

/** SQL: the timestamptz that a parameter of microseconds means. */
export function timeOfMicros(parameter: string): string {
  return `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;
}
