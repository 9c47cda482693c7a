import { existsSync, realpathSync } from 'node:fs';
import { DATABASE, findCluster, ROLE, readPassword } from './cluster.ts';
import { findPostmaster } from './postmaster.ts';
import { connectionUrl } from './server-options.ts';

/** The URL (with password) of the embedded PostgreSQL that runs on a data directory; null when none runs. */
export async function findRunningEmbedded(dataDir: string): Promise<string | null> {
  if (!existsSync(dataDir)) return null;
  const real = realpathSync(dataDir);
  const dir = findCluster(real);
  const password = readPassword(real);
  if (dir === null || password === null) return null;
  const server = findPostmaster(dir);
  return server === null ? null : connectionUrl(server, { role: ROLE, password, database: DATABASE });
}
