/** The sender's thread: sending is computing (rendering, signing), and must not hold up webhooks or their projection. */
import { parentPort, workerData } from 'node:worker_threads';
import { pino } from 'pino';
import { secretBox } from '../core/encryption.ts';
import { openDatabase } from '../db/database.ts';
import { listen } from '../db/listen.ts';
import { eventRecords } from '../delivery/event-records.ts';
import { guardedHttp } from '../delivery/http/client.ts';
import { learnerMail } from '../delivery/kinds/email/learner-mail.ts';
import { mailKey } from '../delivery/kinds/email/unsubscribe.ts';
import { pseudonymKey } from '../delivery/personal-data.ts';
import { DELIVERIES_CHANNEL } from '../delivery/queue/channel.ts';
import { startSender } from '../delivery/sender/sender.ts';
import { createMailer } from '../mail/mailer.ts';
import type { SenderSettings } from './sender-settings.ts';
import { startDesk } from './start-desk.ts';

/** Endpoints, claims given back, and what kinds read. */
const CONNECTIONS = 2;
/** As many as may be under way: endpoints that share an origin must not wait for each other's slow answers. */
const CONNECTIONS_TO_ORIGIN = 3_000;

const port = parentPort;
if (port === null) throw new Error('src/worker/sender-thread.ts is started by the server, not by hand.');

const settings = workerData as SenderSettings;
const log = pino({ level: settings.logLevel }, { write: (line: string) => port.postMessage({ log: line }) });
const db = openDatabase({
  url: settings.databaseUrl,
  max: CONNECTIONS,
  name: 'sender',
  prepares: true,
  plansOnce: true,
});
const http = guardedHttp({ allowPrivate: settings.allowPrivate, connections: CONNECTIONS_TO_ORIGIN });
const mailer = createMailer(settings);
const desk = startDesk({ databaseUrl: settings.databaseUrl });
const sender = startSender({
  db,
  desk,
  log,
  box: secretBox(settings.encryptionKey),
  encryptionKey: settings.encryptionKey,
  tools: {
    http,
    mailer,
    publicUrl: settings.publicUrl,
    version: settings.version,
    now: Date.now,
    records: eventRecords(db, (endpoint) => pseudonymKey(settings.encryptionKey, endpoint)),
    learnerMail: learnerMail({ db, key: mailKey(settings.encryptionKey), publicUrl: settings.publicUrl }),
  },
});
const listener = listen(settings.databaseUrl, [DELIVERIES_CHANNEL], () => sender.wake(), { log });

port.on('message', (message: 'stop') => {
  if (message === 'stop') void stop();
});

async function stop(): Promise<void> {
  await listener.close();
  await sender.stop();
  mailer?.close();
  await Promise.all([http.close(), db.close(), desk.stop()]);
  port?.close();
}
