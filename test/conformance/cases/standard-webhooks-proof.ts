/** What all platforms signed by Standard Webhooks or Svix have in common. */
import type { IncomingWebhook } from '../../../src/adapters/adapter.ts';
import { type PlatformCase, withHeader } from '../platform-case.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OLD = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
const OTHER = 'whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB';

export function standardWebhooksProof(
  family: 'svix' | 'webhook',
): Pick<PlatformCase, 'secrets' | 'wrong' | 'proof' | 'without' | 'malformed' | 'covers' | 'stale' | 'codes'> {
  const [id, timestamp, signature] = [`${family}-id`, `${family}-timestamp`, `${family}-signature`];
  const set = (name: string, value: (before: string) => string | undefined) => (request: IncomingWebhook) =>
    withHeader(request, name, value(request.headers[name] ?? ''));
  return {
    secrets: { secrets: [SECRET, OLD], publicKey: null, basicAuth: [] },
    wrong: { secrets: [OTHER], publicKey: null, basicAuth: [] },
    proof: [id, timestamp, signature],
    without: set(signature, () => undefined),
    malformed: {
      'no id': set(id, () => undefined),
      'an empty id': set(id, () => ''),
      'no timestamp': set(timestamp, () => undefined),
      'a timestamp in words': set(timestamp, () => 'yesterday'),
      'a timestamp with a fraction': set(timestamp, (before) => `${before}.5`),
      'a timestamp with a sign': set(timestamp, (before) => `+${before}`),
      'a timestamp of 400 digits': set(timestamp, (before) => before.padStart(400, '0')),
      'an empty signature': set(signature, () => ''),
      'a bare version': set(signature, () => 'v1,'),
      'no version': set(signature, (before) => before.slice(3)),
      'another version': set(signature, (before) => before.replace('v1,', 'v1a,')),
      'cut short': set(signature, (before) => before.slice(0, -1)),
      'joined by commas': set(signature, (before) => `${before},${before}`),
      'not base64': set(signature, () => `v1,${'€'.repeat(44)}`),
    },
    covers: 'all',
    stale: true,
    codes: { wrong: 'invalid_signature', missing: 'missing_signature' },
  };
}
