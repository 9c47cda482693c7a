/** What arrived, for people and for programs. */
import { isUtf8 } from 'node:buffer';
import { EVENT_TYPES } from '../core/vocabulary.ts';
import type { EventObject } from '../live/events.ts';
import { eventLine } from './event-line.ts';
import type { ListenVerdict } from './listen-verdict.ts';
import { printable, styled, widthOf } from './terminal.ts';

export interface Received {
  at: Date;
  method: string;
  path: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** `webhook-id`. */
  id: string | null;
  /** The same id came before. */
  repeated: boolean;
  verdict: ListenVerdict;
  /** What was answered. */
  status: number;
  forwarded: { status: number; error: string | null } | null;
}

/** One JSON object. */
export function receivedObject({
  at,
  method,
  path,
  headers,
  body,
  id,
  repeated,
  verdict,
  status,
  forwarded,
}: Received) {
  const parsed = jsonOf(body);
  return {
    at: at.toISOString(),
    id,
    repeated,
    verified: verdict.verified,
    problem: verdict.problem,
    status,
    forwarded,
    method,
    path,
    headers,
    ...(parsed === undefined ? asText(body) : { body: parsed }),
  };
}

/** A line, with what is wrong below it; `verbose` adds headers and body. */
export function receivedLines(received: Received, verbose: boolean): string[] {
  const { verdict, forwarded, repeated, status, headers, body } = received;
  const mark =
    verdict.verified === null ? styled('dim', '–') : verdict.verified ? styled('green', '✓') : styled('red', '✗');
  const lines = [`${mark} ${lineOf(received)}`];
  const below = (text: string) => lines.push(`  ${text}`);
  if (verdict.problem !== null) below(styled('red', verdict.problem));
  if (repeated) below(styled('yellow', 'Again: this webhook-id came before.'));
  if (forwarded !== null) {
    const told = forwarded.error === null ? `forwarded: ${forwarded.status}` : `not forwarded: ${forwarded.error}`;
    below(styled(forwarded.error === null && forwarded.status < 300 ? 'dim' : 'red', told));
  }
  if (status >= 300 && forwarded?.status !== status) below(styled('dim', `answered ${status}`));
  if (!verbose) return lines;
  for (const [name, value] of Object.entries(headers)) below(styled('dim', printable(`${name}: ${value}`)));
  const parsed = jsonOf(body);
  const shown = parsed === undefined ? body.toString('utf8') : JSON.stringify(parsed, null, 2);
  for (const line of shown.split('\n')) below(printable(line));
  return lines;
}

/** An event as `tail` shows it; anything else (a template's body) by method, path and size. */
function lineOf({ at, method, path, body }: Received): string {
  const event = eventOf(jsonOf(body));
  if (event !== null) {
    const line = { event: { ...event, receivedAt: at.toISOString() }, test: event.data.test === true };
    return eventLine(line, process.stdout, widthOf() - 2);
  }
  return `${styled('dim', at.toTimeString().slice(0, 8))} ${printable(`${method} ${path}`)} ${styled('dim', `${body.byteLength} bytes`)}`;
}

/** The event in `{type, timestamp, data}`, as far as a line needs it. */
function eventOf(body: unknown): EventObject | null {
  if (!isObject(body) || !EVENT_TYPES.some((type) => type === body.type)) return null;
  const { data } = body;
  const whole =
    isObject(data) && data.type === body.type && isObject(data.data) && 'learner' in data && 'attempt' in data;
  // The parts that a line shows are looked at one by one by eventLine, which takes whatever is missing for nothing.
  return whole ? (data as unknown as EventObject) : null;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function asText(body: Buffer): { body: string } | { bodyBase64: string } {
  return isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
