/** Our HMAC against Node's own, which OpenSSL makes. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmac } from '../../src/core/signatures.ts';

const part = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 200 }));
// Around the blocks of both hashes: keys longer than a block are hashed first.
const key = fc.oneof(
  fc.uint8Array({ maxLength: 140 }),
  fc.string({ unit: 'grapheme', minLength: 60, maxLength: 70 }),
  fc.string({ maxLength: 140 }),
);

it('is the same as an Hmac object for any key and message', () => {
  fc.assert(
    fc.property(fc.constantFrom('sha256' as const, 'sha512' as const), key, fc.array(part), (algorithm, k, parts) => {
      const mac = createHmac(algorithm, k);
      for (const one of parts) mac.update(one);
      expect(hmac(algorithm, k, ...parts).toString('hex')).toBe(mac.digest('hex'));
    }),
    { numRuns: 500 },
  );
});

it('is the same for messages at the limit of its scratch memory and beyond', () => {
  for (const bytes of [1024 * 1024, 1024 * 1024 + 4032, 1024 * 1024 + 4033, 3 * 1024 * 1024]) {
    const message = Buffer.alloc(bytes, 'x');
    expect(hmac('sha256', 'key', message)).toEqual(createHmac('sha256', 'key').update(message).digest());
  }
});

it('does not mix keys up that are equal as text and as bytes, or of two hashes', () => {
  const bytes = Buffer.from('|sha512');
  expect(hmac('sha256', '|sha512', 'm')).toEqual(createHmac('sha256', '|sha512').update('m').digest());
  expect(hmac('sha512', bytes, 'm')).toEqual(createHmac('sha512', bytes).update('m').digest());
  expect(hmac('sha256', Buffer.from([0, 1]), 'm')).toEqual(
    createHmac('sha256', Buffer.from([0, 1]))
      .update('m')
      .digest(),
  );
});
