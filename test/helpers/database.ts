/** A migrated database of its own for each test (or file), cloned from the run's template. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/database.ts';

export interface TestDatabase {
  db: Database;
  url: string;
  /** Closes `db` and drops the database. Throws when a connection to it was leaked. */
  drop(): Promise<void>;
}

/** Clones the migrated template. `migrated: false` gives an empty database. */
export async function createTestDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const templateUrl = inject('templateUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = options.migrated === false ? 'template0' : new URL(templateUrl).pathname.slice(1);
  // Copied as files: through the log, which is the default, it takes twice as long.
  await asAdmin(templateUrl, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`));
  const url = withDatabase(templateUrl, name);
  const db = openDatabase({ url, max: 10, name: 'test' });
  return {
    db,
    url,
    async drop() {
      const taken = db.pool.totalCount - db.pool.idleCount;
      // A pool with a connection that was never given back does not end by itself.
      if (taken === 0 && !db.pool.ended) await db.close();
      await asAdmin(templateUrl, async (admin) => {
        const left = taken > 0 ? ['gradewire test'] : await whoIsLeft(admin, name);
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
        if (left.length > 0) throw new Error(`Connections to the test database were leaked: ${left.join(', ')}.`);
      });
    },
  };
}

/** Connections end a moment after their client: only who is still there after a while was leaked. */
async function whoIsLeft(admin: pg.Client, database: string): Promise<string[]> {
  const deadline = Date.now() + 3_000;
  for (;;) {
    const { rows } = await admin.query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
      [database],
    );
    if (rows.length === 0 || Date.now() > deadline) return rows.map((row) => row.name);
    await sleep(20);
  }
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function withDatabase(url: string, name: string): string {
  return url.replace(/\/[^/]*$/, `/${name}`);
}
