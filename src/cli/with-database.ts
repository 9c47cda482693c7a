/** The database of one-shot commands: the running server's, or DATABASE_URL's, or the embedded one started for the moment. */
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { type SecretBox, secretBox } from '../core/encryption.ts';
import { checkKeys } from '../db/check-keys.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { findRunningEmbedded } from '../db/embedded/find-running.ts';
import { startEmbeddedPostgres } from '../db/embedded/start-embedded.ts';
import { migrate, pendingMigrations } from '../db/migrate.ts';
import { note, shortPath, styled } from './terminal.ts';

/** The default workspace: that of the CLI, as of the admin key. */
export const WORKSPACE = 1;

export interface CommandContext {
  settings: Settings;
  db: Database;
  /** For listeners; holds a password. */
  databaseUrl: string;
  box: SecretBox;
  /** The embedded database runs only for this command: no server is there. */
  startedForThis: boolean;
}

/**
 * Runs `work` with the database, migrated, and puts everything back as it was. Throws a sentence when the keys are not the
 * database's, or when a running server's database lacks migrations.
 */
export async function withDatabase<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  return withUnmigratedDatabase(async (context) => {
    if (context.startedForThis) await migrate(context.db);
    else await refusePending(context.db);
    await checkKeys(context.db, context.settings);
    return work(context);
  });
}

/** The same for commands that look after the schema themselves: nothing is migrated or checked. */
export async function withUnmigratedDatabase<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  const settings = loadSettings(process.env);
  tellNewAdminKey(settings);
  const running = settings.databaseUrl ?? (await findRunningEmbedded(settings.dataDir));
  if (running !== null) return withUrl(running, settings, false, work);
  note(
    styled(
      'dim',
      `No server runs on ${shortPath(settings.dataDir)}: its database is started for this command.`,
      process.stderr,
    ),
  );
  const quiet = { info() {}, warn() {}, error() {} };
  const embedded = await startEmbeddedPostgres({ dataDir: settings.dataDir, log: quiet });
  try {
    return await withUrl(embedded.url, settings, true, work);
  } finally {
    await embedded.stop();
  }
}

/** Whichever command comes first on a data directory makes the admin key; it is shown then and never again. */
function tellNewAdminKey(settings: Settings): void {
  if (!settings.adminKeyGenerated) return;
  note(`Admin key, shown this once: ${styled('bold', settings.adminKey, process.stderr)}`);
  note(styled('dim', `It is kept in ${shortPath(settings.dataDir)}/admin-key.`, process.stderr));
}

async function withUrl<T>(
  url: string,
  settings: Settings,
  startedForThis: boolean,
  work: (context: CommandContext) => Promise<T>,
): Promise<T> {
  const db = openDatabase({ url, max: 4, name: 'cli' });
  try {
    return await work({ settings, db, databaseUrl: url, box: secretBox(settings.encryptionKey), startedForThis });
  } finally {
    await db.close();
  }
}

async function refusePending(db: Database): Promise<void> {
  const pending = await pendingMigrations(db);
  if (pending.length === 0) return;
  throw new Error(
    `The database lacks ${pending.length === 1 ? 'a migration' : `${pending.length} migrations`} (${pending.join(', ')}). Run \`gradewire migrate\` first.`,
  );
}
