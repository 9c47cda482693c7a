/** Whether a request that arrived was signed by who knows the secret, in words. */
import type { IncomingWebhook } from '../adapters/adapter.ts';
import { verifyStandardWebhook } from '../adapters/standard-webhooks.ts';

export interface ListenVerdict {
  /** null: not checked, because there is no secret to check with. */
  verified: boolean | null;
  /** What is wrong, or why it cannot be told: a sentence; null when it is verified, or nothing was to be checked. */
  problem: string | null;
}

const PROBLEMS = {
  missing_signature:
    'It bears no signature: the headers webhook-id, webhook-timestamp and webhook-signature are not all there.',
  invalid_signature: 'The signature does not match: another secret, or the body was changed on its way.',
  stale_timestamp: "The signature is right, but its time is more than 5 minutes off this machine's clock.",
} as const;

/** Checks as Standard Webhooks says. */
export function judge(request: IncomingWebhook, secret: string | null): ListenVerdict {
  if (secret === null) return { verified: null, problem: null };
  const verdict = verifyStandardWebhook(request, { secrets: [secret], publicKey: null, basicAuth: [] }, 'Gradewire');
  if (verdict.ok) return { verified: true, problem: null };
  const problem = Object.entries(PROBLEMS).find(([code]) => code === verdict.code)?.[1] ?? verdict.hint;
  return { verified: false, problem };
}
