/**
 * Migrations: migrations/NNNNNN-name.sql, forward-only, each in a transaction of its own, recorded with a checksum.
 * Any number of processes may migrate at once: they take turns under an advisory lock, and all but the first find nothing
 * to do.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { Database } from './database.ts';

export interface Migration {
  /** The file's name without `.sql`. */
  name: string;
  sql: string;
  /** SHA-256 of the file, hex. */
  checksum: string;
}

/** Any constant; prevents that this lock is taken for another one (ensure_partitions uses 7302). */
const LOCK_KEY = [7302, 0] as const;

const FILE_NAME = /^(\d{6}-[a-z0-9-]+)\.sql$/;

/** The migrations of this version of the code, in order. */
export async function readMigrations(
  folder: string = fileURLToPath(new URL('../../migrations/', import.meta.url)),
): Promise<Migration[]> {
  const names = (await readdir(folder)).flatMap((file) => FILE_NAME.exec(file)?.[1] ?? []).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${folder}/${name}.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Brings the database up to this version of the code and returns the names of what was applied now.
 * Throws a sentence when the database is newer than the code, or when a migration that was applied reads otherwise today.
 */
export async function migrate(db: Database, migrations?: readonly Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations());
  const client = await db.pool.connect();
  let failed = true;
  try {
    await client.query('SELECT pg_advisory_lock($1, $2)', [...LOCK_KEY]);
    const applied = await applyMissing(client, wanted);
    await client.query('SELECT pg_advisory_unlock($1, $2)', [...LOCK_KEY]);
    failed = false;
    return applied;
  } finally {
    // After a failure the connection is closed instead of reused: that frees the lock whatever state it is in.
    client.release(failed);
  }
}

async function applyMissing(client: pg.PoolClient, wanted: readonly Migration[]): Promise<string[]> {
  await client.query('CREATE SCHEMA IF NOT EXISTS gradewire');
  await client.query(`CREATE TABLE IF NOT EXISTS gradewire.migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`);
  const { rows } = await client.query<AppliedMigration>(
    'SELECT name, checksum FROM gradewire.migrations ORDER BY name',
  );
  const missing = compareMigrations(rows, wanted);
  for (const migration of missing) await applyOne(client, migration);
  return missing.map(({ name }) => name);
}

async function applyOne(client: pg.PoolClient, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL search_path = gradewire');
    await client.query(migration.sql);
    await client.query('INSERT INTO gradewire.migrations (name, checksum) VALUES ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${migration.name} failed and was rolled back: ${why}.`, { cause });
  }
}

interface AppliedMigration {
  name: string;
  checksum: string;
}

/** What is still to be applied. Throws a sentence when database and code do not belong together. */
function compareMigrations(applied: readonly AppliedMigration[], wanted: readonly Migration[]): Migration[] {
  const known = new Map(wanted.map((migration) => [migration.name, migration]));
  for (const { name, checksum } of applied) {
    const migration = known.get(name);
    if (migration === undefined) {
      throw new Error(
        `The database is newer than this version of Gradewire: it has the migration ${name}, which is unknown here. Start the version that made it, or a later one.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new Error(
        `The migration ${name} reads otherwise than when it was applied to this database. Put the file back as it was released; changes belong in a new migration.`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return wanted.filter(({ name }) => !done.has(name));
}

/** The migrations that the database still lacks; all of them when it has none. For readiness checks and the doctor. */
export async function pendingMigrations(db: Database, migrations?: readonly Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations());
  const [table] = await db.query<{ present: boolean }>(
    `SELECT to_regclass('gradewire.migrations') IS NOT NULL AS present`,
  );
  const applied =
    table?.present === true ? await db.query<AppliedMigration>('SELECT name, checksum FROM gradewire.migrations') : [];
  return compareMigrations(applied, wanted).map(({ name }) => name);
}
