/** Instruqt: flat JSON, signed by Svix. */
import type { Adapter } from '../adapter.ts';
import { signedStandardWebhook, verifyStandardWebhook } from '../standard-webhooks.ts';
import { exampleOfInstruqt, INSTRUQT_EVENTS } from './example.ts';
import { meaningOfInstruqt } from './meaning.ts';

export const instruqt: Adapter = {
  provider: 'instruqt',
  title: 'Instruqt',
  needs: { secret: true, publicKey: false, basicAuth: 'never', urlToken: false, origins: false },
  verification: 'signature',
  requiresJson: true,
  defaultOrigins: [],
  events: INSTRUQT_EVENTS,
  verify: (request, secrets) => verifyStandardWebhook(request, secrets, 'Instruqt'),
  toMeaning: meaningOfInstruqt,
  example: exampleOfInstruqt,
  sign: (body, secrets, how) => signedStandardWebhook(body, secrets, how, 'svix'),
};
