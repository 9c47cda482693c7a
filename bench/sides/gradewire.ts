/** Starts the real server, as `npm start` does it, on a database that the bench started or on its own embedded one. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/db/embedded/free-port.ts';
import { type Launch, startChild, stopChild, untilReady } from './child.ts';
import type { BenchDatabase } from './database.ts';
import type { Side } from './side.ts';
import { SECRET } from './side.ts';

const HOST = '127.0.0.1';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ADMIN_KEY = 'the admin key of the bench, of at least thirty-two characters'.replaceAll(/[ ,]+/g, '-');
export const ENCRYPTION_KEY = 'the-encryption-key-of-the-bench-of-at-least-thirty-two-characters';

export interface GradewireServer {
  readonly port: number;
  readonly pid: number;
  readonly adminKey: string;
  /** Milliseconds from the start of the process to the first 200 of /readyz. */
  readonly readyAfterMs: number;
  stop(): Promise<void>;
}

export interface GradewireOptions extends Launch {
  /** null: the embedded one under the data directory. */
  databaseUrl: string | null;
  dataDir: string;
}

/** What `npm start` runs, without npm between: flags, program and command stand in package.json. */
function startCommand(): string[] {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: { start: string } };
  const [program, ...args] = scripts.start.split(' ');
  if (program !== 'node')
    throw new Error(`The bench cannot run the start script "${scripts.start}": it must begin with node.`);
  return args;
}

/** Runs what `npm start` runs and waits until it is ready. */
export async function startServe(options: GradewireOptions): Promise<GradewireServer> {
  const port = await freePort();
  const since = performance.now();
  const child = startChild({
    args: startCommand(),
    env: {
      HOST,
      PORT: String(port),
      GRADEWIRE_DATA_DIR: options.dataDir,
      GRADEWIRE_ADMIN_KEY: ADMIN_KEY,
      GRADEWIRE_ENCRYPTION_KEY: ENCRYPTION_KEY,
      QUIZAPI_WEBHOOK_SECRET: SECRET,
      // The receiver of deliveries is here.
      GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: '127.0.0.0/8',
      ...(options.databaseUrl === null ? {} : { DATABASE_URL: options.databaseUrl }),
    },
    logFile: options.logFile,
    nodeFlags: options.nodeFlags,
  });
  const readyAfterMs = await untilReady(child, `http://${HOST}:${port}/readyz`, options.logFile, since);
  return { port, pid: child.pid ?? 0, adminKey: ADMIN_KEY, readyAfterMs, stop: () => stopChild(child) };
}

/** The side `gradewire`: the whole server, projection on, on the bench's database. */
export async function startGradewire(
  database: BenchDatabase,
  dataDir: string,
  launch: Launch,
): Promise<Side & { adminKey: string }> {
  const server = await startServe({ databaseUrl: database.url, dataDir, ...launch });
  return {
    name: 'gradewire',
    adminKey: server.adminKey,
    target: { host: HOST, port: server.port, path: '/webhooks/quizapi', secret: SECRET },
    pid: server.pid,
    backlog: async () => ({
      oldestSeconds: await database.number(
        `SELECT coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT received_at FROM receipt_queue WHERE workspace = 1 ORDER BY seq LIMIT 1)), 0)`,
      ),
    }),
    waiting: () => database.number('SELECT count(*) FROM receipt_queue'),
    stored: () => database.number("SELECT count(*) FROM attempts WHERE state = 'completed'"),
    stop: () => server.stop(),
  };
}
