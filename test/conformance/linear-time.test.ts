/** No input makes an adapter take more than linear time. */
import { describe, expect, test } from 'vitest';
import type { IncomingWebhook } from '../../src/adapters/adapter.ts';
import { ALL_CASES } from './cases/all.ts';
import { asRequest, NOW, signedExample } from './platform-case.ts';
import { bodiesOf, HEADERS, isObject, pathsOf, put } from './samples.ts';

describe.each(ALL_CASES.map((one) => [one.adapter.title, one] as const))('%s', (_, platform) => {
  const { adapter, secrets } = platform;

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

  test.each(Object.entries(HOSTILE_TEXTS))('toMeaning, each field in turn of %s', (_name, make) => {
    const samples = bodiesOf(platform).slice(0, MOST_SAMPLES);
    expectLinear((size) => {
      const value = make(size / 32);
      const bodies = samples.flatMap(({ body, event }) =>
        pathsOf(body).map((path) => {
          const changed = structuredClone(body);
          put(changed, path, value);
          return { body: changed, event };
        }),
      );
      return () => {
        for (const { body, event } of bodies) adapter.toMeaning({ body, eventName: event, receivedAt: NOW });
      };
    });
  });

  test.each(Object.entries(HOSTILE_VALUES))('toMeaning, each field in turn of %s', (_name, make) => {
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
