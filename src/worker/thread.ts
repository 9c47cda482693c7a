/**
 * The worker's thread: projecting is computing, and must not hold up the event loop that answers webhooks. Talks to the
 * server through messages ('wake', 'stop') and two shared numbers (SHARED).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { pino } from 'pino';
import { openDatabase } from '../db/database.ts';
import { listen } from '../db/listen.ts';
import { tombstonesUnder } from '../people/tombstones.ts';
import { CHORES } from './chore-list.ts';
import { startChores } from './chores.ts';
import { startWorker } from './loop.ts';
import {
  BUSY_REQUESTS,
  CHORE_CONNECTIONS,
  LANES,
  RECEIPTS_CHANNEL,
  SHARED,
  type ThreadSettings,
} from './thread-settings.ts';

const port = parentPort;
if (port === null) throw new Error('src/worker/thread.ts is started by the server, not by hand.');

const settings = workerData as ThreadSettings;
const numbers = new Int32Array(settings.shared);
// Lines go through the server's own logger, so that they end up where its lines do.
const log = pino({ level: settings.logLevel }, { write: (line: string) => port.postMessage({ log: line }) });
const db = openDatabase({ url: settings.databaseUrl, max: LANES + 1, name: 'worker', prepares: true });
const busy = () => Atomics.load(numbers, SHARED.waiting) > BUSY_REQUESTS;
// Connections of their own: jobs that take their time must not hold up projecting.
const choresDb = openDatabase({ url: settings.databaseUrl, max: CHORE_CONNECTIONS, name: 'chores' });
const chores = startChores({ db: choresDb, log, chores: CHORES, busy });
const worker = startWorker({
  db,
  log,
  busy,
  looks: () => void Atomics.store(numbers, SHARED.wantsWake, 1),
  projected: (full) => chores.batchProjected(full),
  lanes: LANES,
  batch: settings.batch,
  stones: tombstonesUnder(settings.tombstoneKey),
});
const listener = listen(settings.databaseUrl, [RECEIPTS_CHANNEL], () => worker.wake(), { log });

port.on('message', (message: 'wake' | 'stop') => {
  switch (message) {
    case 'wake':
      worker.wake();
      break;
    case 'stop':
      void stop();
      break;
    default: {
      const never: never = message;
      throw new Error(`Unknown message ${String(never)}.`);
    }
  }
});

async function stop(): Promise<void> {
  await listener.close();
  await Promise.all([worker.stop(), chores.stop()]);
  await Promise.all([db.close(), choresDb.close()]);
  port?.close();
}
