/** Latency: webhook due → its event seen by an SSE client of /api/v1/live, at 500 completions a second, open loop. */
import { prepareLoad } from './load/load.ts';
import type { Percentiles } from './load/protocol.ts';
import type { BenchOptions } from './options.ts';
import type { FigureResult } from './report.ts';
import { median } from './report.ts';
import type { World } from './sides/world.ts';

const RATE = 500;
const CONNECTIONS = 16;

export async function latency(world: World, options: BenchOptions): Promise<FigureResult> {
  const runs: { seen: Percentiles; acknowledged: Percentiles }[] = [];
  const side = await world.startGradewire();
  try {
    // One run before those that count: code that was never run is slow the first time, on each side of the wire.
    for (let round = options.short ? 1 : 0; round <= options.runs; round++) {
      const load = await prepareLoad({
        kind: 'open',
        target: side.target,
        traffic: { run: world.nextRun(), learners: 2_000, quizzes: 50, count: RATE * options.seconds },
        connections: CONNECTIONS,
        seconds: options.seconds,
        rate: RATE,
        live: { path: '/api/v1/live', key: side.adminKey },
      });
      const result = await load.go();
      const { seen } = result;
      if (seen === null || seen.missing > 0 || seen.twice > 0 || result.acknowledgedInAll !== RATE * options.seconds) {
        throw new Error(
          `Of ${RATE * options.seconds} webhooks ${result.acknowledgedInAll} were acknowledged; ` +
            `${seen?.missing} events were missed and ${seen?.twice} came twice.`,
        );
      }
      console.log(
        `latency ${round}/${options.runs}: seen after p50 ${seen.p50} ms, p99 ${seen.p99} ms, at most ${seen.max} ms; ` +
          `acknowledged after p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms`,
      );
      if (round > 0) runs.push({ seen, acknowledged: result.latency });
    }
  } finally {
    await side.stop();
    await world.settle('gradewire');
  }
  const of = (pick: (run: { seen: Percentiles; acknowledged: Percentiles }) => number) => median(runs.map(pick));
  const p50 = of((run) => run.seen.p50);
  const p99 = of((run) => run.seen.p99);
  return {
    headings: ['webhook sent →', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'],
    rows: [
      [
        'acknowledged',
        of((run) => run.acknowledged.p50),
        of((run) => run.acknowledged.p90),
        of((run) => run.acknowledged.p99),
        of((run) => run.acknowledged.max),
      ],
      ['seen live', p50, of((run) => run.seen.p90), p99, of((run) => run.seen.max)],
    ],
    requirements: [
      { what: `sent → seen at ${RATE}/s, p50 ms`, value: p50, bound: 50, kind: 'under' },
      { what: `sent → seen at ${RATE}/s, p99 ms`, value: p99, bound: 250, kind: 'under' },
    ],
    runs,
  };
}
