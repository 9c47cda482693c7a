/** What `gradewire demo` does. */
import { resolve } from 'node:path';
import { newSetupToken } from '../accounts/setup-link.ts';
import { startServer } from '../compose.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { secretBox } from '../core/encryption.ts';
import { openDatabase } from '../db/database.ts';
import { findRunningEmbedded } from '../db/embedded/find-running.ts';
import { playHistory, playLive } from './demo-play.ts';
import { demoSources } from './demo-sources.ts';
import { freePort, isPortFree } from './free-port.ts';
import { noteRunningServer } from './running-server.ts';
import { saySetupLink } from './serve-run.ts';
import { serverLog } from './server-log.ts';
import { say, shortPath, styled } from './terminal.ts';
import { stopSignal } from './until-stopped.ts';

export interface DemoOptions {
  dataDir: string;
  learners: number;
  history: boolean;
}

const DEFAULT_PORT = 8080;

/** Starts the server and lets the class play until a signal. */
export async function demo(options: DemoOptions): Promise<void> {
  const settings = loadSettings({
    ...process.env,
    // Never somebody's real records.
    DATABASE_URL: undefined,
    GRADEWIRE_DATA_DIR: resolve(options.dataDir),
    PORT: process.env.PORT ?? String(await demoPort(process.env.HOST ?? '127.0.0.1')),
  });
  const stop = stopSignal();
  const server = await startServer(settings, { log: serverLog(settings) });
  const forgetServer = noteRunningServer(settings.dataDir, {
    url: server.url,
    publicUrl: server.url,
    allowPrivate: settings.allowPrivateEndpoints,
  });
  try {
    await play(settings, server.url, options, stop);
  } finally {
    await server.close();
    forgetServer();
  }
  process.exit(0);
}

/** Until the signal. */
async function play(settings: Settings, url: string, options: DemoOptions, signal: AbortSignal): Promise<void> {
  const databaseUrl = await findRunningEmbedded(settings.dataDir);
  if (databaseUrl === null) {
    throw new Error('The embedded database of the demo cannot be found though it was started. Start the demo again.');
  }
  const db = openDatabase({ url: databaseUrl, max: 2, name: 'demo' });
  let sources: Awaited<ReturnType<typeof demoSources>>;
  let setupToken: string | null;
  try {
    sources = await demoSources(db, secretBox(settings.encryptionKey), url);
    setupToken = await newSetupToken(db);
  } finally {
    await db.close();
  }
  const { targets, fresh } = sources;
  // Five platforms play; the generic source is there to be tried by hand.
  const adapters = [...targets.values()]
    .map(({ adapter }) => adapter)
    .filter(({ provider }) => provider !== 'standard');
  if (signal.aborted) return;
  sayWhere(settings, url, options);
  if (setupToken !== null) saySetupLink(url, setupToken);
  const class_ = { targets, adapters, learners: options.learners, signal };
  if (options.history && fresh) await playHistory(class_);
  await playLive(class_);
}

async function demoPort(host: string): Promise<number> {
  return (await isPortFree(host, DEFAULT_PORT)) ? DEFAULT_PORT : freePort(host);
}

function sayWhere(settings: Settings, url: string, options: DemoOptions): void {
  const dir = shortPath(settings.dataDir);
  const given = (process.env.GRADEWIRE_ADMIN_KEY ?? '').trim() !== '';
  const key = given ? '$GRADEWIRE_ADMIN_KEY' : `$(cat ${dir}/admin-key)`;
  const dirVariable = options.dataDir === '.gradewire-demo' ? '.gradewire-demo' : dir;
  say(
    `${styled('bold', 'Gradewire demo')}: a class of ${options.learners} plays on five platforms, live, until Ctrl-C.`,
  );
  say();
  say(`  Dashboard  ${styled('bold', `${url}/`)}`);
  say(`  Docs       ${styled('bold', `${url}/docs`)}`);
  if (!given) say(`  Admin key  ${styled('bold', settings.adminKey)}`);
  say();
  say('Watch it from another terminal, here:');
  say(`  GRADEWIRE_DATA_DIR=${dirVariable} npx gradewire tail`);
  say(`  curl -N ${url}/api/v1/live -H "Authorization: Bearer ${key}"`);
  say(`  curl ${url}/api/v1/learners -H "Authorization: Bearer ${key}"`);
  say();
}
