/** Testpress' hash, made here the way its documentation says, from texts written out by hand. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { IncomingWebhook, SourceSecrets } from '../../src/adapters/adapter.ts';
import { testpress } from '../../src/adapters/testpress/testpress.ts';
import { fixtureText, NOW } from './platform-case.ts';

const PRIVATE = 'private/key +=&é';
const PUBLIC = 'YDRAXrgV3STf7EH5';
const secrets: SourceSecrets = { secrets: [PRIVATE], publicKey: PUBLIC, basicAuth: [] };
const EXAM = [
  'key',
  'attempt_id',
  'correct_answers_count',
  'incorrect_answers_count',
  'unanswered_answers_count',
  'percentage',
  'score',
  'user_id',
];

/** Python's urllib.parse.quote(value, safe='') and its default, which leaves the slash. */
const quoted = (value: string) =>
  encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const quotedButSlash = (value: string) => quoted(value).replaceAll('%2F', '/');

function hash(parts: readonly string[], key = PRIVATE): string {
  return createHmac('sha512', key).update(parts.join('|')).digest('hex');
}

function arrives(body: string | Buffer): IncomingWebhook {
  return { headers: {}, body: Buffer.from(body), receivedAt: NOW };
}

/** A body whose values stand exactly as given. */
function exam(values: Record<string, string>, hash: string): string {
  const members = Object.entries({ key: `"${PUBLIC}"`, ...values, hash: `"${hash}"` }).map(
    ([name, source]) => `"${name}": ${source}`,
  );
  return `{${members.join(', ')}}`;
}

const SOURCES = {
  attempt_id: '130',
  correct_answers_count: '7',
  incorrect_answers_count: '"3"',
  unanswered_answers_count: '0',
  percentage: '"70.00"',
  score: '7.00',
  user_id: '2',
};
const parts = (encode = (value: string) => value) =>
  [PUBLIC, '130', '7', PRIVATE, '3', '0', '70.00', '7.00', '2'].map(encode);

describe('values count as they are written', () => {
  test('numbers keep their zeros, text and numbers are alike', () => {
    expect(testpress.verify(arrives(exam(SOURCES, hash(parts()))), secrets)).toEqual({
      ok: true,
      verification: 'signature_partial',
      covers: EXAM,
      messageId: null,
    });
    const asText = { ...SOURCES, score: '"7.00"', attempt_id: '"130"', percentage: '70.00' };
    expect(testpress.verify(arrives(exam(asText, hash(parts()))), secrets).ok).toBe(true);
    expect(testpress.verify(arrives(exam({ ...SOURCES, score: '7.0' }, hash(parts()))), secrets).ok).toBe(false);
    expect(testpress.verify(arrives(exam({ ...SOURCES, score: '7' }, hash(parts()))), secrets).ok).toBe(false);
  });

  test.each([
    ['0.00', '0.00'],
    ['-1.50', '-1.50'],
    ['1e2', '1e2'],
    ['12345678901234567890', '12345678901234567890'],
    ['"a\\u0062\\/c\\n"', 'ab/c\n'],
    ['"\\"quoted\\""', '"quoted"'],
    ['"ü€😀"', 'ü€😀'],
    ['""', ''],
  ])('%s is signed as %s', (source, text) => {
    const signed = hash([PUBLIC, '130', '7', PRIVATE, '3', '0', '70.00', text, '2']);
    expect(testpress.verify(arrives(exam({ ...SOURCES, score: source }, signed)), secrets).ok).toBe(true);
  });

  test.each([
    ['percent-encoded', quoted],
    ['percent-encoded but for slashes', quotedButSlash],
  ])('%s', (_name, encode) => {
    expect(testpress.verify(arrives(exam(SOURCES, hash(parts(encode)))), secrets).ok).toBe(true);
  });

  test.each(['None', ''])('null as "%s", and a missing value as null', (nothing) => {
    const signed = hash([PUBLIC, '130', nothing, PRIVATE, '3', '0', '70.00', '7.00', '2']);
    const { correct_answers_count: _, ...rest } = SOURCES;
    expect(testpress.verify(arrives(exam({ ...SOURCES, correct_answers_count: 'null' }, signed)), secrets).ok).toBe(
      true,
    );
    expect(testpress.verify(arrives(exam(rest, signed)), secrets).ok).toBe(true);
    expect(testpress.verify(arrives(exam({ ...SOURCES, correct_answers_count: '0' }, signed)), secrets).ok).toBe(false);
  });

  test.each(['{"a": 7.00}', '[7.00]', 'true'])('%s stands for no number', (source) => {
    expect(testpress.verify(arrives(exam({ ...SOURCES, score: source }, hash(parts()))), secrets).ok).toBe(false);
  });
});

describe('only the outermost, last value of a name counts', () => {
  test('nested values of the same name', () => {
    const nested = { exam: '{"id": 1, "score": 99, "hash": "x", "key": "x"}', ...SOURCES, more: '[{"score": 98}]' };
    expect(testpress.verify(arrives(exam(nested, hash(parts()))), secrets).ok).toBe(true);
  });

  test('the last of repeated keys, as JSON.parse reads it', () => {
    const body = exam(SOURCES, hash(parts()));
    expect(testpress.verify(arrives(body.replace('{', '{"score": 99, ')), secrets).ok).toBe(true);
    expect(testpress.verify(arrives(body.replace(/\}$/, ', "score": 99}')), secrets).ok).toBe(false);
    // Escapes in a key do not hide it.
    expect(testpress.verify(arrives(body.replace(/\}$/, ', "sc\\u006fre": 99}')), secrets).ok).toBe(false);
  });

  test('__proto__ and constructor are names like others', () => {
    const body = exam({ __proto__x: '1', ...SOURCES }, hash(parts())).replace(
      '"__proto__x": 1',
      '"__proto__": {"score": 99}, "constructor": 1',
    );
    expect(testpress.verify(arrives(body), secrets).ok).toBe(true);
    const { score: _, ...rest } = SOURCES;
    const inherited = exam(rest, hash(parts())).replace('{', '{"__proto__": {"score": 7.00}, ');
    expect(testpress.verify(arrives(inherited), secrets).ok).toBe(false);
  });

  test('whitespace of all kinds', () => {
    const body = `\r\n\t ${exam(SOURCES, hash(parts())).replaceAll(', ', '\r\n,\t').replaceAll(': ', '\n : ')} \n`;
    expect(testpress.verify(arrives(body), secrets).ok).toBe(true);
  });
});

test('a value cannot be moved into the next field', () => {
  const signed = hash(parts());
  expect(
    testpress.verify(
      arrives(exam({ ...SOURCES, incorrect_answers_count: '"3|0"', unanswered_answers_count: '"70.00"' }, signed)),
      secrets,
    ).ok,
  ).toBe(false);
});

describe('chapter content', () => {
  const text = fixtureText('testpress/content-notes.json');
  const signed = hash([PUBLIC, '255920', '248', '2', '1', PRIVATE, 'Completed']);
  const body = text.replace('"hash": ""', `"hash": "${signed}"`);

  test('is signed over ids and state', () => {
    expect(testpress.verify(arrives(body), secrets)).toMatchObject({
      ok: true,
      covers: ['key', 'attempt_id', 'chapter_content.id', 'user_id', 'course.id', 'state'],
    });
    for (const [from, to] of [
      ['"id": 248', '"id": 249'],
      ['"id": 1,', '"id": 2,'],
      ['"Completed"', '"Started"'],
    ] as const) {
      expect(body).toContain(from);
      expect(testpress.verify(arrives(body.replace(from, to)), secrets).ok).toBe(false);
    }
  });

  test('an exam whose chapter_content is null is an exam', () => {
    expect(
      testpress.verify(arrives(exam({ ...SOURCES, chapter_content: 'null' }, hash(parts()))), secrets),
    ).toMatchObject({ covers: EXAM });
  });
});

describe('refuses', () => {
  test('another institute', () => {
    const other = { ...secrets, publicKey: 'another' };
    expect(testpress.verify(arrives(exam(SOURCES, hash(parts()))), other)).toMatchObject({
      ok: false,
      code: 'invalid_signature',
      hint: expect.stringMatching(/institute/),
    });
    expect(testpress.verify(arrives(exam(SOURCES, hash(parts()))), { ...secrets, publicKey: null }).ok).toBe(false);
  });

  test('the samples of the seed, whose private key nobody has', () => {
    for (const name of ['exam-started', 'exam-completed']) {
      const verdict = testpress.verify(arrives(fixtureText(`testpress/${name}.seed.json`)), secrets);
      expect(verdict).toMatchObject({
        ok: false,
        code: 'invalid_signature',
        hint: expect.stringMatching(/another private key/),
      });
    }
  });

  test.each([
    ['nothing', ''],
    ['text', 'hash=abc'],
    ['truncated JSON', '{"hash": "a"'],
    ['a megabyte of brackets', '['.repeat(1_048_576)],
    ['a megabyte of objects', '{"a":'.repeat(209_715)],
    ['trailing text', '{} {}'],
    ['a byte order mark', '\ufeff{}'],
  ])('%s as malformed JSON', (_name, body) => {
    expect(testpress.verify(arrives(body), secrets)).toMatchObject({ ok: false, code: 'malformed_json' });
  });

  test('invalid UTF-8 as malformed JSON', () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(testpress.verify(arrives(body), secrets)).toMatchObject({ ok: false, code: 'malformed_json' });
  });

  test.each(['[]', 'null', '1', '"hash"', '{}', '{"hash": null}', '{"hash": {}}'])(
    '%s, which holds no hash',
    (body) => {
      expect(testpress.verify(arrives(body), secrets)).toMatchObject({ ok: false, code: 'missing_signature' });
    },
  );
});

test('deep nesting beside the signed values does no harm', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  expect(testpress.verify(arrives(exam({ ...SOURCES, deep }, hash(parts()))), secrets).ok).toBe(true);
});
