/** `npm run bench`: measures what bench/README.md lists. Exit code 0 whatever the figures say, 1 when a run fails, 2: usage. */
import { rmSync } from 'node:fs';
import { api } from './api.ts';
import { burst } from './burst.ts';
import { deliveries } from './deliveries.ts';
import { latency } from './latency.ts';
import type { Machine } from './machine.ts';
import { describeMachine } from './machine.ts';
import { memory } from './memory.ts';
import type { BenchOptions, Figure } from './options.ts';
import { readOptions, USAGE } from './options.ts';
import { printProfiles } from './profile-top.ts';
import type { FigureResult } from './report.ts';
import { RESULTS, report } from './report.ts';
import { killChildren } from './sides/child.ts';
import { World } from './sides/world.ts';
import { startup } from './startup.ts';
import { steady } from './steady.ts';

const MEASURE: Readonly<Record<Figure, (world: World, options: BenchOptions) => Promise<FigureResult>>> = {
  burst,
  steady,
  latency,
  startup,
  memory,
  api,
  deliveries,
};

async function main(options: BenchOptions): Promise<void> {
  const machine: Machine = describeMachine();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
  );
  if (options.profile) rmSync(`${RESULTS}profiles`, { recursive: true, force: true });
  const world = new World(options);
  try {
    for (const figure of options.figures) {
      report(figure, await MEASURE[figure](world, options), machine, options);
      if (options.profile) printProfiles(`${RESULTS}profiles`, 25);
    }
  } finally {
    killChildren();
    await world.close();
  }
}

let options: BenchOptions | null = null;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
// Ctrl-C: the servers end with the bench; the databases are stopped by the same path as at the end.
process.once('SIGINT', killChildren);
if (options !== null) {
  await main(options).catch((error: Error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
