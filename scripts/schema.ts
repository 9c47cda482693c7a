/**
 * `npm run schema` writes migrations/schema.json from a freshly migrated database; `npm run schema:check` fails when what
 * stands there is something else.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { openDatabase } from '../src/db/database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded/start-embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { compareSchemas, readExpectedSchema, readLiveSchema, SNAPSHOT_FILE } from '../src/db/schema-snapshot.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'gradewire-schema-'));
const postgres = await startEmbeddedPostgres({ dataDir, log: { info() {}, warn: console.warn, error: console.error } });
const db = openDatabase({ url: postgres.url, max: 1, name: 'schema' });
try {
  await migrate(db);
  const live = await readLiveSchema(db);
  if (process.argv.includes('--check')) {
    const differences = compareSchemas(await readExpectedSchema(), live);
    for (const difference of differences) console.error(difference);
    if (differences.length > 0) {
      console.error('migrations/schema.json is not what the migrations make. Run `npm run schema` and commit it.');
      process.exitCode = 1;
    }
  } else {
    writeFileSync(SNAPSHOT_FILE, `${JSON.stringify(live, null, 2)}\n`);
  }
} finally {
  await db.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
