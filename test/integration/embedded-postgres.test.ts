import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkServer } from '../../src/db/check-server.ts';
import { openDatabase } from '../../src/db/database.ts';
import { findRunningEmbedded } from '../../src/db/embedded/find-running.ts';
import type { EmbeddedPostgres } from '../../src/db/embedded/start-embedded.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded.ts';
import { dataFolder } from '../helpers/memory.ts';
import { until } from '../helpers/until.ts';

const PROGRAM = fileURLToPath(new URL('../helpers/embedded-process.ts', import.meta.url));
const log = { info() {}, warn() {}, error() {} };

/** A data directory with a fresh cluster, copied where the making of one is not what a test is about. */
let seed: string;
let base: string;
let owners: Owner[] = [];
let started: EmbeddedPostgres[] = [];

beforeAll(async () => {
  seed = dataFolder('gradewire-seed-');
  const postgres = await startEmbeddedPostgres({ dataDir: seed, log });
  await postgres.stop();
});
afterAll(() => rmSync(seed, { recursive: true, force: true }));

/** A data directory of a server that was started and stopped before. */
function usedDataDir(name = 'data'): string {
  const dataDir = path.join(base, name);
  cpSync(seed, dataDir, { recursive: true });
  return dataDir;
}

beforeEach(() => {
  // As a clone lies that root made for itself: nobody else may even enter.
  base = realpathSync(dataFolder('gradewire-embedded-'));
});

afterEach(async () => {
  for (const postgres of started) await postgres.stop();
  for (const owner of owners) if (owner.child.exitCode === null) owner.child.kill('SIGKILL');
  for (const pid of postgresProcesses(base)) process.kill(pid, 'SIGKILL');
  await until('the last PostgreSQL process ends', () => postgresProcesses(base).length === 0);
  started = [];
  owners = [];
  rmSync(base, { recursive: true, force: true });
});

interface Owner {
  child: ChildProcessByStdio<null, Readable, null>;
  lines: AsyncIterableIterator<string>;
  first: string;
}

/** Starts a process that owns the data directory, and waits for its first line. */
async function startOwner(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<Owner> {
  const child = spawn(process.execPath, [PROGRAM, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const owner: Owner = { child, lines, first: '' };
  owners.push(owner);
  owner.first = await nextLine(owner);
  return owner;
}

async function nextLine(owner: Owner): Promise<string> {
  const { value } = await owner.lines.next();
  return value ?? '(ended without a word)';
}

function readyOf(owner: Owner): { pid: number; url: string } {
  const [word, pid, url = ''] = owner.first.split(' ');
  expect(word, owner.first).toBe('ready');
  return { pid: Number(pid), url };
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  started.push(postgres);
  return postgres;
}

async function kill(owner: Owner, signal: NodeJS.Signals): Promise<void> {
  const gone = once(owner.child, 'exit');
  owner.child.kill(signal);
  await gone;
}

/** Every process that works in a folder below this one: PostgreSQL and its backends do. */
function postgresProcesses(below: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readlinkSync(`/proc/${name}/cwd`).startsWith(`${below}/`) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

test('starts below a folder that only its owner may enter, durable, closed to others, and leaves no process behind', async () => {
  expect(statSync(base).mode & 0o777).toBe(0o700);
  const dataDir = path.join(base, 'data');
  expect(await findRunningEmbedded(dataDir)).toBeNull();
  const postgres = await start(dataDir);
  expect(await findRunningEmbedded(dataDir)).toBe(postgres.url);
  const db = openDatabase({ url: postgres.url, max: 1, name: 'test' });
  await checkServer(db);
  const [settings] = await db.query<Record<string, string>>(
    `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
            current_setting('synchronous_commit') AS sync, current_setting('listen_addresses') AS addresses,
            (SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules) AS auth`,
  );
  await db.close();
  expect(settings).toMatchObject({ fsync: 'on', pages: 'on', sync: 'on', auth: 'scram-sha-256' });
  expect(['', '127.0.0.1']).toContain(settings?.addresses);
  for (const name of readdirSync(dataDir)) {
    expect(statSync(path.join(dataDir, name)).mode & 0o077, `${name} is readable by others`).toBe(0);
  }
  await postgres.stop();
  expect(postgresProcesses(base)).toEqual([]);
  expect(await findRunningEmbedded(dataDir)).toBeNull();
});

test('a wrong password is refused', async () => {
  const postgres = await start(usedDataDir());
  await expect(query(postgres.url.replace(/:[^:@/]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
    /password authentication/,
  );
});

test('a path too long for a socket gets loopback TCP', async () => {
  const dataDir = usedDataDir('x'.repeat(100));
  const postgres = await start(dataDir);
  expect(postgres.url).toContain('@127.0.0.1:');
  expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await findRunningEmbedded(dataDir)).toBe(postgres.url);
});

test('a second start on the same data directory is refused with the process that holds it, from here and from elsewhere', async () => {
  const dataDir = usedDataDir();
  const postgres = await start(dataDir);
  const sentence = new RegExp(`in use by process ${process.pid} .*another GRADEWIRE_DATA_DIR`);
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(sentence);
  const second = await startOwner(dataDir);
  expect(second.first).toMatch(sentence);
  expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await postgres.stop();
  await start(dataDir);
});

test('of five starts at once on an empty data directory exactly one wins', async () => {
  const dataDir = path.join(base, 'data');
  const answers = (await Promise.all(Array.from({ length: 5 }, () => startOwner(dataDir)))).map(
    (owner) => owner.first.split(' ')[0],
  );
  expect(answers.sort()).toEqual(['ready', 'refused', 'refused', 'refused', 'refused']);
});

test('after kill -9 of the owner the orphaned PostgreSQL is used on, with all that was committed', async () => {
  const dataDir = usedDataDir();
  const owner = await startOwner(dataDir);
  const orphan = readyOf(owner);
  await query(orphan.url, 'CREATE TABLE kept AS SELECT 42 AS n');
  await kill(owner, 'SIGKILL');
  expect(await query(orphan.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  const postgres = await start(dataDir);
  expect(postgres.pid()).toBe(orphan.pid);
  expect(postgres.url).toBe(orphan.url);
  // An adopted server is watched like one of our own.
  process.kill(orphan.pid, 'SIGKILL');
  await until('the adopted server is replaced', () => postgres.pid() !== orphan.pid);
  expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  await postgres.stop();
  expect(postgresProcesses(base)).toEqual([]);
});

test('an orphan that does not answer is ended and replaced', async () => {
  const dataDir = usedDataDir();
  const owner = await startOwner(dataDir);
  const orphan = readyOf(owner);
  await query(orphan.url, 'CREATE TABLE kept AS SELECT 42 AS n');
  await kill(owner, 'SIGKILL');
  process.kill(orphan.pid, 'SIGSTOP');
  const postgres = await start(dataDir);
  expect(postgres.pid()).not.toBe(orphan.pid);
  expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
});

test('PostgreSQL killed again and again comes back by itself, and the pool goes on', async () => {
  const postgres = await start(usedDataDir());
  const db = openDatabase({ url: postgres.url, max: 4, name: 'test' });
  await db.query('CREATE SCHEMA gradewire');
  await db.query('CREATE TABLE gradewire.counted (n integer)');
  for (let n = 1; n <= 5; n += 1) {
    await db.query('INSERT INTO counted VALUES ($1)', [n]);
    const before = postgres.pid();
    process.kill(before, 'SIGKILL');
    await until('PostgreSQL runs again', () => postgres.pid() !== before);
    const rows = await until('the pool goes on', () =>
      db.query<{ n: number }>('SELECT n FROM counted ORDER BY n').catch(() => null),
    );
    expect(rows.map((row) => row.n)).toEqual(Array.from({ length: n }, (_, i) => i + 1));
  }
  await db.close();
});

test('kill -9 of owner and PostgreSQL together: the next start recovers, whoever has the process id now', async () => {
  const dataDir = usedDataDir();
  const owner = await startOwner(dataDir);
  const { pid, url } = readyOf(owner);
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS n');
  await kill(owner, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
  await until('PostgreSQL is gone', () => postgresProcesses(base).length === 0);
  // The process id in postmaster.pid now belongs to something else: in a container that is the rule.
  const pidFile = path.join(dataDir, 'postgres', 'postmaster.pid');
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(String(pid), String(process.ppid)));
  const postgres = await start(dataDir);
  expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
});

test('kill -9 in the middle of making the cluster: the next start makes it', async () => {
  const dataDir = path.join(base, 'data');
  const child = spawn(process.execPath, [PROGRAM, dataDir], { stdio: 'ignore' });
  await until(
    'initdb is at work',
    () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('postgres.new-')),
  );
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  expect(existsSync(path.join(dataDir, 'postgres'))).toBe(false);
  const postgres = await start(dataDir);
  expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(readdirSync(dataDir).filter((name) => name.includes('.new-')).length).toBe(0);
});

test('Ctrl-C signals the whole foreground group and must not reach PostgreSQL; SIGTERM stops it last', async () => {
  const owner = await startOwner(usedDataDir());
  const { url } = readyOf(owner);
  process.kill(-(owner.child.pid ?? Number.NaN), 'SIGINT');
  expect(await nextLine(owner)).toBe('sigint');
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await kill(owner, 'SIGTERM');
  expect(owner.child.exitCode).toBe(0);
  expect(postgresProcesses(base)).toEqual([]);
});

test('an open transaction of a client does not hold the stop up', async () => {
  const postgres = await start(usedDataDir());
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('BEGIN');
  await client.query('CREATE TABLE never (n integer)');
  await postgres.stop();
  expect(postgresProcesses(base)).toEqual([]);
  await client.end().catch(() => undefined);
});

test('links that npm did not make are made', async () => {
  const { findBinaries } = await import('../../src/db/embedded/binaries.ts');
  const { root } = findBinaries();
  const links = JSON.parse(readFileSync(path.join(root, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  const one = path.join(path.dirname(root), links.find(({ target }) => target.endsWith('.so.5'))?.target ?? '');
  rmSync(one);
  findBinaries();
  expect(existsSync(one)).toBe(true);
});

test.runIf(process.getuid?.() === 0)(
  'root without user namespaces: an unprivileged account runs it, in the same place',
  async () => {
    // A way down to the data directory, as /app/.gradewire has in a container; the data directory itself is closed.
    chmodSync(base, 0o755);
    const dataDir = path.join(base, 'data');
    const programs = path.join(base, 'programs');
    mkdirSync(programs);
    // Like a machine that forbids namespaces.
    writeFileSync(path.join(programs, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    symlinkSync('/bin/sh', path.join(programs, 'sh'));
    const owner = await startOwner(dataDir, { PATH: programs });
    const { pid, url } = readyOf(owner);
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    expect(realpathSync(path.join(dataDir, 'postgres'))).toBe(path.join(dataDir, 'postgres'));
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS n');
    await kill(owner, 'SIGTERM');
    expect(postgresProcesses(base)).toEqual([]);
    // And back to namespaces: the files change hands.
    const postgres = await start(dataDir);
    expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  },
);
