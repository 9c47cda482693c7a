/** No input makes an adapter throw, or give what cannot be stored. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_CASES } from './cases/all.ts';
import { asRequest, NOW, signedExample } from './platform-case.ts';
import { bodiesOf, HEADERS, isContainer, pathsOf, put } from './samples.ts';
import { unstorable } from './storable.ts';

/** Values that break careless readers, as JSON text, so that keys like __proto__ are really there. */
const NASTY = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '1e999',
  '9007199254740993',
  '2147483648',
  '1e-320',
  '""',
  '" "',
  '"NaN"',
  '"Infinity"',
  '"-1"',
  '"1e308"',
  '"0x10"',
  '"7.00"',
  '"None"',
  '"null"',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00x"',
  '"__proto__"',
  '"constructor"',
  '"2026-04-08T14:30:00Z"',
  '"2026-02-30T00:00:00Z"',
  '"0000-00-00T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '1775658600',
  '1e15',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '[{}]',
  '{"__proto__":{"score":1}}',
  '{"constructor":1}',
  '{"toString":null}',
  '{"\\u0000":"\\ud800"}',
  `"${'x'.repeat(600)}"`,
  `"${'😀'.repeat(300)}"`,
  `"${'9'.repeat(500)}"`,
  `[${'0,'.repeat(5000)}0]`,
  `${'['.repeat(2000)}${']'.repeat(2000)}`,
  `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
] as const;

const nasty = fc.constantFrom(...NASTY).map((text): unknown => JSON.parse(text));
/** Any JSON there is, mixed with the above. */
const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4, noUnicodeString: false }) },
  { weight: 1, arbitrary: nasty },
  { weight: 1, arbitrary: fc.dictionary(fc.string({ unit: 'binary', maxLength: 12 }), nasty, { maxKeys: 6 }) },
);

/** Where to change a body: a path of fractions, each picking a member of what it meets. */
const changes = fc.array(
  fc.record({
    path: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 1, maxLength: 4 }),
    value: anyJson,
  }),
  {
    minLength: 1,
    maxLength: 3,
  },
);

const headerValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '',
    ' ',
    'sha256=',
    `sha256=${'0'.repeat(64)}`,
    'v1,',
    'v1, v1,',
    'v1,AAAA',
    'Basic ',
    'basic Og==',
    '1775658600',
    '-1',
    '1e9',
    'NaN',
  ),
);
const anyHeaders = fc.dictionary(fc.constantFrom(...HEADERS), headerValue, { maxKeys: HEADERS.length });
const anyTime = fc.oneof(
  fc.constant(NOW),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
);

describe.each(ALL_CASES.map((one) => [one.adapter.title, one] as const))('%s', (_, platform) => {
  const { adapter, secrets } = platform;

  test('toMeaning takes any JSON', () => {
    fc.assert(
      fc.property(
        anyJson,
        fc.option(fc.string({ unit: 'binary', maxLength: 30 })),
        anyTime,
        (body, eventName, receivedAt) => {
          expect(unstorable(adapter.toMeaning({ body, eventName, receivedAt }))).toEqual([]);
          expect(() => adapter.coveredFields?.(body)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });

  test('toMeaning takes any change of what the platform sends', () => {
    const bodies = bodiesOf(platform);
    fc.assert(
      fc.property(fc.constantFrom(...bodies), changes, ({ body, event }, list) => {
        const changed = structuredClone(body);
        for (const { path, value } of list) change(changed, path, value);
        const meaning = adapter.toMeaning({ body: changed, eventName: event, receivedAt: NOW });
        expect(unstorable(meaning)).toEqual([]);
        expect(() => JSON.stringify(meaning)).not.toThrow();
      }),
      { numRuns: 1500 },
    );
  });

  test('every field of every sample takes every nasty value, and neither is changed by reading', () => {
    const values = NASTY.map((text): [string, unknown] => [text, JSON.parse(text)]);
    for (const { body, event } of bodiesOf(platform)) {
      for (const path of pathsOf(body)) {
        // One copy for all values of a place, each of which replaces the one before.
        const changed = structuredClone(body);
        for (const [text, value] of values) {
          put(changed, path, value);
          const meaning = adapter.toMeaning({ body: changed, eventName: event, receivedAt: NOW });
          const faults = unstorable(meaning);
          if (faults.length > 0) expect.fail(`${event} ${path.join('.')} = ${text.slice(0, 40)}: ${faults.join(' ')}`);
        }
        put(changed, path, null);
        const rest = structuredClone(body);
        put(rest, path, null);
        expect(changed, `${event} ${path.join('.')}`).toEqual(rest);
      }
    }
    for (const [text, value] of values) expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
  });

  test('verify takes any bytes and headers', () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      anyJson.map((value) => Buffer.from(JSON.stringify(value) ?? '')),
    );
    const someSecrets = fc.constantFrom(secrets, platform.wrong, { secrets: [], publicKey: null, basicAuth: [] });
    fc.assert(
      fc.property(bodies, anyHeaders, anyTime, someSecrets, (body, headers, receivedAt, known) => {
        const verdict = adapter.verify({ headers, body: Buffer.from(body), receivedAt }, known);
        if (!verdict.ok) expect(verdict.hint).not.toBe('');
        else if (known.secrets.length + known.basicAuth.length > 0) expect(platform.codes.wrong).toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('verify takes any bytes put into a signed request', () => {
    const good = asRequest(signedExample(platform));
    fc.assert(
      fc.property(fc.nat(), fc.nat(60), fc.uint8Array({ maxLength: 20 }), (at, removed, put) => {
        const start = at % (good.body.byteLength + 1);
        const body = Buffer.concat([good.body.subarray(0, start), put, good.body.subarray(start + removed)]);
        const verdict = adapter.verify({ ...good, body }, secrets);
        if (verdict.ok && platform.covers === 'all') expect(body.equals(good.body)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** Puts `value` at the place that the fractions lead to. */
function change(body: Record<string, unknown>, path: readonly number[], value: unknown): void {
  let at: Record<string, unknown> = body;
  for (const [depth, fraction] of path.entries()) {
    const keys = Object.keys(at);
    const key = keys[Math.floor(fraction * keys.length)];
    if (key === undefined) return;
    const below = at[key];
    if (depth < path.length - 1 && isContainer(below)) at = below;
    else {
      at[key] = value;
      return;
    }
  }
}
