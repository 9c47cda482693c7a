/** What the receive path answers. Bodies and headers are made once. */
import { ERRORS, type ErrorCode } from '../../core/errors.ts';
import type { Call, FlatHeaders } from './call.ts';

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

const JSON_TYPE = ['Content-Type', 'application/json; charset=utf-8'] as const;

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
export function answerStored(call: Call, receiptId: string, duplicate: boolean, extra: FlatHeaders): void {
  const headers = duplicate ? DUPLICATE_HEADERS : STORED_HEADERS;
  call.answer(200, extra.length === 0 ? headers : [...headers, ...extra], storedBody(receiptId, duplicate));
}

/** 200 to GET, HEAD or an empty POST: the URL is right. */
export function answerCheck(call: Call, extra: FlatHeaders): void {
  const body = '{"ok":true}';
  call.answer(200, [...JSON_TYPE, 'Content-Length', String(body.length), ...extra], body);
}

export function answerNoContent(call: Call, extra: FlatHeaders): void {
  call.answer(204, extra, '');
}

/** An error of the catalogue. */
export function answerRefusal(call: Call, code: Refusal, extra: FlatHeaders, message?: string): void {
  const body = refusalBody(code, message);
  const length = String(Buffer.byteLength(body));
  call.answer(ERRORS[code].status, [...JSON_TYPE, 'Content-Length', length, ...extra], body);
}
