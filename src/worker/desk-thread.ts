/** The thread of the sender's desk (src/delivery/sender/desk.ts): asks the database, so that the sender's thread can send meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../db/database.ts';
import { deskOf } from '../delivery/sender/desk.ts';
import { serveDesk } from '../delivery/sender/remote-desk.ts';
import type { DeskSettings } from './sender-settings.ts';

/** Claims, events and results. */
const CONNECTIONS = 3;

const port = parentPort;
if (port === null) throw new Error('src/worker/desk-thread.ts is started by the sender, not by hand.');

const { databaseUrl } = workerData as DeskSettings;
const db = openDatabase({ url: databaseUrl, max: CONNECTIONS, name: 'desk', prepares: true, plansOnce: true });

serveDesk(deskOf(db), port, () => void stop());

async function stop(): Promise<void> {
  await db.close();
  port?.close();
}
