/** One embedded PostgreSQL per side, each on a fresh data directory, all with the settings that Gradewire itself uses. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded.ts';

export interface BenchDatabase {
  readonly url: string;
  readonly pid: number;
  /** The first column of the first row, as a number. */
  number(sql: string): Promise<number>;
  /** Writes out what is dirty now, so that one side's checkpoint is not paid by the next. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export async function startDatabase(): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gradewire-bench-'));
  const quiet = () => {};
  const server = await startEmbeddedPostgres({
    dataDir,
    log: { info: quiet, warn: console.warn, error: console.error },
  });
  const pool = new pg.Pool({ connectionString: server.url, max: 1, options: '-c search_path=gradewire,public' });
  pool.on('error', quiet);
  return {
    url: server.url,
    pid: server.pid(),
    async number(sql) {
      const { rows } = await pool.query<unknown[]>({ text: sql, rowMode: 'array' });
      return Number(rows[0]?.[0] ?? 0);
    },
    async settle() {
      await pool.query('CHECKPOINT');
    },
    async stop() {
      await pool.end();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
