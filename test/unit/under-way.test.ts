/**
 * Calls that ended are garbage of the young, however long others have been under way: kept in a Map or a Set they were carried
 * into the old generation, because each dead table there points to the next one, and the sender spent a third of its time on that.
 */
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { deadlines } from '../../src/delivery/deadlines.ts';
import { hangOn, letGo } from '../../src/delivery/http/interrupts.ts';

const AT_ONCE = 32;
const ROUNDS = 300;
const NUMBERS = 200;

/** Something that ends, of 1.6 KB. */
function call() {
  return { expire() {}, interrupt() {}, numbers: Array.from({ length: NUMBERS }, (_, i) => i + 0.5) };
}

/** What stands in the old generation, in bytes. */
function old(): number {
  return v8
    .getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name === 'old_space' || name === 'large_object_space')
    .reduce((sum, space) => sum + space.space_used_size, 0);
}

/** How much that grows while calls begin and end, with nothing but collections of the young: at most once each is really kept. */
function grownBy(begin: () => () => void): number {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const ends = Array.from({ length: AT_ONCE }, begin);
  collect();
  // What stands among the young now for other reasons grows old first.
  for (let i = 0; i < 3; i++) collect({ type: 'minor' });
  const before = old();
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < AT_ONCE; i++) {
      ends[i]?.();
      ends[i] = begin();
    }
    collect({ type: 'minor' });
  }
  for (const end of ends) end();
  return old() - before;
}

/** All that was under way together is some 15 MB; what was left of it before was 4. */
const LITTLE = 1024 * 1024;

test('deadlines hold nothing that ended before its time', () => {
  const ends = deadlines(60_000);
  const grown = grownBy(() => {
    const deadline = ends.add(call());
    return () => ends.delete(deadline);
  });
  expect(grown).toBeLessThan(LITTLE);
});

test('a signal holds nothing that ended before it', () => {
  const { signal } = new AbortController();
  const grown = grownBy(() => {
    const hanging = hangOn(signal, call());
    return () => letGo(hanging);
  });
  expect(grown).toBeLessThan(LITTLE);
});
