import type { Queryable } from './database.ts';

/** CREATE DATABASE, MERGE and the like are not why: what is older than this is no longer tested. */
const OLDEST = 15;

interface ServerSettings {
  version: number;
  fsync: string;
  synchronous_commit: string;
  encoding: string;
}

/**
 * Whether this PostgreSQL may hold a learner record. Throws a sentence when it is too old, keeps no promise of durability
 * (fsync or synchronous_commit off), or cannot store every text (encoding).
 */
export async function checkServer(db: Queryable): Promise<void> {
  const problem = serverProblem(await serverSettings(db));
  if (problem !== null) throw new Error(problem);
}

async function serverSettings(db: Queryable): Promise<ServerSettings> {
  const [row] = await db.query<ServerSettings>(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS synchronous_commit, current_setting('server_encoding') AS encoding`,
  );
  if (row === undefined) throw new Error('The database server tells no settings.');
  return row;
}

function serverProblem(server: ServerSettings): string | null {
  const major = Math.floor(server.version / 10_000);
  if (major < OLDEST) {
    return `The database server is PostgreSQL ${major}; Gradewire needs ${OLDEST} or later. Upgrade it, or point DATABASE_URL to another.`;
  }
  if (server.fsync !== 'on') {
    return 'The database server runs with fsync off, so what Gradewire acknowledges could be lost. Set `fsync = on` in its postgresql.conf and restart it.';
  }
  if (server.synchronous_commit === 'off') {
    return 'The database commits with synchronous_commit off, so what Gradewire acknowledges could be lost. Run `ALTER ROLE … SET synchronous_commit = on` for the role in DATABASE_URL.';
  }
  if (server.encoding !== 'UTF8') {
    return `The database has the encoding ${server.encoding}; Gradewire needs UTF8. Make one with \`CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0\` and point DATABASE_URL to it.`;
  }
  return null;
}
