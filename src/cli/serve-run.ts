/** What `gradewire serve` does. */
import { newSetupToken } from '../accounts/setup-link.ts';
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
  const forgetServer = noteRunningServer(settings.dataDir, {
    url: server.url,
    publicUrl,
    allowPrivate: settings.allowPrivateEndpoints,
  });
  if (!stop.aborted) await sayStarted(settings, publicUrl);
  await untilStopped(stop, async () => {
    await server.close();
    forgetServer();
  });
}

async function sayStarted(settings: Settings, url: string): Promise<void> {
  const { slug, setupToken } = await hints(settings);
  const database =
    settings.databaseUrl === null
      ? `embedded PostgreSQL in ${shortPath(settings.dataDir)}`
      : 'PostgreSQL at DATABASE_URL';
  say(`${styled('bold', `Gradewire ${VERSION}`)} ${styled('green', 'is ready')} at ${styled('bold', url)}`);
  say();
  say(`  Dashboard  ${url}/`);
  say(`  Docs       ${url}/docs`);
  say(`  Database   ${database}`);
  if (settings.adminKeyGenerated) {
    say(`  Admin key  ${styled('bold', settings.adminKey)}`);
    say(styled('dim', `             shown this once; kept in ${shortPath(settings.dataDir)}/admin-key`));
  }
  if (setupToken !== null) saySetupLink(url, setupToken);
  say();
  say('Next, in another terminal:');
  if (slug === null) say('  npx gradewire sources add quizapi --generate-secret');
  say(`  npx gradewire simulate --source ${slug ?? 'quizapi'}`);
  say('  npx gradewire tail');
  say();
}

/** How the first administrator gets in. */
export function saySetupLink(url: string, token: string): void {
  say();
  say('Make your account with this link (it works once; the next start prints a new one):');
  say(`  ${styled('bold', `${url}/setup?token=${token}`)}`);
}

interface Hints {
  /** Of a source, for a command to paste; null when there is none yet. */
  slug: string | null;
  /** null: there is an administrator, or this process has no dashboard. */
  setupToken: string | null;
}

async function hints(settings: Settings): Promise<Hints> {
  const url = settings.databaseUrl ?? (await findRunningEmbedded(settings.dataDir));
  if (url === null) return { slug: null, setupToken: null };
  const db = openDatabase({ url, max: 1, name: 'start' });
  try {
    const rows = await db.query<{ slug: string }>('SELECT slug FROM source_slugs ORDER BY slug LIMIT 1');
    const setupToken = settings.roles.has('api') ? await newSetupToken(db) : null;
    return { slug: rows[0]?.slug ?? null, setupToken };
  } catch {
    // Only hints are lost; the next start prints the link again.
    return { slug: null, setupToken: null };
  } finally {
    await db.close();
  }
}
