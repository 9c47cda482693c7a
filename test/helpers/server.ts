/** The real server, as a process of its own, the way `npm start` runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/db/embedded/free-port.ts';

export const ADMIN_KEY = 'an-admin-key-that-only-tests-know-0123456789';
export const ENCRYPTION_KEY = 'an-encryption-key-that-only-tests-know-01234';
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** A test machine under load takes its time; a server that is not up by then is not coming. */
const START_MS = 60_000;

export interface RealServer {
  url: string;
  /** The process that runs now. */
  process(): ChildProcess;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
  /** A GET of the API with the admin key, parsed. */
  get<T>(path: string): Promise<T>;
  /** A POST of the API with the admin key, parsed. */
  post<T>(path: string, body: object): Promise<T>;
  /** What it wrote to stderr in all its lives. */
  log(): string;
  /** What it wrote to stdout in all its lives: what a person at the terminal reads. */
  said(): string;
}

/** Spawns it and waits until it is ready. `env` adds to and overrides the environment. */
export async function startRealServer(env: Record<string, string>): Promise<RealServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess;
  let log = '';
  let said = '';
  const start = async () => {
    child = spawn(process.execPath, [MAIN, 'serve'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        GRADEWIRE_ADMIN_KEY: ADMIN_KEY,
        GRADEWIRE_ENCRYPTION_KEY: ENCRYPTION_KEY,
        LOG_LEVEL: 'warn',
        PORT: String(port),
        ...env,
      },
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const deadline = Date.now() + START_MS;
    for (;;) {
      const ready = await fetch(`${url}/readyz`).then(
        (r) => r.ok,
        () => false,
      );
      if (ready) return;
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${log}`);
      if (Date.now() > deadline) throw new Error(`The server was not ready in time:\n${log}`);
      await sleep(25);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  await start();
  return {
    url,
    process: () => child,
    kill: async () => void (await end('SIGKILL')),
    start,
    stop: () => end('SIGTERM'),
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    log: () => log,
    said: () => said,
  };
}
