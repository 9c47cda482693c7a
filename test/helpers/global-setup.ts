/** One embedded PostgreSQL for the whole run, with a migrated database that every test clones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/db/database.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded.ts';
import { migrate } from '../../src/db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the database that tests clone. */
    templateUrl: string;
  }
}

const quiet = { info() {}, warn: console.warn, error: console.error };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gradewire-test-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: quiet,
    // Many pools at once, none of them large.
    settings: { max_connections: '200', shared_buffers: '64MB', max_wal_size: '1GB' },
  });
  const template = openDatabase({ url: postgres.url, max: 1, name: 'template' });
  await migrate(template);
  await template.close();
  project.provide('templateUrl', postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
