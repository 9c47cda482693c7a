/** No input makes an adapter throw, give what cannot be stored, or take more than linear time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Adapter, IncomingWebhook } from '../../src/adapters/adapter.ts';
import { ALL_CASES } from './cases/all.ts';
import { asRequest, exampleOf, NOW, type PlatformCase, signedExample } from './platform-case.ts';
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

/** Every header that any adapter reads. */
const HEADERS = [
  'x-quizapi-signature',
  'authorization',
  'svix-id',
  'svix-timestamp',
  'svix-signature',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'content-type',
];
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

  test('every field of every sample takes every nasty value', () => {
    for (const { body, event } of bodiesOf(platform)) {
      for (const path of pathsOf(body)) {
        for (const text of NASTY) {
          const changed = structuredClone(body);
          put(changed, path, JSON.parse(text));
          const meaning = adapter.toMeaning({ body: changed, eventName: event, receivedAt: NOW });
          const faults = unstorable(meaning);
          if (faults.length > 0) expect.fail(`${event} ${path.join('.')} = ${text.slice(0, 40)}: ${faults.join(' ')}`);
        }
      }
    }
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

  describe('takes time that grows no faster than the input', () => {
    test.each(Object.entries(HOSTILE_BODIES))('verify, body of %s', (_name, make) => {
      const good = asRequest(signedExample(platform));
      expectLinear((size) => {
        const request = { ...good, body: Buffer.from(make(size)) };
        return () => adapter.verify(request, secrets);
      });
    });

    test.each(Object.entries(HOSTILE_TEXTS))('verify, headers of %s', (_name, make) => {
      const good = asRequest(signedExample(platform));
      expectLinear((size) => {
        const headers = Object.fromEntries(
          HEADERS.map((name) => [name, `${name === 'authorization' ? 'Basic ' : ''}${make(size / 4)}`]),
        );
        const timestamp = { 'svix-timestamp': good.headers['svix-timestamp'] ?? String(NOW / 1000) };
        const request: IncomingWebhook = { ...good, headers: { ...headers, ...timestamp } };
        return () => adapter.verify(request, secrets);
      });
    });

    test.each(Object.entries(HOSTILE_TEXTS))('toMeaning, every text of %s', (_name, make) => {
      const samples = bodiesOf(platform).slice(0, MOST_SAMPLES);
      expectLinear((size) => {
        const bodies = samples.map(({ body, event }) => {
          const changed = structuredClone(body);
          const keep = new Set(['event', 'type', 'state', 'attempt_state', 'eventName']);
          for (const path of pathsOf(body)) if (!keep.has(path.at(-1) ?? '')) put(changed, path, make(size / 16));
          return { body: changed, event };
        });
        return () => {
          for (const { body, event } of bodies) adapter.toMeaning({ body, eventName: event, receivedAt: NOW });
        };
      });
    });

    test.each(Object.entries(HOSTILE_VALUES))('toMeaning, every value of %s', (_name, make) => {
      const samples = bodiesOf(platform).slice(0, MOST_SAMPLES);
      expectLinear((size) => {
        const value = make(size / 64);
        const bodies = samples.flatMap(({ body, event }) =>
          Object.keys(body).flatMap((key) => {
            const outer = { ...body, [key]: value };
            const inner = body[key];
            return [
              outer,
              ...(isObject(inner)
                ? Object.keys(inner).map((name) => ({ ...body, [key]: { ...inner, [name]: value } }))
                : []),
            ].map((changed) => ({ body: changed, event }));
          }),
        );
        return () => {
          for (const { body, event } of bodies) adapter.toMeaning({ body, eventName: event, receivedAt: NOW });
        };
      });
    });
  });
});

/** Enough of a platform's bodies to see how time grows. */
const MOST_SAMPLES = 6;

/** Texts on which a careless pattern or scanner backtracks. */
const HOSTILE_TEXTS: Readonly<Record<string, (size: number) => string>> = {
  spaces: (size) => ' '.repeat(size),
  digits: (size) => '9'.repeat(size),
  'at signs': (size) => 'a@'.repeat(size / 2),
  dots: (size) => '1.'.repeat(size / 2),
  'pipes and backslashes': (size) => '|\\'.repeat(size / 2),
  'empty signatures': (size) => 'v1, '.repeat(size / 4),
  'lone surrogates': (size) => '\ud800'.repeat(size),
  'null bytes': (size) => '\0'.repeat(size),
  slashes: (size) => `https://${'/'.repeat(size)}`,
};

const HOSTILE_BODIES: Readonly<Record<string, (size: number) => string>> = {
  'opening brackets': (size) => '['.repeat(size),
  'nested lists': (size) => `{"a":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
  'nested objects': (size) => '{"a":'.repeat(size / 5),
  backslashes: (size) => `{"hash":"${'\\\\'.repeat(size / 2)}"}`,
  'an open string': (size) => `{"hash":"${'\\'.repeat(size)}`,
  spaces: (size) => `{${' '.repeat(size)}"hash":1}`,
  'one key, again and again': (size) => `{${'"hash":"a",'.repeat(size / 11)}"key":"YDRAXrgV3STf7EH5"}`,
  'many keys': (size) =>
    `{${Array.from({ length: size / 16 }, (_, i) => `"k${i}":${i},`).join('')}"hash":"a","key":"YDRAXrgV3STf7EH5"}`,
  'long signed values': (size) => `{"hash":"a","key":"YDRAXrgV3STf7EH5","score":"${"!'é".repeat(size / 4)}"}`,
  'a long signed number': (size) => `{"hash":"a","key":"YDRAXrgV3STf7EH5","score":${'9'.repeat(size)}}`,
};

const HOSTILE_VALUES: Readonly<Record<string, (size: number) => unknown>> = {
  'long lists': (size) => new Array(Math.ceil(size)).fill(0),
  'lists of objects': (size) =>
    Array.from({ length: Math.ceil(size / 8) }, (_, i) => ({
      questionId: i,
      subject_name: `s${i}`,
      id: i,
      parent_subject_id: i - 1,
      externalId: i,
      kind: 'topic',
      name: 'n',
    })),
  'many keys': (size) =>
    Object.fromEntries(
      Array.from({ length: Math.ceil(size / 4) }, (_, i) => [`key ${i}`, { correct_answers_count: i }]),
    ),
  'deep lists': (size) => JSON.parse(`${'['.repeat(size)}${']'.repeat(size)}`) as unknown,
};

/**
 * Thirty-two times the input may take at most 320 times the time: linear work stays far below, quadratic work would take
 * 1024 times. A ratio of the best of several runs, so that a busy machine does not matter; times too short to measure pass.
 */
function expectLinear(prepare: (size: number) => () => unknown): void {
  const SMALL = 32_768;
  const FACTOR = 32;
  const best = (run: () => unknown, runs: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < runs; i += 1) {
      const start = process.hrtime.bigint();
      run();
      least = Math.min(least, Number(process.hrtime.bigint() - start) / 1e6);
    }
    return least;
  };
  const small = Math.max(best(prepare(SMALL), 3), 0.5);
  expect(best(prepare(SMALL * FACTOR), 2) / small).toBeLessThan(FACTOR * 10);
}

interface Sample {
  event: string;
  body: Record<string, unknown>;
}

/** Every example the adapter makes and every sample that it reads as facts. */
function bodiesOf(platform: PlatformCase): Sample[] {
  const examples = platform.adapter.events.map((event) => ({
    event,
    body: parsed(signedBody(platform.adapter, platform, event)),
  }));
  const samples = platform.readings
    .filter((reading) => Array.isArray(reading.means) && isObject(reading.body))
    .slice(0, 4)
    .map((reading) => ({ event: reading.eventName ?? '', body: parsed(JSON.stringify(reading.body)) }));
  return [...examples, ...samples];
}

function signedBody(adapter: Adapter, platform: PlatformCase, event: string): string {
  return adapter.sign(exampleOf(adapter, event), platform.secrets, { id: 'msg_1', at: NOW, event }).body.toString();
}

function parsed(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

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

/** The paths of all members, outer ones too. */
function pathsOf(body: Record<string, unknown>, before: readonly string[] = []): string[][] {
  return Object.entries(body).flatMap(([key, value]) => {
    const path = [...before, key];
    return [path, ...(isContainer(value) ? pathsOf(value, path) : [])];
  });
}

function put(body: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at: Record<string, unknown> = body;
  for (const key of path.slice(0, -1)) {
    const below = at[key];
    if (!isContainer(below)) return;
    at = below;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
