/**
 * QuizAPI: a hex HMAC-SHA256 of the raw body in X-QuizAPI-Signature. The body's own `signature` field cannot sign the body
 * that holds it and is ignored, as is the unsigned X-QuizAPI-Delivery.
 */
import { equalText, hmac } from '../../core/signatures.ts';
import type { Adapter, IncomingWebhook, SourceSecrets, Verdict } from '../adapter.ts';
import { exampleOfQuizapi, QUIZAPI_EVENTS } from './example.ts';
import { meaningOfQuizapi } from './meaning.ts';

export const quizapi: Adapter = {
  provider: 'quizapi',
  title: 'QuizAPI',
  needs: { secret: true, publicKey: false, basicAuth: 'never', urlToken: false, origins: false },
  verification: 'signature',
  requiresJson: true,
  defaultOrigins: [],
  events: QUIZAPI_EVENTS,
  verify,
  toMeaning: meaningOfQuizapi,
  example: exampleOfQuizapi,
  sign(body, secrets, how) {
    const bytes = Buffer.from(JSON.stringify(body));
    return {
      headers: {
        'content-type': 'application/json',
        'x-quizapi-event': how.event,
        'x-quizapi-delivery': how.id,
        'x-quizapi-signature': signature(secrets.secrets[0] ?? '', bytes),
      },
      body: bytes,
      query: '',
    };
  },
};

function signature(secret: string, body: Uint8Array): string {
  return `sha256=${hmac('sha256', secret, body).toString('hex')}`;
}

/** Only the documented form counts, `sha256=` and lower-case hex: docs/decisions/0020-adapters.md. */
function verify(request: IncomingWebhook, secrets: SourceSecrets): Verdict {
  const given = request.headers['x-quizapi-signature'];
  if (given === undefined || given === '') {
    return {
      ok: false,
      code: 'missing_signature',
      hint: 'The header X-QuizAPI-Signature is not there. If QuizAPI sends it, a proxy in between may strip it.',
    };
  }
  const keys = secrets.secrets.filter((secret) => secret !== '');
  if (keys.length === 0) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: "This source has no secret. Paste QuizAPI's webhook secret into it.",
    };
  }
  let matches = false;
  for (const secret of keys) if (equalText(given, signature(secret, request.body))) matches = true;
  if (matches) return { ok: true, verification: 'signature', covers: null, messageId: null };
  if (!/^sha256=[0-9a-f]{64}$/.test(given)) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: 'X-QuizAPI-Signature does not look like QuizAPI writes it: sha256= and 64 hexadecimal digits. Check what sends here.',
    };
  }
  return {
    ok: false,
    code: 'invalid_signature',
    hint: "Signed with another key, or changed on its way. Compare this source's secret with the one at QuizAPI.",
  };
}
