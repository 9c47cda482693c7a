/**
 * Burst: acknowledgements a second while N connections send as fast as they are answered. For gradewire each one is
 * durable, and the projection is on; the backlog it leaves and the seconds to drain it are part of the result.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareLoad } from './load/load.ts';
import { cpuSeconds, residentMb } from './machine.ts';
import type { BenchOptions } from './options.ts';
import type { FigureResult, Requirement } from './report.ts';
import { median } from './report.ts';
import type { SideName } from './sides/side.ts';
import type { World } from './sides/world.ts';

interface BurstRun {
  side: SideName;
  connections: number;
  perSecond: number;
  p50: number;
  p99: number;
  refused: number;
  backlog: number;
  drainSeconds: number | null;
  /** CPU microseconds for each acknowledgement, projection included: what is left when other processes crowd the machine. */
  serverUs: number;
  databaseUs: number;
  generatorUs: number;
  residentMb: number;
}

/** Requests made ready for each second: more than the side can answer, so that the time ends the run. */
const MOST_PER_SECOND: Readonly<Record<SideName, number>> = { bare: 22_000, guide: 8_000, gradewire: 18_000 };
/** A drain slower than this is a hang. */
const DRAIN_MS = 600_000;

export async function burst(world: World, options: BenchOptions): Promise<FigureResult> {
  const runs: BurstRun[] = [];
  for (let round = 0; round < options.runs; round++) {
    for (const connections of options.connections) {
      // Another side goes first in each round, so that none always follows the same one.
      const turn = round % options.sides.length;
      for (const side of [...options.sides.slice(turn), ...options.sides.slice(0, turn)]) {
        const run = await oneBurst(world, side, connections, options);
        runs.push(run);
        console.log(
          `burst ${round + 1}/${options.runs} ${side} × ${connections}: ${Math.round(run.perSecond)}/s, p99 ${run.p99} ms, ` +
            `backlog ${run.backlog}${run.drainSeconds === null ? '' : `, drained in ${run.drainSeconds.toFixed(1)} s`}; ` +
            `CPU µs each: server ${run.serverUs.toFixed(0)}, database ${run.databaseUs.toFixed(0)}, ` +
            `generator ${run.generatorUs.toFixed(0)}`,
        );
      }
    }
  }
  return summary(runs, options);
}

async function oneBurst(world: World, name: SideName, connections: number, options: BenchOptions): Promise<BurstRun> {
  const side = await world.start(name);
  try {
    const warmupSeconds = options.short ? 0.5 : 2;
    const before = await side.stored();
    const load = await prepareLoad({
      kind: 'closed',
      target: side.target,
      traffic: {
        run: world.nextRun(),
        learners: 2_000,
        quizzes: 50,
        count: Math.ceil(MOST_PER_SECOND[name] * (options.seconds + warmupSeconds)),
      },
      connections,
      seconds: options.seconds,
      warmupSeconds,
    });
    const databasePid = world.databasePid(name);
    const serverBefore = cpuSeconds(side.pid);
    const databaseBefore = databasePid === null ? 0 : cpuSeconds(databasePid);
    const result = await load.go();
    const ended = performance.now();
    const serverCpu = cpuSeconds(side.pid) - serverBefore;
    const databaseCpu = databasePid === null ? 0 : cpuSeconds(databasePid) - databaseBefore;
    const backlog = await side.waiting();
    let drainSeconds: number | null = null;
    if (name === 'gradewire') {
      while ((await side.waiting()) > 0) {
        if (performance.now() - ended > DRAIN_MS)
          throw new Error('gradewire did not drain its backlog within 10 minutes.');
        await sleep(200);
      }
      drainSeconds = (performance.now() - ended) / 1000;
      const stored = (await side.stored()) - before;
      if (stored < result.acknowledgedInAll || stored > result.acknowledgedInAll + result.broken) {
        throw new Error(`gradewire acknowledged ${result.acknowledgedInAll} and holds ${stored} attempts.`);
      }
    }
    return {
      side: name,
      connections,
      perSecond: result.perSecond,
      p50: result.latency.p50,
      p99: result.latency.p99,
      refused: Object.values(result.refused).reduce((sum, count) => sum + count, 0) + result.broken,
      backlog,
      drainSeconds,
      serverUs: (serverCpu * 1e6) / result.acknowledgedInAll,
      databaseUs: (databaseCpu * 1e6) / result.acknowledgedInAll,
      generatorUs: (result.cpuSeconds * 1e6) / result.acknowledged,
      residentMb: residentMb(side.pid).highest,
    };
  } finally {
    await side.stop();
    await world.settle(name);
  }
}

function summary(runs: readonly BurstRun[], options: BenchOptions): FigureResult {
  const of = (side: SideName, connections: number, pick: (run: BurstRun) => number) =>
    median(runs.filter((run) => run.side === side && run.connections === connections).map(pick));
  const rows = options.connections.flatMap((connections) =>
    options.sides.map((side) => [
      String(connections),
      side,
      of(side, connections, (run) => run.perSecond),
      of(side, connections, (run) => run.p50),
      of(side, connections, (run) => run.p99),
      of(side, connections, (run) => run.refused),
      of(side, connections, (run) => run.backlog),
      side === 'gradewire' ? of(side, connections, (run) => run.drainSeconds ?? 0) : '–',
      of(side, connections, (run) => run.serverUs),
      of(side, connections, (run) => run.databaseUs),
      of(side, connections, (run) => run.residentMb),
    ]),
  );
  const requirements: Requirement[] = [];
  const most = Math.max(...options.connections);
  const ours = of('gradewire', most, (run) => run.perSecond);
  if (options.sides.includes('gradewire') && options.sides.includes('bare')) {
    requirements.push({
      what: `burst at ${most} connections, gradewire : bare`,
      value: ours / of('bare', most, (run) => run.perSecond),
      bound: 0.6,
      kind: 'least',
    });
  }
  if (options.sides.includes('gradewire') && options.sides.includes('guide')) {
    requirements.push({
      what: `burst at ${most} connections, gradewire (durable) : guide (not durable)`,
      value: ours / of('guide', most, (run) => run.perSecond),
      bound: 3,
      kind: 'least',
    });
  }
  return {
    headings: [
      'connections',
      'side',
      'acks/s',
      'p50 ms',
      'p99 ms',
      'refused',
      'backlog',
      'drain s',
      'server µs',
      'database µs',
      'peak MB',
    ],
    rows,
    requirements,
    runs,
  };
}
