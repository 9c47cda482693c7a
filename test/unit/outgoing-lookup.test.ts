/** Resolving names: nobody asked twice at once, answers kept for a while, slow name servers in a lane of their own. */
import type { LookupAddress } from 'node:dns';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemResolve } from '../../src/delivery/http/lookup.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Asked {
  name: string;
  answer(): void;
  fail(): void;
}

/** A system whose answers come when the test gives them. */
function system() {
  const asked: Asked[] = [];
  const resolve = systemResolve(
    (name) =>
      new Promise<readonly LookupAddress[]>((done, reject) => {
        asked.push({
          name,
          answer: () => done([{ address: '192.0.2.1', family: 4 }]),
          fail: () => reject(Object.assign(new Error(name), { code: 'ENOTFOUND' })),
        });
      }),
  );
  return { resolve, asked, names: () => asked.map(({ name }) => name) };
}

const settle = async () => await new Promise((resolve) => setImmediate(resolve));

it('asks once for everybody who waits, and again only when the answer is old or there was none', async () => {
  const { resolve, asked } = system();
  const both = Promise.all([resolve('a.test'), resolve('a.test')]);
  await settle();
  expect(asked).toHaveLength(1);
  asked[0]?.answer();
  expect(await both).toEqual([[{ address: '192.0.2.1', family: 4 }], [{ address: '192.0.2.1', family: 4 }]]);
  vi.advanceTimersByTime(9_000);
  await resolve('a.test');
  expect(asked).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  const later = resolve('a.test');
  await settle();
  expect(asked).toHaveLength(2);
  asked[1]?.fail();
  await expect(later).rejects.toMatchObject({ code: 'ENOTFOUND' });
  void resolve('a.test').catch(() => undefined);
  await settle();
  expect(asked).toHaveLength(3);
});

it('asks for slow names one at a time, and for others beside them', async () => {
  const { resolve, asked, names } = system();
  const slow = ['slow-1.test', 'slow-2.test', 'slow-3.test'];
  const first = slow.map((name) => resolve(name).catch(() => undefined));
  await settle();
  // Of four threads of the machine two are for names that are not known to be slow.
  expect(names()).toEqual(['slow-1.test', 'slow-2.test']);
  vi.advanceTimersByTime(5_000);
  for (const each of asked) each.fail();
  await settle();
  vi.advanceTimersByTime(5_000);
  asked[2]?.fail();
  await Promise.all(first);

  for (const name of slow) void resolve(name).catch(() => undefined);
  const quick = resolve('quick.test');
  await settle();
  expect(names().slice(3)).toEqual(['slow-1.test', 'quick.test']);
  asked[4]?.answer();
  expect(await quick).toHaveLength(1);
  asked[3]?.answer();
  await settle();
  expect(names().slice(5)).toEqual(['slow-2.test']);
});
