/** What `gradewire serve` does. */
import { startServer } from '../compose.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { VERSION } from '../config/version.ts';
import { openDatabase } from '../db/database.ts';
import { findRunningEmbedded } from '../db/embedded/find-running.ts';
import { noteRunningServer } from './running-server.ts';
import { serverLog } from './server-log.ts';
import { say, shortPath, styled } from './terminal.ts';
import { stopSignal, untilStopped } from './until-stopped.ts';

/** Runs the server until a signal. */
export async function serve(): Promise<void> {
  const settings = loadSettings(process.env);
  const stop = stopSignal();
  const server = await startServer(settings, { log: serverLog(settings) });
  // With PORT=0 the settings do not know where that is; what was set as PUBLIC_URL holds.
  const publicUrl = (process.env.PUBLIC_URL ?? '').trim() === '' ? server.url : settings.publicUrl;
  const forgetServer = noteRunningServer(settings.dataDir, { url: server.url, publicUrl });
  if (!stop.aborted) await sayStarted(settings, publicUrl);
  await untilStopped(stop, async () => {
    await server.close();
    forgetServer();
  });
}

async function sayStarted(settings: Settings, url: string): Promise<void> {
  const slug = await anySource(settings);
  const database =
    settings.databaseUrl === null
      ? `embedded PostgreSQL in ${shortPath(settings.dataDir)}`
      : 'PostgreSQL at DATABASE_URL';
  say(`${styled('bold', `Gradewire ${VERSION}`)} ${styled('green', 'is ready')} at ${styled('bold', url)}`);
  say();
  say(`  Docs       ${url}/docs`);
  say(`  Database   ${database}`);
  if (settings.adminKeyGenerated) {
    say(`  Admin key  ${styled('bold', settings.adminKey)}`);
    say(styled('dim', `             shown this once; kept in ${shortPath(settings.dataDir)}/admin-key`));
  }
  say();
  say('Next, in another terminal:');
  if (slug === null) say('  npx gradewire sources add quizapi --generate-secret');
  say(`  npx gradewire simulate --source ${slug ?? 'quizapi'}`);
  say('  npx gradewire tail');
  say();
}

/** The slug of a source, for a command to paste; null when there is none yet. */
async function anySource(settings: Settings): Promise<string | null> {
  const url = settings.databaseUrl ?? (await findRunningEmbedded(settings.dataDir));
  if (url === null) return null;
  const db = openDatabase({ url, max: 1, name: 'start' });
  try {
    const rows = await db.query<{ slug: string }>('SELECT slug FROM source_slugs ORDER BY slug LIMIT 1');
    return rows[0]?.slug ?? null;
  } catch {
    // Only a hint is lost.
    return null;
  } finally {
    await db.close();
  }
}
