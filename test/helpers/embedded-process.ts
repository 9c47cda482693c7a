/**
 * A process that owns an embedded PostgreSQL, as the server does: `node embedded-process.ts <dataDir>`.
 * Says `ready <pid of PostgreSQL> <url>`, ignores SIGINT (a drain that takes long), and stops cleanly on SIGTERM.
 */
import process from 'node:process';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded.ts';

const log = { info() {}, warn() {}, error() {} };

try {
  const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log });
  process.on('SIGINT', () => process.stdout.write('sigint\n'));
  const alive = setInterval(() => {}, 60_000);
  process.once('SIGTERM', () => {
    clearInterval(alive);
    void postgres.stop();
  });
  process.stdout.write(`ready ${postgres.pid()} ${postgres.url}\n`);
} catch (error) {
  process.stdout.write(`refused ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
