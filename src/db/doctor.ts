/** Looks at a database and says what is not as it should be, each with what to do. Changes nothing. */
import type { CommandSettings } from '../config/settings.ts';
import { encryptionKeyFits } from './check-keys.ts';
import { checkServer } from './check-server.ts';
import type { Database, Queryable } from './database.ts';
import { pendingMigrations } from './migrate.ts';
import { reachDatabase } from './reach-database.ts';
import { compareSchemas, readExpectedSchema, readLiveSchema } from './schema-snapshot.ts';

export interface Finding {
  /** One or two words: what was looked at. */
  name: string;
  ok: boolean;
  /** A sentence: how it stands, or what to do. */
  detail: string;
}

/** A receipt that waits longer means that no worker runs or that it cannot keep up. */
const OLDEST_PENDING_SECONDS = 60;
/** A list of every difference in a foreign schema would bury the rest. */
const DIFFERENCES_SHOWN = 10;

/** All findings, in the order in which they are worth reading. Never throws for what it finds. */
export async function runDoctor(
  db: Database,
  settings: Pick<CommandSettings, 'databaseUrl' | 'encryptionKey'>,
): Promise<Finding[]> {
  const connection = await finding('connection', async () => {
    await reachDatabase(db, settings);
    const [row] = await db.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
    return `PostgreSQL ${row?.version ?? '?'} answers.`;
  });
  if (!connection.ok) return [connection];
  const migrations = await finding('migrations', () => lookAtMigrations(db));
  const server = await finding('server', async () => {
    await checkServer(db);
    return 'Its version, durability settings and encoding are good.';
  });
  // Without the tables the rest could only say that they are missing.
  if (!migrations.ok) return [connection, server, migrations];
  return [
    connection,
    server,
    migrations,
    await finding('schema', () => lookAtSchema(db)),
    await finding('partitions', () => lookAtPartitions(db)),
    await finding('encryption key', () => lookAtKey(db, settings.encryptionKey)),
    await finding('queue', () => lookAtQueue(db)),
  ];
}

/** A look returns the sentence for "good" and throws the one for "not good". */
async function finding(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function lookAtMigrations(db: Database): Promise<string> {
  const pending = await pendingMigrations(db);
  if (pending.length > 0) {
    throw new Error(`${pending.length} migrations are not applied (${pending.join(', ')}). Run \`gradewire migrate\`.`);
  }
  return 'All migrations are applied.';
}

async function lookAtSchema(db: Queryable): Promise<string> {
  const differences = compareSchemas(await readExpectedSchema(), await readLiveSchema(db));
  if (differences.length === 0) return 'Tables, indexes, constraints and functions are what the code expects.';
  const shown = differences.slice(0, DIFFERENCES_SHOWN).join('; ');
  const more = differences.length - DIFFERENCES_SHOWN;
  throw new Error(
    `The schema differs from what the code expects: ${shown}${more > 0 ? `; and ${more} more` : ''}. Somebody changed it by hand; change it back.`,
  );
}

async function lookAtPartitions(db: Queryable): Promise<string> {
  const rows = await db.query<{ missing: string }>(
    `SELECT format('%s_%s', parent, to_char(month, 'YYYY_MM')) AS missing
     FROM unnest(ARRAY['receipts', 'events']) AS parent,
          unnest(ARRAY[now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '1 month']) AS month
     WHERE to_regclass(format('%s_%s', parent, to_char(month, 'YYYY_MM'))) IS NULL`,
  );
  if (rows.length > 0) {
    throw new Error(
      `The partitions ${rows.map(({ missing }) => missing).join(', ')} are missing. Start a worker, which makes them, or run \`SELECT gradewire.ensure_partitions()\`.`,
    );
  }
  return 'This month and the next have their partitions.';
}

async function lookAtKey(db: Queryable, encryptionKey: string | null): Promise<string> {
  if (encryptionKey === null) {
    throw new Error(
      'GRADEWIRE_ENCRYPTION_KEY is not set and the data directory keeps none, so the secrets in this database cannot be opened. Set it to the key that its servers have.',
    );
  }
  const fits = await encryptionKeyFits(db, encryptionKey);
  if (fits === false) {
    throw new Error(
      'GRADEWIRE_ENCRYPTION_KEY is not the key that the secrets in this database were encrypted with. Give the right one.',
    );
  }
  return fits === null
    ? 'No server was started on this database yet, so there is no key to compare.'
    : 'It is the right one.';
}

async function lookAtQueue(db: Queryable): Promise<string> {
  const [row] = await db.query<{ waiting: number; age: number | null }>(
    // A rebuild queues receipts that are old by nature.
    `SELECT count(*) AS waiting,
            extract(epoch FROM now() - min(received_at) FILTER (WHERE mode = 'new'))::double precision AS age
     FROM receipt_queue`,
  );
  const waiting = row?.waiting ?? 0;
  const age = row?.age ?? 0;
  if (age > OLDEST_PENDING_SECONDS) {
    throw new Error(
      `${waiting} receipts wait, the oldest since ${Math.round(age)} s. Start a server whose GRADEWIRE_ROLE has worker, or look into the log of the one that runs.`,
    );
  }
  return waiting === 0 ? 'No receipt waits.' : `${waiting} receipts wait, none for long.`;
}
