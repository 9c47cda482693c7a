/**
 * The head of a webhook as nearly all senders write it. Strict on purpose: whatever is not exactly this is not refused but
 * left to node:http, which knows the rest of HTTP, so nothing that two readers could understand differently is read here
 * (RFC 9112; request smuggling lives from such differences).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { INGEST_PREFIX } from '../target.ts';
import { MOST_BODY_BYTES } from './body-room.ts';

export interface RequestHead {
  url: string;
  headers: IncomingHttpHeaders;
  /** Where the body begins. */
  bodyStart: number;
  /** From Content-Length; at most MOST_BODY_BYTES. */
  bodyBytes: number;
}

/** Longer heads are rare; node:http has its own limit for them. */
const MOST_HEAD_BYTES = 8192;
const REQUEST_LINE_START = `POST ${INGEST_PREFIX}`;
const REQUEST_LINE = /^POST ([!-~]+) HTTP\/1\.1$/;
/** Anything but printable ASCII, tabs and whole line ends. */
const UNUSUAL = /[^\t\x20-\x7e\r\n]|\r(?!\n)|(?<!\r)\n/;
const NAME = /^[A-Za-z0-9-]+$/;
const LENGTH = /^\d{1,7}$/;
/** Headers that change what the bytes after the head mean, or that a single line is not enough for. */
const LEFT_TO_NODE: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'expect',
  'upgrade',
  'trailer',
  'te',
  'set-cookie',
]);
/** Senders are few and say the same names; this only bounds the memory that one who invents them could take. */
const MOST_NAMES = 1000;
/** Names as sent → in lower case; null: node:http shall read this request. */
const names = new Map<string, string | null>();

/** The head at the start of `bytes`; null: not whole, or not as usual, so node:http shall read this connection. */
export function readHead(bytes: Buffer): RequestHead | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1 || end > MOST_HEAD_BYTES) return null;
  const text = bytes.toString('latin1', 0, end);
  if (!text.startsWith(REQUEST_LINE_START) || UNUSUAL.test(text)) return null;
  let lineEnd = text.indexOf('\r\n');
  if (lineEnd === -1) return null;
  const url = REQUEST_LINE.exec(text.slice(0, lineEnd))?.[1];
  if (url === undefined) return null;
  const headers: Record<string, string> = {};
  while (lineEnd !== -1) {
    const start = lineEnd + 2;
    lineEnd = text.indexOf('\r\n', start);
    const colon = text.indexOf(':', start);
    if (colon === -1 || (lineEnd !== -1 && colon > lineEnd)) return null;
    const name = lowerCase(text.slice(start, colon));
    // node:http joins or drops repeated headers, each by rules of its own.
    if (name === null || Object.hasOwn(headers, name)) return null;
    headers[name] = text.slice(colon + 1, lineEnd === -1 ? end : lineEnd).trim();
  }
  const length = headers['content-length'];
  if (length === undefined || !LENGTH.test(length) || headers.host === undefined) return null;
  const { connection } = headers;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return null;
  const bodyBytes = Number(length);
  return bodyBytes > MOST_BODY_BYTES ? null : { url, headers, bodyStart: end + 4, bodyBytes };
}

function lowerCase(name: string): string | null {
  let known = names.get(name);
  if (known === undefined) {
    const lower = name.toLowerCase();
    known = NAME.test(name) && !LEFT_TO_NODE.has(lower) ? lower : null;
    if (names.size < MOST_NAMES) names.set(name, known);
  }
  return known;
}
