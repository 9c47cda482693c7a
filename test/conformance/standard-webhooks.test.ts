/** Standard Webhooks against its published vectors, and against the two libraries that others use: they read ours, we read theirs. */
import * as standardwebhooks from 'standardwebhooks';
import * as svix from 'svix';
import { describe, expect, test } from 'vitest';
import type { IncomingWebhook, SourceSecrets } from '../../src/adapters/adapter.ts';
import { adapterFor } from '../../src/adapters/registry.ts';
import { signStandardWebhook } from '../../src/core/signatures.ts';
import { fixtureText } from './platform-case.ts';

interface Vector {
  secret: string;
  id: string;
  timestamp: string;
  payload: string;
  signature: string;
}

const vectors = JSON.parse(fixtureText('standard/vectors.json')) as Vector[];
const only = (...secrets: string[]): SourceSecrets => ({ secrets, publicKey: null, basicAuth: [] });
const PAIRS = [
  ['standard', 'webhook'],
  ['standard', 'svix'],
  ['instruqt', 'svix'],
  ['instruqt', 'webhook'],
] as const;

describe.each(vectors.map((vector) => [vector.id, vector] as const))('vector %s', (_, vector) => {
  test('is what we sign', () => {
    const { secret, id, timestamp, payload, signature } = vector;
    expect(signStandardWebhook(secret, id, timestamp, Buffer.from(payload))).toBe(signature);
  });

  test.each(PAIRS)('is taken by %s under %s-* headers, and names the message', (provider, family) => {
    expect(adapterFor(provider).verify(request(vector, family), only(vector.secret))).toEqual({
      ok: true,
      verification: 'signature',
      covers: null,
      messageId: vector.id,
    });
  });

  test('is taken with a secret that lacks its prefix', () => {
    expect(adapterFor('standard').verify(request(vector, 'webhook'), only(vector.secret.slice(6)))).toMatchObject({
      ok: true,
    });
  });

  test('is taken among signatures of other keys and other versions', () => {
    const signature = `v1a,AAAA v2,${vector.signature.slice(3)} v1,${Buffer.alloc(32).toString('base64')} ${vector.signature} nonsense`;
    expect(adapterFor('instruqt').verify(request({ ...vector, signature }, 'svix'), only(vector.secret))).toMatchObject(
      { ok: true },
    );
  });

  test('is refused when only another version of it is there', () => {
    const signature = vector.signature.replace('v1,', 'v2,');
    const verdict = adapterFor('standard').verify(request({ ...vector, signature }, 'webhook'), only(vector.secret));
    expect(verdict).toMatchObject({ ok: false, code: 'invalid_signature' });
  });

  test('keeps its id when it is sent again with a new timestamp', () => {
    const timestamp = String(Number(vector.timestamp) + 3600);
    const signature = signStandardWebhook(vector.secret, vector.id, timestamp, Buffer.from(vector.payload));
    const again = request({ ...vector, timestamp, signature }, 'webhook');
    expect(adapterFor('standard').verify(again, only(vector.secret))).toMatchObject({ ok: true, messageId: vector.id });
  });
});

test('half of one family of headers and half of the other is none', () => {
  const [vector] = vectors;
  if (vector === undefined) throw new Error('There are vectors.');
  const whole = request(vector, 'svix');
  const { 'svix-id': id, ...others } = whole.headers;
  const mixed = { ...whole, headers: { ...others, 'webhook-id': id } };
  expect(adapterFor('standard').verify(mixed, only(vector.secret))).toMatchObject({
    ok: false,
    code: 'missing_signature',
  });
});

describe.each([
  ['svix', svix.Webhook],
  ['standardwebhooks', standardwebhooks.Webhook],
] as const)('the library %s', (_, Webhook) => {
  const secret = `whsec_${Buffer.from('a real secret of any length').toString('base64')}`;
  const payload = '{"type":"track.started","text":"ü€😀","n":0.00}';

  // The libraries read the real clock, so these messages are of now.
  test.each(['instruqt', 'standard'] as const)('verifies what %s signs', (provider) => {
    const adapter = adapterFor(provider);
    const signed = adapter.sign({ type: 'x', text: 'ü€😀' }, only(secret), { id: 'msg_1', at: Date.now(), event: 'x' });
    const headers = Object.fromEntries(
      Object.entries(signed.headers).map(([name, value]) => [name.replace('svix-', 'webhook-'), value]),
    );
    expect(() => new Webhook(secret).verify(signed.body, headers)).not.toThrow();
    expect(() => new Webhook(secret).verify(Buffer.concat([signed.body, Buffer.from(' ')]), headers)).toThrow();
  });

  test.each(['instruqt', 'standard'] as const)('signs what %s verifies', (provider) => {
    const now = Date.now();
    const at = new Date(Math.floor(now / 1000) * 1000);
    const signature = new Webhook(secret).sign('msg_2', at, payload);
    const theirs = { secret, id: 'msg_2', timestamp: String(at.getTime() / 1000), payload, signature };
    expect(adapterFor(provider).verify(request(theirs, 'webhook'), only(secret))).toMatchObject({
      ok: true,
      messageId: 'msg_2',
    });
  });
});

/** The vector as a request that arrives at the moment it was signed for. */
function request(vector: Vector, family: 'svix' | 'webhook'): IncomingWebhook {
  return {
    headers: {
      [`${family}-id`]: vector.id,
      [`${family}-timestamp`]: vector.timestamp,
      [`${family}-signature`]: vector.signature,
    },
    body: Buffer.from(vector.payload),
    receivedAt: Number(vector.timestamp) * 1000,
  };
}
