/** A school that has been at work for weeks: the demo's class on all platforms, and people who sign in. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/db/embedded/free-port.ts';
import { person } from '../../src/simulator/people.ts';
import { invited } from './invited.ts';
import { until } from './until.ts';

const KEY = 'an-admin-key-for-the-demo-school-0123456789';
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Completed attempts of the history that is played at the first start; by then every page has something to show. */
const ENOUGH = 150;
const PATIENCE_MS = 120_000;
/** How many of the demo's class have their names from a roster; the others keep what platforms tell. */
const ON_THE_ROSTER = 26;

export interface School {
  url: string;
  /** A call of the API with the admin key; throws on a refusal. */
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object): Promise<T>;
  /** Set-Cookie headers of the session of somebody who has just been invited. */
  signIn(role: 'admin' | 'instructor', name?: string): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Starts it on a data directory, which keeps the history for the next start. `goesOn: false`: the class has stopped playing when the
 * pages are looked at, so that they keep still.
 */
export async function startSchool(dataDir: string, { goesOn }: { goesOn: boolean }): Promise<School> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const call: School['call'] = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as never;
  };
  const hasHistory = async () => {
    const { data } = await call<{ data: unknown[] }>('GET', '/api/v1/attempts?state=completed&limit=200');
    return data.length >= ENOUGH;
  };
  let server = await startCommand(['demo', '--data-dir', dataDir], dataDir, url, hasHistory);
  if (!goesOn) {
    await server.close();
    server = await startCommand(['serve'], dataDir, url, hasHistory);
  }
  return {
    url,
    call,
    async signIn(role, name = 'Ada Admin') {
      const email = `${role}-${Date.now()}@school.example`;
      return await invited({ url, post: (path, body) => call('POST', path, body) }, { email, role, name });
    },
    close: () => server.close(),
  };
}

/** A command of Gradewire that serves at `url`, once it is ready and `isThere`. */
async function startCommand(words: string[], dataDir: string, url: string, isThere: () => Promise<boolean>) {
  let log = '';
  const server: ChildProcess = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      GRADEWIRE_DATA_DIR: dataDir,
      GRADEWIRE_ADMIN_KEY: KEY,
      GRADEWIRE_ENCRYPTION_KEY: 'an-encryption-key-for-the-demo-school-012345',
      PORT: new URL(url).port,
      LOG_LEVEL: 'error',
    },
  });
  server.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const close = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  };
  try {
    await until(
      `the school's history\n${log}`,
      async () => {
        if (server.exitCode !== null) throw new Error(`gradewire ${words[0]} ended with ${server.exitCode}:\n${log}`);
        const ready = await fetch(`${url}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        );
        return ready && (await isThere());
      },
      PATIENCE_MS,
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** Names for learners of the platforms that tell none, as a school gives them. */
export async function importRoster(school: School): Promise<void> {
  const people = Array.from({ length: ON_THE_ROSTER }, (_, index) => person(index));
  const rows = (['quizapi', 'easygenerator'] as const).flatMap((provider) =>
    people.map(({ name, email, ids }) => ({ provider, externalId: ids[provider], email, name })),
  );
  await school.call('POST', '/api/v1/learners/import', { rows });
}
