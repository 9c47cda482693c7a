/** The generic source: whatever signs with Standard Webhooks and speaks Gradewire's own event shape, as another Gradewire does. */
import type { Adapter } from '../adapter.ts';
import { signedStandardWebhook, verifyStandardWebhook } from '../standard-webhooks.ts';
import { exampleOfStandard, STANDARD_EVENTS } from './example.ts';
import { meaningOfStandard } from './meaning.ts';

export const standard: Adapter = {
  provider: 'standard',
  title: 'Standard Webhooks',
  needs: { secret: true, publicKey: false, basicAuth: 'never', urlToken: false, origins: false },
  verification: 'signature',
  requiresJson: true,
  defaultOrigins: [],
  events: STANDARD_EVENTS,
  verify: (request, secrets) => verifyStandardWebhook(request, secrets, 'the sender'),
  toMeaning: meaningOfStandard,
  example: exampleOfStandard,
  sign: (body, secrets, how) => signedStandardWebhook(body, secrets, how, 'webhook'),
};
