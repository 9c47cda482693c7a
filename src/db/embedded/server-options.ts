/**
 * How the embedded PostgreSQL is run: sized for a small server. Given on the command line, so that they are always those of
 * this version of the code, whatever stands in the cluster's own postgresql.conf.
 */
import process from 'node:process';

export interface Listening {
  /** A folder for the Unix socket, or null to listen on loopback TCP. */
  socketDir: string | null;
  port: number;
}

/** Longest socket path that every system takes (104 bytes on macOS, 108 on Linux, less a little). */
const SOCKET_PATH_BYTES = 100;

/** The port in the socket's name; no port is opened. */
const SOCKET_PORT = 5432;

/** Listens in this folder when its path is short enough for a socket; null when it is not. */
export function listenInFolder(dir: string): Listening | null {
  const file = `${dir}/.s.PGSQL.${SOCKET_PORT}`;
  return Buffer.byteLength(file) <= SOCKET_PATH_BYTES ? { socketDir: dir, port: SOCKET_PORT } : null;
}

const OPTIONS: Readonly<Record<string, string>> = {
  // What was acknowledged is on disk, whole.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  shared_buffers: '128MB',
  max_connections: '60',
  // A write load must not be stalled by checkpoints: seldom, and spread over their interval.
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  wal_compression: 'off',
  wal_buffers: '16MB',
  // Short statements all: compiling them costs more than it saves.
  jit: 'off',
  // A query over all partitions of two tables takes a lock on each partition and each of its indexes.
  max_locks_per_transaction: '256',
  // No replicas: less to write.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Frees the space of queue rows soon.
  autovacuum_naptime: '15s',
  // A statement of a killed Gradewire must not run on and hold its locks. Windows cannot tell.
  ...(process.platform === 'win32' ? {} : { client_connection_check_interval: '5s' }),
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** The arguments of `postgres` for a cluster. `extra` overrides ours. */
export function serverArguments(dir: string, listening: Listening, extra: Readonly<Record<string, string>>): string[] {
  const where = {
    port: String(listening.port),
    listen_addresses: listening.socketDir === null ? '127.0.0.1' : '',
    unix_socket_directories: listening.socketDir === null ? '' : quoteList(listening.socketDir),
    unix_socket_permissions: '0700',
  };
  const all = Object.entries({ ...OPTIONS, ...extra, ...where });
  return ['-D', dir, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** One element of a list setting: quoted, since commas and blanks separate. */
function quoteList(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** The connection URL, with the socket's folder in the host's place where there is one. */
export function connectionUrl(
  listening: Listening,
  login: { role: string; password: string; database: string },
): string {
  const host = listening.socketDir === null ? '127.0.0.1' : encodeURIComponent(listening.socketDir);
  return `postgres://${login.role}:${encodeURIComponent(login.password)}@${host}:${listening.port}/${login.database}`;
}
