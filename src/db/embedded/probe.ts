/** Asks a PostgreSQL server whether it takes connections. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PostmasterProcess } from './postmaster-process.ts';

/** Short, because the start of the whole server waits for it. */
const ASK_EVERY_MS = 20;
/** A server that takes a connection and then says nothing is stuck. */
const ANSWER_MS = 3_000;
const WRONG_PASSWORD = '28P01';
const DUPLICATE_DATABASE = '42P04';

/**
 * Waits until the server takes connections ('ready'), is gone, refuses the password, or has said nothing for
 * `patienceMs` ('silent': frozen, or its socket was removed). Recovery after a crash is not silent, however long.
 */
export async function probe(
  url: string,
  server: PostmasterProcess,
  patienceMs: number,
): Promise<'ready' | 'gone' | 'refused' | 'silent'> {
  let heard = Date.now();
  while (!server.isGone()) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS });
    client.on('error', () => {});
    try {
      await client.connect();
      return 'ready';
    } catch (error) {
      if (error instanceof pg.DatabaseError) {
        if (error.code === WRONG_PASSWORD) return 'refused';
        heard = Date.now();
      } else if (Date.now() - heard > patienceMs) {
        return 'silent';
      }
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(ASK_EVERY_MS);
  }
  return 'gone';
}

/** Makes a database when it is missing. `url` leads to another database of the same server. */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === DUPLICATE_DATABASE)) throw error;
  } finally {
    await client.end();
  }
}
