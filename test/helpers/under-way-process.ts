/**
 * A process of its own, started with --expose-gc by test/unit/under-way.test.ts: prints by how many bytes the old generation grew
 * while calls began and ended, with nothing but collections of the young.
 */
import v8 from 'node:v8';
import { deadlines } from '../../src/delivery/deadlines.ts';
import { hangOn, letGo } from '../../src/delivery/http/interrupts.ts';

const AT_ONCE = 32;
const ROUNDS = 300;
/** So many times over calls end between two collections: were most of them still there, V8 would make them among the old. */
const TURNS = 10;
const NUMBERS = 200;

const collect = (globalThis as { gc?: (options?: { type: 'minor' }) => void }).gc;
if (collect === undefined) throw new Error('Start this with --expose-gc.');

/** Something that ends, of 1.6 KB; in all some 150 MB of them. */
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

function grownBy(begin: () => () => void): number {
  const ends = Array.from({ length: AT_ONCE }, begin);
  collect?.();
  // What stands among the young for other reasons grows old first.
  for (let i = 0; i < 3; i++) collect?.({ type: 'minor' });
  const before = old();
  for (let round = 0; round < ROUNDS; round++) {
    for (let n = 0; n < AT_ONCE * TURNS; n++) {
      const i = n % AT_ONCE;
      ends[i]?.();
      ends[i] = begin();
    }
    collect?.({ type: 'minor' });
  }
  for (const end of ends) end();
  return old() - before;
}

const ends = deadlines(60_000);
const { signal } = new AbortController();
const grown = {
  deadlines: grownBy(() => {
    const deadline = ends.add(call());
    return () => ends.delete(deadline);
  }),
  signal: grownBy(() => {
    const hanging = hangOn(signal, call());
    return () => letGo(hanging);
  }),
};
process.stdout.write(JSON.stringify(grown));
