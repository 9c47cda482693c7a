/** Standard Webhooks, as Svix speaks it too: headers `webhook-*` or `svix-*`, several signatures, rotation, a tolerance. */
import {
  equalText,
  hmac,
  signStandardWebhook,
  standardWebhooksKey,
  TIMESTAMP_TOLERANCE_SECONDS,
} from '../core/signatures.ts';
import type { IncomingWebhook, SignedWebhook, SourceSecrets, Verdict } from './adapter.ts';

/** Which of the two header names a platform sends; both are accepted. */
type HeaderFamily = 'webhook' | 'svix';

/**
 * Verifies raw bytes against each secret. The signature is judged before the clock, so that "stale" is only ever said of
 * a message that was truly signed.
 */
export function verifyStandardWebhook(request: IncomingWebhook, secrets: SourceSecrets, platform: string): Verdict {
  const family = headersOf(request, 'svix') ?? headersOf(request, 'webhook');
  if (family === null) {
    return {
      ok: false,
      code: 'missing_signature',
      hint: `The headers svix-id, svix-timestamp and svix-signature (or the same as webhook-*) are not all there. If ${platform} sends them, a proxy in between may strip them.`,
    };
  }
  const { id, timestamp, signatures } = family;
  const keys = secrets.secrets.map(standardWebhooksKey).filter((key) => key.byteLength > 0);
  if (keys.length === 0) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: `This source has no usable signing secret. Paste the one that ${platform} shows for the endpoint (whsec_…).`,
    };
  }
  // Ten digits are seconds until the year 2286; text that is no plain number was never signed by a sender of this scheme.
  if (!/^\d{1,12}$/.test(timestamp)) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: 'The timestamp header is not a number of seconds since 1970.',
    };
  }
  const expected = keys.map((key) => hmac('sha256', key, `${id}.${timestamp}.`, request.body).toString('base64'));
  let versionSeen = false;
  let matches = false;
  for (const one of signatures.split(' ')) {
    if (!one.startsWith('v1,')) continue;
    versionSeen = true;
    for (const signature of expected) if (equalText(one.slice(3), signature)) matches = true;
  }
  if (!versionSeen) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: 'The signature header holds no signature of version v1. Only that version is known here.',
    };
  }
  if (!matches) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: `Signed with another key, or changed on its way. Compare this source's secret with the one that ${platform} shows for exactly this endpoint.`,
    };
  }
  const off = Math.floor(request.receivedAt / 1000) - Number(timestamp);
  if (Math.abs(off) > TIMESTAMP_TOLERANCE_SECONDS) {
    return { ok: false, code: 'stale_timestamp', hint: staleHint(off) };
  }
  return { ok: true, verification: 'signature', covers: null, messageId: id };
}

/** Signs as a sender of the scheme does, with the newest secret. */
export function signedStandardWebhook(
  body: Record<string, unknown>,
  secrets: SourceSecrets,
  how: { id: string; at: number },
  family: HeaderFamily,
): SignedWebhook {
  const bytes = Buffer.from(JSON.stringify(body));
  const timestamp = String(Math.floor(how.at / 1000));
  return {
    headers: {
      'content-type': 'application/json',
      [`${family}-id`]: how.id,
      [`${family}-timestamp`]: timestamp,
      [`${family}-signature`]: signStandardWebhook(secrets.secrets[0] ?? '', how.id, timestamp, bytes),
    },
    body: bytes,
    query: '',
  };
}

function headersOf(
  request: IncomingWebhook,
  family: HeaderFamily,
): { id: string; timestamp: string; signatures: string } | null {
  const id = request.headers[`${family}-id`];
  const timestamp = request.headers[`${family}-timestamp`];
  const signatures = request.headers[`${family}-signature`];
  if (id === undefined || id === '' || timestamp === undefined || timestamp === '') return null;
  if (signatures === undefined || signatures === '') return null;
  return { id, timestamp, signatures };
}

/** `off`: seconds that the signed time lies behind our clock; negative when it lies ahead. */
function staleHint(off: number): string {
  const minutes = Math.round(Math.abs(off) / 60);
  const where = off > 0 ? 'behind' : 'ahead of';
  return `The signature is right, but its time is ${minutes} minutes ${where} this machine's clock; 5 are allowed. Check both clocks; a proxy that holds requests back, or a replayed request, looks the same.`;
}
