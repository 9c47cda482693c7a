import type { IncomingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import { isJson, saysJson } from './check-json.ts';
import { eventName } from './event-name.ts';
import type { Refusal } from './http/answers.ts';
import type { NewReceipt } from './insert-receipts.ts';
import { receiptKey } from './receipt-key.ts';
import type { KnownSource } from './source-cache.ts';
import { storedHeaders } from './stored-headers.ts';
import { TEST_MARK_HEADER, type TestMarks } from './test-marks.ts';

/** What the receive path thinks of a whole request. */
export type Examination =
  | { ok: true; receipt: NewReceipt }
  | {
      ok: false;
      code: Refusal;
      /** For the record of rejections. */
      hint: string;
      /** For the sender, where the catalogue's sentence does not fit. */
      message?: string;
      /** Whole seconds, for Retry-After. */
      retryAfter?: number;
    };

const COMPRESSED =
  'The body is compressed. Send it as it is, without Content-Encoding: the signature is checked on its bytes.';

/**
 * Proof first, on the raw bytes; only what is proved is looked at any further, so that a forger learns nothing but that the
 * proof failed, and cannot use up the source's rate. Throws only if an adapter does, which none may.
 */
export function examine(
  known: KnownSource,
  request: { headers: IncomingHttpHeaders; query: string; body: Buffer; receivedAt: number },
  marks: TestMarks,
): Examination {
  const { adapter, source } = known;
  const { headers, body, receivedAt } = request;
  const verdict = adapter.verify({ headers: plainHeaders(headers), body, receivedAt }, source.secrets);
  if (!verdict.ok) return { ok: false, code: verdict.code, hint: verdict.hint };

  const pass = known.bucket?.take(performance.now());
  if (pass !== undefined && !pass.taken) {
    const hint = `More than ${source.rateLimit} requests a second, the limit of this source.`;
    return { ok: false, code: 'rate_limited', hint, retryAfter: Math.max(1, Math.ceil(pass.waitMs / 1000)) };
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return { ok: false, code: 'unsupported_media_type', hint: COMPRESSED, message: COMPRESSED };
  }
  if (adapter.requiresJson && !saysJson(headers['content-type'])) {
    const hint = `${adapter.title} sends JSON, but this says that it is something else.`;
    return { ok: false, code: 'unsupported_media_type', hint };
  }
  if (!isJson(body)) {
    return { ok: false, code: 'malformed_json', hint: 'The body is not JSON in UTF-8, or it was cut off.' };
  }
  // Only where the platform leaves the event to the URL: elsewhere an unsigned query would make one signed body many receipts.
  const event = adapter.needs.urlToken ? eventName(request.query) : null;
  const key = receiptKey(source.workspace, source.id, { messageId: verdict.messageId, body, eventName: event });
  const mark = headers[TEST_MARK_HEADER];
  return {
    ok: true,
    receipt: {
      workspace: source.workspace,
      key,
      keyText: key.toString('latin1'),
      sourceId: known.idBytes,
      verification: verdict.verification,
      eventName: event,
      test: typeof mark === 'string' && marks.holds(mark, body, receivedAt),
      headers: storedHeaders(headers, source.tokens),
      body,
      receivedAt,
    },
  };
}

/** Whether a POST is the platform's "check this URL": nothing, or an empty object. Asked only where nothing is signed. */
export function isCheck(body: Buffer): boolean {
  if (body.byteLength > 16) return false;
  const text = body.toString('latin1').trim();
  return text === '' || text === '{}';
}

function plainHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string | undefined>> {
  // Node joins or drops repeated headers; Set-Cookie is the only one that stays a list.
  if (headers['set-cookie'] === undefined) return headers as Record<string, string | undefined>;
  const { 'set-cookie': _, ...others } = headers;
  return others as Record<string, string | undefined>;
}
