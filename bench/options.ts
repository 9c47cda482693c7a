/** What `npm run bench -- …` takes. */
import { parseArgs } from 'node:util';
import type { SideName } from './sides/side.ts';
import { SIDES } from './sides/side.ts';

const FIGURES = ['burst', 'steady', 'latency', 'startup', 'memory', 'api', 'deliveries'] as const;
export type Figure = (typeof FIGURES)[number];

export interface BenchOptions {
  figures: readonly Figure[];
  /** Only checks that the bench runs: seconds instead of minutes, figures that mean nothing. */
  short: boolean;
  /** Alternating runs of each side; medians are taken over them. */
  runs: number;
  /** Seconds of one measured run. */
  seconds: number;
  connections: readonly number[];
  sides: readonly SideName[];
  /** How many receipts the memory figure sends. */
  receipts: number;
  /** Flags of node for gradewire's process, to try them. */
  nodeFlags: readonly string[];
  /** Runs the servers under --cpu-prof and prints what took their time. */
  profile: boolean;
}

export const USAGE = `npm run bench -- [figures] [options]

figures: ${FIGURES.join(', ')} (default: all)
  --short               a few seconds each: shows that the bench runs, not how fast anything is
  --runs <n>            alternating runs of each side (default 5)
  --seconds <n>         length of a measured run (default 20)
  --connections <list>  for burst (default 16,64,256)
  --sides <list>        of ${SIDES.join(', ')} (default: all)
  --receipts <n>        for memory (default 1000000)
  --node-flags="<flags>"  for the node that runs gradewire, to try them
  --profile             servers under --cpu-prof; profiles in bench/results/profiles, the top of each is printed`;

/** Reads the command line; throws a sentence when it does not fit. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      sides: { type: 'string' },
      receipts: { type: 'string' },
      'node-flags': { type: 'string', default: '' },
      profile: { type: 'boolean', default: false },
    },
  });
  const { short } = values;
  return {
    figures: positionals.length === 0 ? FIGURES : positionals.map((word) => oneOf(FIGURES, word, 'figure')),
    short,
    runs: positive(values.runs, short ? 1 : 5, '--runs'),
    seconds: positive(values.seconds, short ? 2 : 20, '--seconds'),
    connections:
      values.connections?.split(',').map((word) => positive(word, 0, '--connections')) ??
      (short ? [16] : [16, 64, 256]),
    sides: values.sides?.split(',').map((word) => oneOf(SIDES, word, 'side')) ?? SIDES,
    receipts: positive(values.receipts, short ? 5_000 : 1_000_000, '--receipts'),
    nodeFlags: values['node-flags'].split(' ').filter((flag) => flag !== ''),
    profile: values.profile,
  };
}

function oneOf<T extends string>(words: readonly T[], word: string, what: string): T {
  const found = words.find((known) => known === word);
  if (found === undefined) throw new Error(`There is no ${what} "${word}". Take one of ${words.join(', ')}.`);
  return found;
}

function positive(text: string | undefined, otherwise: number, name: string): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} takes positive numbers, not "${text}".`);
  return value;
}
