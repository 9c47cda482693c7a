/** A sender in a process of its own, to be killed: `node sender-process.ts <database URL>`. Says `sending` once it does. */
import process from 'node:process';
import { pino } from 'pino';
import { openDatabase } from '../../src/db/database.ts';
import { listen } from '../../src/db/listen.ts';
import { guardedHttp } from '../../src/delivery/http/client.ts';
import { DELIVERIES_CHANNEL } from '../../src/delivery/queue/channel.ts';
import { startSender } from '../../src/delivery/sender/sender.ts';
import { startDesk } from '../../src/worker/start-desk.ts';
import { TEST_BOX, TEST_KEY } from './test-box.ts';

const url = process.argv[2] ?? '';
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
const sender = startSender({
  db: openDatabase({ url, max: 2, name: 'sender', prepares: true, plansOnce: true }),
  desk: startDesk({ databaseUrl: url }),
  log,
  box: TEST_BOX,
  encryptionKey: TEST_KEY,
  tools: {
    http: guardedHttp({ allowPrivate: true, connections: 3_000 }),
    mailer: null,
    publicUrl: 'https://gradewire.example',
    version: '0.0.0-test',
    now: Date.now,
  },
});
listen(url, [DELIVERIES_CHANNEL], () => sender.wake(), { log });
process.stdout.write('sending\n');
