/** Memory: resident bytes of the server process (not of PostgreSQL) after a million receipts, and at its highest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareLoad } from './load/load.ts';
import { residentMb } from './machine.ts';
import type { BenchOptions } from './options.ts';
import type { FigureResult } from './report.ts';
import type { World } from './sides/world.ts';

/** Requests of one generator: about 260 MB of them. */
const BATCH = 200_000;
/** A million receipts of 20,000 learners on 50 quizzes: one attempt each. */
const LEARNERS = 20_000;
const CONNECTIONS = 64;

export async function memory(world: World, options: BenchOptions): Promise<FigureResult> {
  const total = options.receipts;
  const side = await world.start('gradewire');
  const runs: { receipts: number; residentMb: number; highestMb: number }[] = [];
  try {
    const note = (receipts: number) => {
      const { now, highest } = residentMb(side.pid);
      runs.push({ receipts, residentMb: now, highestMb: highest });
      console.log(`memory: ${receipts} receipts, ${now.toFixed(0)} MB, at most ${highest.toFixed(0)} MB`);
      return { now, highest };
    };
    note(0);
    for (let sent = 0; sent < total; ) {
      const count = Math.min(BATCH, total - sent);
      const load = await prepareLoad({
        kind: 'closed',
        target: side.target,
        traffic: { run: world.nextRun(), learners: LEARNERS, quizzes: 50, count },
        connections: CONNECTIONS,
        seconds: 600,
        warmupSeconds: 0,
      });
      const result = await load.go();
      if (result.acknowledgedInAll !== count) {
        throw new Error(`Of ${count} webhooks only ${result.acknowledgedInAll} were acknowledged.`);
      }
      sent += count;
      note(sent);
    }
    while ((await side.waiting()) > 0) await sleep(500);
    const { now, highest } = note(total);
    return {
      headings: ['receipts', 'resident MB', 'highest MB'],
      rows: runs.map((run) => [run.receipts.toLocaleString('en'), run.residentMb, run.highestMb]),
      requirements: [
        { what: `resident MB after ${total.toLocaleString('en')} receipts`, value: now, bound: 250, kind: 'under' },
        { what: 'resident MB at its highest', value: highest, bound: 250, kind: 'under' },
      ],
      runs,
    };
  } finally {
    await side.stop();
    await world.settle('gradewire');
  }
}
