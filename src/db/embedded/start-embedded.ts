/**
 * The embedded PostgreSQL under our own supervisor.
 *
 * States: starting → running; running → restarting when the server dies → running; any → stopping → stopped.
 * - starting: the data directory is locked; an orphan of a killed Gradewire is adopted, else the server is started.
 * - restarting: it died by itself; started again with growing pauses until it runs. Callers see errors meanwhile.
 * - stopping: fast shutdown (sessions are ended, a checkpoint is written); a server that does not end is quit at once.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Cluster } from './cluster.ts';
import { DATABASE, openCluster, ROLE } from './cluster.ts';
import { lockDataDir } from './data-lock.ts';
import { freePort } from './free-port.ts';
import { findPostmaster, removeStalePidFile } from './postmaster.ts';
import type { PostmasterProcess } from './postmaster-process.ts';
import { adoptPostmaster, startPostmaster } from './postmaster-process.ts';
import { ensureDatabase, probe } from './probe.ts';
import { keepLogSmall, logTail } from './server-log.ts';
import type { Listening } from './server-options.ts';
import { connectionUrl, listenInFolder, serverArguments } from './server-options.ts';

export interface EmbeddedPostgres {
  /** With the password: not for logs. The same for the life of the supervisor, also over restarts. */
  readonly url: string;
  /** Process id of the server at this moment. */
  pid(): number;
  /** Fast shutdown, and the data directory is free again. Close pools first. May be called twice. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Log;
  /** PostgreSQL settings over ours. */
  settings?: Readonly<Record<string, string>>;
}

/** Pauses between restarts of a server that keeps dying: doubled each time, so that a full disk is not hammered. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** A first start is given up after this many milliseconds of the same transient refusal (leftover processes). */
const GIVE_UP_MS = 20_000;
/** A fast shutdown writes one checkpoint; when that takes longer than this the disk is stuck, and recovery is safe. */
const STOP_MS = 8_000;
/** An orphan that works answers at once; a frozen one must not hold the start up. */
const ORPHAN_PATIENCE_MS = 2_000;
/** A machine under heavy load takes its time to start a process. */
const START_PATIENCE_MS = 30_000;
/** An immediate shutdown does next to nothing; when it takes longer than this the process is frozen. */
const QUIT_MS = 2_000;
/** Refusals that pass by themselves: what a killed server left behind is on its way out. */
const TRANSIENT = /pre-existing shared memory block|lock file .* already exists|could not bind|Address already in use/i;

/** Starts the database of a data directory. Throws a sentence when it is in use or cannot be started. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const lock = lockDataDir(options.dataDir);
  try {
    const dataDir = realpathSync(options.dataDir);
    const cluster = await openCluster(dataDir, options.log);
    const supervisor = await supervise(cluster, { ...options, dataDir });
    return {
      ...supervisor,
      async stop() {
        await supervisor.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function supervise(cluster: Cluster, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const logFile = path.join(options.dataDir, 'postgres.log');
  let state: 'running' | 'restarting' | 'stopping' = 'running';
  const first = await adoptOrStart(cluster, options, logFile);
  let server = first.server;
  const listening = first.listening;
  const login = { role: ROLE, password: cluster.password, database: DATABASE };
  await ensureDatabase(connectionUrl(listening, { ...login, database: 'postgres' }), DATABASE);
  const wake = new AbortController();

  async function watch(): Promise<void> {
    for (;;) {
      await server.gone;
      if (state === 'stopping') return;
      state = 'restarting';
      log.error(
        { pid: server.pid, log: logTail(logFile) },
        'The embedded PostgreSQL ended by itself; it is started again.',
      );
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        await sleep(pause, undefined, { signal: wake.signal, ref: false }).catch(() => undefined);
        if (wake.signal.aborted) return;
        try {
          server = await start(cluster, listening, options, logFile);
          break;
        } catch (error) {
          log.error({ err: error }, 'The embedded PostgreSQL does not start yet; it is tried again.');
        }
      }
      if (wake.signal.aborted) return;
      state = 'running';
      log.info({ postgresPid: server.pid }, 'The embedded PostgreSQL runs again.');
    }
  }
  const watching = watch();
  const stopTrimming = keepLogSmall(logFile);

  let stopping: Promise<void> | null = null;
  async function stop(): Promise<void> {
    state = 'stopping';
    wake.abort();
    stopTrimming();
    if (!server.isGone()) await end(server);
    await watching;
    // A restart that was under way when stop came has a server of its own by now.
    if (!server.isGone()) await end(server);
  }

  return {
    url: connectionUrl(listening, login),
    pid: () => server.pid,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** The orphan of a Gradewire that was killed, or a new server. */
async function adoptOrStart(cluster: Cluster, options: EmbeddedOptions, logFile: string) {
  const login = { role: ROLE, password: cluster.password, database: 'postgres' };
  const orphan = findPostmaster(cluster.dir);
  if (orphan !== null) {
    const server = adoptPostmaster(orphan.pid);
    const listening: Listening = { socketDir: orphan.socketDir, port: orphan.port };
    const answer = await probe(connectionUrl(listening, login), server, ORPHAN_PATIENCE_MS);
    if (answer === 'ready') {
      options.log.info({ postgresPid: orphan.pid }, 'The embedded PostgreSQL still ran; it is used on.');
      return { server, listening };
    }
    options.log.warn(
      { pid: orphan.pid, answer },
      'An embedded PostgreSQL still runs but does not answer; it is stopped and started again.',
    );
    await quit(server);
  }
  const listening = listenInFolder(cluster.dir) ?? { socketDir: null, port: await freePort() };
  const deadline = Date.now() + GIVE_UP_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return { server: await start(cluster, listening, options, logFile), listening };
    } catch (error) {
      if (Date.now() > deadline || !(error instanceof Error) || !TRANSIENT.test(error.message)) throw error;
    }
    await sleep(pause);
  }
}

/** One try. Returns when the server takes connections; recovery after a crash may take its time. Throws when it ends. */
async function start(
  cluster: Cluster,
  listening: Listening,
  options: EmbeddedOptions,
  logFile: string,
): Promise<PostmasterProcess> {
  removeStalePidFile(cluster.dir);
  const server = await startPostmaster({
    runAs: cluster.runAs,
    file: cluster.binaries.postgres,
    args: serverArguments(cluster.dir, listening, options.settings ?? {}),
    logFile,
  });
  const answer = await probe(
    connectionUrl(listening, { role: ROLE, password: cluster.password, database: 'postgres' }),
    server,
    START_PATIENCE_MS,
  );
  switch (answer) {
    case 'ready':
      return server;
    case 'gone':
      throw new Error(`The embedded PostgreSQL did not start. The end of ${logFile} says: ${logTail(logFile)}`);
    case 'refused':
      await end(server);
      throw new Error(
        `The embedded PostgreSQL runs but refuses the password in ${path.join(options.dataDir, 'postgres-password')}. Put the right one back.`,
      );
    case 'silent':
      await end(server);
      throw new Error(
        `The embedded PostgreSQL started but does not answer. The end of ${logFile} says: ${logTail(logFile)}`,
      );
    default:
      return answer satisfies never;
  }
}

async function end(server: PostmasterProcess): Promise<void> {
  server.signal('SIGINT');
  if (!(await within(server.gone, STOP_MS))) await quit(server);
}

/** For a server that does not listen to reason: no checkpoint, the next start recovers from the log. */
async function quit(server: PostmasterProcess): Promise<void> {
  server.signal('SIGQUIT');
  if (await within(server.gone, QUIT_MS)) return;
  server.signal('SIGKILL');
  await server.gone;
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  const cancel = new AbortController();
  const late = sleep(ms, false, { signal: cancel.signal }).catch(() => false);
  const done = await Promise.race([promise.then(() => true), late]);
  cancel.abort();
  return done;
}
