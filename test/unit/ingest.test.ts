import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saysJson } from '../../src/ingest/check-json.ts';
import { eventName } from '../../src/ingest/event-name.ts';
import { receiptKey } from '../../src/ingest/receipt-key.ts';
import { storedHeaders } from '../../src/ingest/stored-headers.ts';
import { parseTarget } from '../../src/ingest/target.ts';
import { testMarks } from '../../src/ingest/test-marks.ts';
import { TokenBucket } from '../../src/ingest/token-bucket.ts';

describe('receiptKey', () => {
  const source = '0d1c1e66-6f5b-4a7e-9d52-000000000001';
  const body = Buffer.from('{"a":1}');

  it('is SHA-256 over workspace, source and the body', () => {
    const key = receiptKey(1, source, { messageId: null, body, eventName: null });
    const all = Buffer.concat([Buffer.from(`body|1|${source}|-|`), body]);
    expect(key.equals(createHash('sha256').update(all).digest())).toBe(true);
    expect(key).toHaveLength(32);
  });

  it('is that of the message id where there is one, whatever the body', () => {
    const one = receiptKey(1, source, { messageId: 'msg_1', body, eventName: null });
    const two = receiptKey(1, source, { messageId: 'msg_1', body: Buffer.from('{}'), eventName: null });
    expect(one.equals(two)).toBe(true);
  });

  it('differs wherever workspace, source, id, body or event differ', () => {
    const part = fc.record({
      workspace: fc.integer({ min: 1, max: 3 }),
      source: fc.constantFrom(source, '0d1c1e66-6f5b-4a7e-9d52-000000000002'),
      messageId: fc.option(fc.constantFrom('a', 'ab', 'b', '')),
      body: fc.constantFrom('a', 'ab', 'b'),
      eventName: fc.option(fc.constantFrom('a', 'ab', 'b')),
    });
    const keyOf = (p: {
      workspace: number;
      source: string;
      messageId: string | null;
      body: string;
      eventName: string | null;
    }): string => receiptKey(p.workspace, p.source, { ...p, body: Buffer.from(p.body) }).toString('hex');
    const identity = (p: { messageId: string | null; body: string }): object => ({
      ...p,
      ...(p.messageId === null ? {} : { body: '' }),
    });
    fc.assert(
      fc.property(part, part, (a, b) => {
        const same = JSON.stringify(identity(a)) === JSON.stringify(identity(b));
        return (keyOf(a) === keyOf(b)) === same;
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseTarget', () => {
  it('reads slug, token and query', () => {
    expect(parseTarget('/webhooks/quizapi')).toEqual({ slug: 'quizapi', token: null, query: '' });
    expect(parseTarget('/webhooks/synap/t0-k_en?event=a/b')).toEqual({
      slug: 'synap',
      token: 't0-k_en',
      query: 'event=a/b',
    });
    expect(parseTarget('/webhooks/synap?x=/y')).toEqual({ slug: 'synap', token: null, query: 'x=/y' });
    expect(parseTarget('/webhooks/synap/')).toEqual({ slug: 'synap', token: '', query: '' });
    expect(parseTarget('/webhooks/synap/a/b')).toEqual({ slug: 'synap', token: 'a/b', query: '' });
  });

  it('knows no other path', () => {
    for (const url of [
      '/webhooks/',
      '/webhooks',
      '/',
      '/webhooks/UPPER',
      '/webhooks/a%20b',
      '/webhooks/?a',
      `/webhooks/${'a'.repeat(64)}`,
    ]) {
      expect(parseTarget(url)).toBeNull();
    }
  });
});

describe('storedHeaders', () => {
  it('gives what JSON.stringify gives when there is nothing to hide', () => {
    expect(storedHeaders({ host: 'x', 'x-a': 'b' }, [])).toBe('{"host":"x","x-a":"b"}');
  });

  it('hides credentials and tokens wherever they stand', () => {
    const text = storedHeaders(
      { authorization: 'Basic x', 'set-cookie': ['a', 'b'], referer: 'https://h/webhooks/s/tok?x=tok' },
      ['tok'],
    );
    expect(JSON.parse(text)).toEqual({
      authorization: '[redacted]',
      'set-cookie': '[redacted]',
      referer: 'https://h/webhooks/s/[redacted]?x=[redacted]',
    });
  });

  it('is valid JSON within the limit, whatever the headers', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.string({ maxLength: 200 })),
        fc.integer({ min: 50, max: 400 }),
        (headers, limit) => {
          const text = storedHeaders(headers, ['token'], limit);
          return text.length <= limit && typeof JSON.parse(text) === 'object';
        },
      ),
    );
  });
});

describe('testMarks', () => {
  const marks = testMarks('a key of at least thirty-two characters');
  const body = Buffer.from('{}');
  const at = Date.UTC(2026, 3, 8, 14, 30, 59);

  it('hold for their body, for a minute or two, on every process with the same key', () => {
    const mark = marks.mark(body, at);
    expect(marks.holds(mark, body, at)).toBe(true);
    expect(marks.holds(mark, body, at + 60_000)).toBe(true);
    expect(testMarks('a key of at least thirty-two characters').holds(mark, body, at)).toBe(true);
  });

  it('do not hold for another body, another time or another key', () => {
    const mark = marks.mark(body, at);
    expect(marks.holds(mark, Buffer.from('{ }'), at)).toBe(false);
    expect(marks.holds(mark, body, at + 180_000)).toBe(false);
    expect(marks.holds('', body, at)).toBe(false);
    expect(testMarks('another key of at least thirty-two chars').holds(mark, body, at)).toBe(false);
  });
});

describe('TokenBucket', () => {
  it('lets through a second’s worth at once, then the rate, and says how long to wait', () => {
    const bucket = new TokenBucket(4, 0);
    const taken = (now: number): boolean => bucket.take(now).taken;
    expect([0, 0, 0, 0].map(taken)).toEqual([true, true, true, true]);
    expect(bucket.take(0)).toEqual({ taken: false, waitMs: 250 });
    expect(taken(250)).toBe(true);
    expect(taken(260)).toBe(false);
    // An hour of silence saves up no more than one second's worth.
    expect([0, 0, 0, 0, 0].map(() => taken(3_600_000))).toEqual([true, true, true, true, false]);
  });
});

it('saysJson takes JSON in its spellings, and silence', () => {
  for (const type of [
    undefined,
    'application/json',
    'Application/JSON ; charset=UTF-8',
    'application/problem+json',
    'text/json',
  ]) {
    expect(saysJson(type)).toBe(true);
  }
  for (const type of [
    '',
    'text/plain',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    'text/plain; application/json',
  ]) {
    expect(saysJson(type)).toBe(false);
  }
});

it('eventName is printable, at most 100 characters, or null, whatever the query', () => {
  expect(eventName('event=attempt.completed')).toBe('attempt.completed');
  expect(eventName('a=b&event=exam.submitted&c')).toBe('exam.submitted');
  expect(eventName('other=1')).toBeNull();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const name = eventName(`event=${encodeURIComponent(text.toWellFormed())}&x=${text}`);
      return name === null || (name.length <= 100 && name.isWellFormed() && !/\p{Cc}/u.test(name));
    }),
  );
});
