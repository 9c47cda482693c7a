/** The headers by which a receiver knows the sender (Standard Webhooks). */
import { signStandardWebhook } from '../../../core/signatures.ts';
import type { SigningSecret } from '../../endpoint.ts';

/**
 * Adds webhook-id, webhook-timestamp and webhook-signature. While a secret is being rotated both sign, so that the receiver can
 * change over when it likes. `now` in milliseconds since 1970.
 */
export function sign(
  headers: Record<string, string>,
  message: { secrets: readonly SigningSecret[]; webhookId: string; body: Uint8Array; now: number },
): void {
  const { secrets, webhookId, body, now } = message;
  const timestamp = String(Math.floor(now / 1000));
  let signatures = '';
  for (const { secret, until } of secrets) {
    if (until !== null && until.getTime() <= now) continue;
    const signature = signStandardWebhook(secret, webhookId, timestamp, body);
    signatures = signatures === '' ? signature : `${signatures} ${signature}`;
  }
  headers['webhook-id'] = webhookId;
  headers['webhook-timestamp'] = timestamp;
  if (signatures !== '') headers['webhook-signature'] = signatures;
}
