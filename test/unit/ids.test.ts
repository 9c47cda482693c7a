import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashDigits, hashParts, hashUuid } from '../../src/core/ids.ts';

it('an id of the platforms’ keys never changes: it stands in databases and in links', () => {
  expect(hashUuid('attempt', '1', 'quizapi', 'a|b', 'é')).toBe('2ef34ad2-4194-8ae4-823d-fbf8822c35e5');
});

it('is the first half of SHA-256 over the parts, each led by its length in bytes, as a UUID of version 8', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (parts) => {
      const digest = createHash('sha256');
      for (const part of parts) digest.update(`${Buffer.byteLength(part)}:${part}`);
      const bytes = digest.digest();
      expect(hashParts(parts).equals(bytes)).toBe(true);
      expect(hashParts(parts.map((part, i) => (i % 2 === 0 ? part : Buffer.from(part)))).equals(bytes)).toBe(true);
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      expect(hashUuid(...parts).replaceAll('-', '')).toBe(bytes.toString('hex', 0, 16));
      expect(hashDigits(...parts)).toBe(bytes.toString('hex', 0, 16));
      expect(hashUuid(...parts)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );
});
