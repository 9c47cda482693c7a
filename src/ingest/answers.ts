/** What the receive path answers. Bodies and headers are made once; writeHead takes the flat list as it is. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS, type ErrorCode } from '../core/errors.ts';
import { MOST_BODY_BYTES } from './body-reader.ts';

/** Refusals of the contract's table; `status` and sentence are the catalogue's. */
export type Refusal = Extract<
  ErrorCode,
  | 'malformed_json'
  | 'missing_signature'
  | 'invalid_signature'
  | 'stale_timestamp'
  | 'invalid_credentials'
  | 'unknown_source'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'store_unavailable'
>;

/** Headers as writeHead takes them: name, value, name, value. */
export type FlatHeaders = readonly string[];

export const NO_HEADERS: FlatHeaders = [];
const JSON_TYPE = ['Content-Type', 'application/json; charset=utf-8'] as const;
/** A refused body is thrown away up to here, so that a client that sends before it reads gets to its answer. */
const LINGER_BYTES = 4 * 1024 * 1024;
const LINGER_MS = 2000;

const refusals = new Map<string, string>();

/** The catalogue's body of a refusal; `message` replaces its sentence. */
function refusalBody(code: Refusal, message?: string): string {
  if (message !== undefined) return JSON.stringify({ error: code, message });
  let body = refusals.get(code);
  if (body === undefined) {
    body = JSON.stringify({ error: code, message: ERRORS[code].message });
    refusals.set(code, body);
  }
  return body;
}

/** `receiptId` is of fixed length, so the body is too. */
const STORED_HEADERS = [...JSON_TYPE, 'Content-Length', String(storedBody(`rcp_${'0'.repeat(32)}`, false).length)];
const DUPLICATE_HEADERS = [...JSON_TYPE, 'Content-Length', String(storedBody(`rcp_${'0'.repeat(32)}`, true).length)];

function storedBody(receiptId: string, duplicate: boolean): string {
  return duplicate ? `{"received":true,"id":"${receiptId}","duplicate":true}` : `{"received":true,"id":"${receiptId}"}`;
}

/** 200: the receipt is on disk. */
export function answerStored(res: ServerResponse, receiptId: string, duplicate: boolean, extra: FlatHeaders): void {
  const headers = duplicate ? DUPLICATE_HEADERS : STORED_HEADERS;
  // writeHead only reads the list; its type does not say so.
  res.writeHead(200, (extra.length === 0 ? headers : [...headers, ...extra]) as string[]);
  res.end(storedBody(receiptId, duplicate));
}

/** 200 to GET, HEAD or an empty POST: the URL is right. */
export function answerCheck(res: ServerResponse, extra: FlatHeaders): void {
  const body = '{"ok":true}';
  res.writeHead(200, [...JSON_TYPE, 'Content-Length', String(body.length), ...extra]);
  res.end(body);
}

export function answerNoContent(res: ServerResponse, extra: FlatHeaders): void {
  res.writeHead(204, [...extra]);
  res.end();
}

/** An error of the catalogue to a request whose body was read. */
export function answerRefusal(res: ServerResponse, code: Refusal, extra: FlatHeaders, message?: string): void {
  const body = refusalBody(code, message);
  res.writeHead(ERRORS[code].status, [...JSON_TYPE, 'Content-Length', String(Buffer.byteLength(body)), ...extra]);
  res.end(body);
}

/**
 * An error to a request whose body was not read to the end. Up to 1 MiB of it Node reads and throws away, and the connection
 * lives on. Is it longer, or of unknown length: answers at once, hears the sender out for a while, and hangs up. Not at once,
 * because closing a socket on unread bytes resets the connection and takes the answer along.
 */
export function answerUnread(
  req: IncomingMessage,
  res: ServerResponse,
  code: Refusal,
  extra: FlatHeaders,
  message?: string,
): void {
  const announced = Number(req.headers['content-length'] ?? 0);
  if (req.headers['transfer-encoding'] === undefined && announced <= MOST_BODY_BYTES) {
    answerRefusal(res, code, extra, message);
    return;
  }
  const body = refusalBody(code, message);
  const length = String(Buffer.byteLength(body));
  res.writeHead(ERRORS[code].status, [...JSON_TYPE, 'Content-Length', length, 'Connection', 'close', ...extra]);
  res.write(body);
  let thrownAway = 0;
  const hangUp = (): void => {
    clearTimeout(timer);
    res.end();
  };
  const timer = setTimeout(hangUp, LINGER_MS);
  req.on('data', (chunk: Buffer) => {
    thrownAway += chunk.byteLength;
    if (thrownAway > LINGER_BYTES) hangUp();
  });
  req.on('end', hangUp);
  req.on('close', hangUp);
  req.resume();
}
