/** The database of one-shot commands: the running server's, or DATABASE_URL's, or the embedded one started for the moment. */
import { keepKeys } from '../config/keys.ts';
import { loadCommandSettings, missingKey } from '../config/load-settings.ts';
import type { CommandSettings } from '../config/settings.ts';
import { type SecretBox, secretBox } from '../core/encryption.ts';
import { checkEncryptionKey } from '../db/check-keys.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { findCluster } from '../db/embedded/cluster.ts';
import { findRunningEmbedded } from '../db/embedded/find-running.ts';
import { startEmbeddedPostgres } from '../db/embedded/start-embedded.ts';
import { migrate, pendingMigrations } from '../db/migrate.ts';
import { reachDatabase } from '../db/reach-database.ts';
import { note, shortPath, styled } from './terminal.ts';

/** The default workspace: that of the CLI, as of the admin key. */
export const WORKSPACE = 1;

export interface CommandContext {
  settings: CommandSettings;
  db: Database;
  /** For listeners; holds a password. */
  databaseUrl: string;
  /** Opens the secrets of sources. Throws a sentence when there is no encryption key: most commands need none. */
  readonly box: SecretBox;
  /** The embedded database runs only for this command: no server is there. */
  startedForThis: boolean;
}

/**
 * Runs `work` with the database, migrated, and puts everything back as it was. Throws a sentence when the encryption
 * key is not the database's, or when a running server's database lacks migrations.
 */
export async function withDatabase<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  return withUnmigratedDatabase(async (context) => {
    await reachDatabase(context.db, context.settings);
    if (context.startedForThis) await migrate(context.db);
    else await refusePending(context.db);
    const { encryptionKey } = context.settings;
    if (encryptionKey !== null) await checkEncryptionKey(context.db, encryptionKey);
    return work(context);
  });
}

/** The same for commands that look after the schema themselves: nothing is migrated or checked. */
export async function withUnmigratedDatabase<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  const settings = loadCommandSettings(process.env);
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
  const isNew = findCluster(settings.dataDir) === null;
  const embedded = await startEmbeddedPostgres({ dataDir: settings.dataDir, log: quiet });
  try {
    // Nothing is in it that other keys could have been used for; its first server finds them then.
    if (isNew) keepKeys(settings.dataDir, settings);
    return await withUrl(embedded.url, settings, true, work);
  } finally {
    await embedded.stop();
  }
}

/** Whichever command comes first on a data directory makes the admin key; it is shown then and never again. */
function tellNewAdminKey(settings: CommandSettings): void {
  if (!settings.adminKeyGenerated || settings.adminKey === null) return;
  note(`Admin key, shown this once: ${styled('bold', settings.adminKey, process.stderr)}`);
  note(styled('dim', `It is kept in ${shortPath(settings.dataDir)}/admin-key.`, process.stderr));
}

async function withUrl<T>(
  url: string,
  settings: CommandSettings,
  startedForThis: boolean,
  work: (context: CommandContext) => Promise<T>,
): Promise<T> {
  const db = openDatabase({ url, max: 4, name: 'cli' });
  try {
    return await work({
      settings,
      db,
      databaseUrl: url,
      get box() {
        if (settings.encryptionKey === null) throw missingKey('GRADEWIRE_ENCRYPTION_KEY', settings);
        return secretBox(settings.encryptionKey);
      },
      startedForThis,
    });
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
