/** Testpress: an exam webhook and a chapter content webhook, both proved by a hash inside the body that covers a part of it. */
import type { Adapter } from '../adapter.ts';
import { exampleOfTestpress, TESTPRESS_EVENTS } from './example.ts';
import { coveredFields, hashOf, verifyTestpress } from './hash.ts';
import { meaningOfTestpress } from './meaning.ts';

export const testpress: Adapter = {
  provider: 'testpress',
  title: 'Testpress',
  needs: { secret: true, publicKey: true, basicAuth: 'never', urlToken: false, origins: false },
  verification: 'signature_partial',
  requiresJson: false,
  defaultOrigins: [],
  events: TESTPRESS_EVENTS,
  verify: verifyTestpress,
  coveredFields,
  toMeaning: meaningOfTestpress,
  example: exampleOfTestpress,
  sign(body, secrets) {
    const unsigned = { ...body, key: secrets.publicKey };
    const hash = hashOf(JSON.stringify(unsigned), secrets.secrets[0] ?? '');
    return {
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ ...unsigned, hash })),
      query: '',
    };
  },
};
