/** Start-up: from the start of the process to the first 200 of /readyz, on a data directory with an embedded database in it. */

import { prepareLoad } from './load/load.ts';
import type { BenchOptions } from './options.ts';
import type { FigureResult } from './report.ts';
import { median } from './report.ts';
import { startServe } from './sides/gradewire.ts';
import { SECRET } from './sides/side.ts';
import type { World } from './sides/world.ts';

/** Not an empty database: as many receipts as a small school has in a term. */
const RECEIPTS = 20_000;

export async function startup(world: World, options: BenchOptions): Promise<FigureResult> {
  const where = {
    databaseUrl: null,
    dataDir: `${world.directory}/startup`,
    ...world.launch('gradewire'),
  };
  const first = await startServe(where);
  const load = await prepareLoad({
    kind: 'closed',
    target: { host: '127.0.0.1', port: first.port, path: '/webhooks/quizapi', secret: SECRET },
    traffic: { run: world.nextRun(), learners: 2_000, quizzes: 50, count: options.short ? 200 : RECEIPTS },
    connections: 16,
    seconds: 120,
    warmupSeconds: 0,
  });
  await load.go();
  await first.stop();
  const runs: { milliseconds: number }[] = [];
  for (let round = 0; round < (options.short ? 2 : Math.max(7, options.runs)); round++) {
    const server = await startServe(where);
    await server.stop();
    runs.push({ milliseconds: server.readyAfterMs });
    console.log(`startup ${round + 1}: ready after ${Math.round(server.readyAfterMs)} ms`);
  }
  const times = runs.map((run) => run.milliseconds);
  return {
    headings: ['start', 'ready after ms'],
    rows: [
      ['first (makes the database)', first.readyAfterMs],
      ['existing data directory, median', median(times)],
      ['existing data directory, slowest', Math.max(...times)],
    ],
    requirements: [{ what: 'start to ready, ms', value: median(times), bound: 3_000, kind: 'under' }],
    runs,
  };
}
