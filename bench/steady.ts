/**
 * Steady: the highest open-loop rate that a side holds with its oldest acknowledged and not yet stored (and projected)
 * completion younger than 5 s throughout. Found by doubling and halving with short probes, then confirmed over 30 s.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareLoad } from './load/load.ts';
import type { BenchOptions } from './options.ts';
import type { FigureResult, Requirement } from './report.ts';
import { median } from './report.ts';
import type { Side, SideName } from './sides/side.ts';
import type { World } from './sides/world.ts';

interface Probe {
  side: SideName;
  rate: number;
  seconds: number;
  held: boolean;
  oldestSeconds: number;
  acknowledgedPerSecond: number;
  p99: number;
  /** Why not, when it was not held. */
  why: string;
}

/** The issue's bound for the oldest pending one, and the time over which it is asked for. */
const OLDEST_SECONDS = 5;
const CONFIRM_SECONDS = 30;
/** Rates closer than this are not told apart. */
const RESOLUTION = 1.07;
/** Where doubling gives up: more than one generator can send. */
const HIGHEST_RATE = 20_000;
const CONNECTIONS = 64;
const POLL_MS = 500;
/** Completions that wait this long after a probe are lost or stuck. */
const DRAIN_MS = 300_000;

export async function steady(world: World, options: BenchOptions): Promise<FigureResult> {
  const probes: Probe[] = [];
  const held: { side: SideName; rate: number }[] = [];
  const sides = options.sides.filter((side) => side !== 'bare');
  for (let round = 0; round < options.runs; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const last = held.findLast((one) => one.side === side)?.rate;
      const rate = await highestRate(world, side, options, last, probes);
      held.push({ side, rate });
      console.log(`steady ${round + 1}/${options.runs} ${side}: holds ${Math.round(rate)}/s`);
    }
  }
  const of = (side: SideName) => median(held.filter((one) => one.side === side).map((one) => one.rate));
  const requirements: Requirement[] = [];
  if (sides.includes('gradewire') && sides.includes('guide')) {
    const value = of('guide') > 0 ? of('gradewire') / of('guide') : 0;
    requirements.push({ what: 'steady rate, gradewire : guide', value, bound: 6, kind: 'least' });
  }
  return {
    headings: ['side', 'held /s (median)', 'lowest', 'highest', 'probes'],
    rows: sides.map((side) => {
      const rates = held.filter((one) => one.side === side).map((one) => one.rate);
      const count = probes.filter((probe) => probe.side === side).length;
      return [side, of(side), Math.min(...rates), Math.max(...rates), count];
    }),
    requirements,
    runs: [...held, ...probes],
  };
}

/** 0 when not even the lowest rate is held. */
async function highestRate(
  world: World,
  name: SideName,
  options: BenchOptions,
  near: number | undefined,
  probes: Probe[],
): Promise<number> {
  const side = await world.start(name);
  try {
    return await search(world, side, options, near, probes);
  } finally {
    await side.stop();
  }
}

async function search(
  world: World,
  side: Side,
  options: BenchOptions,
  near: number | undefined,
  probes: Probe[],
): Promise<number> {
  const probeSeconds = options.short ? 2 : 10;
  const confirmSeconds = options.short ? 2 : CONFIRM_SECONDS;
  const attempt = async (rate: number, seconds: number) => {
    const result = await probe(world, side, rate, seconds);
    probes.push(result);
    console.log(
      `  ${side.name} ${Math.round(rate)}/s for ${seconds} s: ${result.held ? 'held' : `not held, ${result.why}`}; ` +
        `oldest ${result.oldestSeconds.toFixed(2)} s, p99 ${result.p99} ms`,
    );
    return result.held;
  };

  // A round that knows the last one's rate begins around it.
  let low = 0;
  let high = near === undefined ? (options.short ? 50 : 200) : near * 0.85;
  const step = near === undefined ? 2 : 1.3;
  while (high < HIGHEST_RATE && (await attempt(high, probeSeconds))) {
    low = high;
    high *= step;
    if (options.short) return low;
  }
  while (low === 0 && high > 10) {
    const lower = high / step;
    if (await attempt(lower, probeSeconds)) low = lower;
    else high = lower;
  }
  if (low === 0) return 0;
  while (high / low > RESOLUTION) {
    const middle = Math.sqrt(low * high);
    if (await attempt(middle, probeSeconds)) low = middle;
    else high = middle;
  }
  // The short probes only point the way: what counts is held over the whole time.
  let confirmed = 0;
  for (let rate = low; rate > 10; rate /= 1.05) {
    if (await attempt(rate, confirmSeconds)) {
      confirmed = rate;
      break;
    }
  }
  while (confirmed >= low && (await attempt(confirmed * 1.05, confirmSeconds))) confirmed *= 1.05;
  return confirmed;
}

async function probe(world: World, side: Side, rate: number, seconds: number): Promise<Probe> {
  const before = await side.stored();
  const load = await prepareLoad({
    kind: 'open',
    target: side.target,
    traffic: { run: world.nextRun(), learners: 2_000, quizzes: 50, count: Math.ceil(rate * seconds) },
    connections: CONNECTIONS,
    seconds,
    rate,
  });
  // A shorter probe sees less of a backlog grow, so it allows less.
  const allowed = Math.max(0.75, (OLDEST_SECONDS * Math.min(seconds, CONFIRM_SECONDS)) / CONFIRM_SECONDS);
  let sending = true;
  const watched = watch(side, allowed, () => sending, load.stop);
  const result = await load.go();
  sending = false;
  const oldestSeconds = await watched;
  const refused = Object.values(result.refused).reduce((sum, count) => sum + count, 0) + result.broken;
  let why = '';
  if (oldestSeconds >= allowed) why = `the oldest pending one was ${oldestSeconds.toFixed(2)} s old`;
  else if (refused > 0) why = `${refused} were refused`;
  else if (result.perSecond < rate * 0.98) why = `only ${Math.round(result.perSecond)}/s were acknowledged`;
  // The next probe must not carry this one's backlog, nor what is left to be written of it.
  await drained(side);
  await world.settle(side.name);
  const stored = (await side.stored()) - before;
  if (stored < result.acknowledgedInAll || stored > result.acknowledgedInAll + refused) {
    throw new Error(`${side.name} acknowledged ${result.acknowledgedInAll} completions and holds ${stored}.`);
  }
  return {
    side: side.name,
    rate,
    seconds,
    held: why === '',
    oldestSeconds,
    acknowledgedPerSecond: result.perSecond,
    p99: result.latency.p99,
    why,
  };
}

/** The highest age seen while sending; ends the sending when it is over what is allowed. */
async function watch(side: Side, allowed: number, sending: () => boolean, stop: () => void): Promise<number> {
  let highest = 0;
  while (sending()) {
    highest = Math.max(highest, (await side.backlog()).oldestSeconds);
    if (highest >= allowed) {
      stop();
      break;
    }
    await sleep(POLL_MS);
  }
  return highest;
}

async function drained(side: Side): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  while ((await side.waiting()) > 0) {
    if (performance.now() > deadline)
      throw new Error(`${side.name} still has a backlog ${DRAIN_MS / 1000} s after the load ended.`);
    await sleep(100);
  }
}
