/** What `gradewire simulate` does. */
import { randomBytes } from 'node:crypto';
import { withFaults } from '../simulator/faults.ts';
import { run } from '../simulator/run.ts';
import { type ScenarioOptions, scenario, scenarioSpan } from '../simulator/scenario.ts';
import { Sender } from '../simulator/sender.ts';
import { Tally } from '../simulator/tally.ts';
import { signsTime } from '../simulator/target.ts';
import { UsageError } from './failures.ts';
import type { SimulateOptions } from './simulate-options.ts';
import { summaryTable } from './simulate-summary.ts';
import { targetOfSource, targetOfUrl } from './simulate-target.ts';
import { bar, StatusLine } from './status-line.ts';
import { grouped, note, say, sayJson, styled } from './terminal.ts';

/** A named seed begins here unless --start says otherwise: the same command sends the same bytes on every day. */
const SEEDED_START = Date.UTC(2026, 0, 12, 8);

/** Sends, shows how it goes, and tells what came of it. */
export async function simulate(options: SimulateOptions): Promise<void> {
  const target = options.source === undefined ? targetOfUrl(options) : await targetOfSource(options.source, options);
  const { adapter } = target;
  if (options.event !== undefined && !adapter.events.includes(options.event)) {
    throw new UsageError(`${adapter.title} has no event "${options.event}". It has: ${adapter.events.join(', ')}.`);
  }
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const what: ScenarioOptions = {
    seed,
    adapters: [adapter],
    learners: options.learners,
    start: options.start?.getTime() ?? SEEDED_START,
    rhythm: 'history',
    event: options.event,
  };
  if (options.start === undefined && options.seed === undefined) {
    // Whole seconds, so that --start can say it again. A little spare: extrapolated, the end must not lie ahead of us.
    const span = scenarioSpan(what, options.count) * 1.05;
    what.start = Math.floor((Date.now() - span) / 1000) * 1000;
  }

  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const sender = new Sender({ connections: options.concurrency, retries: options.retries, signal: stop.signal });
  const tally = new Tally();
  const line = new StatusLine((width) => progress(tally, options.count, width));
  let unreachable: string | null = null;
  line.start();
  try {
    await run({
      deliveries: withFaults(scenario(what).take(options.count), options.faults ?? {}, seed, () => signsTime(adapter)),
      target: () => target,
      sender,
      tally,
      concurrency: options.concurrency,
      rate: options.rate ?? null,
      signal: stop.signal,
      onDone(_, outcome) {
        // Nothing was ever answered: going on would take minutes to say so a thousand times.
        if (
          outcome.kind === 'failed' &&
          tally.failedCount === tally.sent &&
          tally.sent >= Math.min(options.concurrency, options.count)
        ) {
          unreachable = outcome.reason;
          stop.abort();
        }
      },
    });
  } finally {
    line.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await sender.close();
  }
  if (unreachable !== null) {
    throw new Error(
      `Nothing at ${target.url.origin} answered as it should (${unreachable}). Is the server running, and is the URL right?`,
    );
  }

  const summary = tally.summary();
  const again = { seed, start: new Date(what.start).toISOString().replace('.000Z', 'Z') };
  if (options.json) sayJson({ ...summary, provider: adapter.provider, ...again });
  else {
    say(summaryTable(summary, { target, learners: options.learners, ...again }));
    if (stop.signal.aborted) note(styled('yellow', 'Stopped before everything was sent.', process.stderr));
  }
  if (!summary.asExpected) process.exitCode = 1;
}

function progress(tally: Tally, count: number, width: number): string {
  const { seconds, perSecond } = tally.pace();
  const text = `${grouped(tally.plain)} / ${grouped(count)}  ${grouped(Math.round(perSecond))} a second`;
  const refused = tally.refusedCount > 0 ? `  ${grouped(tally.refusedCount)} refused` : '';
  const failed = tally.failedCount > 0 ? `  ${grouped(tally.failedCount)} failed` : '';
  const waiting = tally.sent === 0 && seconds > 2 ? '  waiting for an answer' : '';
  const rest = text + refused + failed + waiting;
  const room = width - rest.length - 11;
  return `Sending  ${room >= 8 ? `${styled('green', bar(tally.plain / count, Math.min(40, room)), process.stderr)}  ` : ''}${rest}`;
}
