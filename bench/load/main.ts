/** The load generator's process: makes its requests ready, waits for the word, runs, tells the result, ends. */
import { closedLoop } from './closed-loop.ts';
import { openLoop } from './open-loop.ts';
import type { ClosedLoad, FromLoad, LoadResult, OpenLoad, ToLoad } from './protocol.ts';
import { makeRequests } from './requests.ts';
import { LiveWatcher } from './watcher.ts';

let go = () => {};
let halt = () => {};
const started = new Promise<void>((resolve) => {
  go = resolve;
});
const stopped = new Promise<void>((resolve) => {
  halt = resolve;
});

process.on('message', (message: ToLoad) => {
  switch (message.do) {
    case 'prepare':
      run(message.spec).then(
        (result) => tell({ told: 'result', result }, () => process.exit(0)),
        (error: Error) => tell({ told: 'error', message: error.message }, () => process.exit(1)),
      );
      return;
    case 'go':
      go();
      return;
    case 'stop':
      halt();
      return;
    default:
      message satisfies never;
  }
});
// The bench is gone: nobody waits for a result.
process.on('disconnect', () => process.exit(1));

async function run(spec: ClosedLoad | OpenLoad): Promise<LoadResult> {
  const requests = makeRequests(spec.target, spec.traffic);
  tell({ told: 'ready' });
  await started;
  if (spec.kind === 'closed') return (await closedLoop(spec, requests, stopped)).result(null);
  const watcher = spec.live === undefined ? null : await LiveWatcher.open(spec.target, spec.live, requests);
  const tally = await openLoop(spec, requests, stopped, (i, dueAt) => watcher?.sent(i, dueAt));
  return tally.result(watcher === null ? null : await watcher.finish(tally.acknowledgedInAll));
}

function tell(message: FromLoad, then?: () => void): void {
  process.send?.(message, undefined, undefined, then);
}
