/** The headers by which a receiver knows the sender (Standard Webhooks). */
import { signStandardWebhook } from '../../../core/signatures.ts';
import type { SigningSecret } from '../../endpoint.ts';

/**
 * webhook-id, webhook-timestamp and webhook-signature. While a secret is being rotated both sign, so that the receiver can
 * change over when it likes. `now` in milliseconds since 1970.
 */
export function signatureHeaders(
  secrets: readonly SigningSecret[],
  webhookId: string,
  body: Uint8Array,
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = secrets
    .filter(({ until }) => until === null || until.getTime() > now)
    .map(({ secret }) => signStandardWebhook(secret, webhookId, timestamp, body));
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': timestamp,
    ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
  };
}
