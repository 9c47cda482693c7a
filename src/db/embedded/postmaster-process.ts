/** One PostgreSQL server process: started by us, or found running after the Gradewire that started it was killed. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';
import { isAlive } from './postmaster.ts';
import type { RunAs } from './run-as.ts';
import { cleanEnvironment, commandFor } from './run-as.ts';

export interface PostmasterProcess {
  readonly pid: number;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  isGone(): boolean;
  signal(name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void;
}

/** How often a process that is not our child is looked at. */
const WATCH_MS = 200;

/**
 * Starts `postgres`, its output appended to `logFile`. In a session of its own: Ctrl-C in a terminal signals the whole
 * foreground group, and the database must outlive our drain.
 */
export async function startPostmaster(how: {
  runAs: RunAs;
  file: string;
  args: readonly string[];
  logFile: string;
}): Promise<PostmasterProcess> {
  const command = commandFor(how.runAs, how.file, how.args);
  const output = openSync(how.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(command.file, command.args, {
      cwd: '/',
      env: cleanEnvironment(),
      stdio: ['ignore', output, output],
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...(command.uid === undefined ? {} : { uid: command.uid }),
      ...(command.gid === undefined ? {} : { gid: command.gid }),
    });
  } finally {
    closeSync(output);
  }
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  let isGone = false;
  child.once('spawn', () => started.resolve());
  child.once('error', (error) => started.reject(error));
  child.once('exit', () => {
    isGone = true;
    resolve();
  });
  await started.promise;
  child.unref();
  return { pid: child.pid ?? 0, gone, isGone: () => isGone, signal: (name) => void child.kill(name) };
}

/** Takes charge of a server that runs already. */
export function adoptPostmaster(pid: number): PostmasterProcess {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let isGone = false;
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    isGone = true;
    clearInterval(timer);
    resolve();
  }, WATCH_MS);
  timer.unref();
  return {
    pid,
    gone,
    isGone: () => isGone,
    signal(name) {
      if (isGone) return;
      try {
        process.kill(pid, name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
  };
}
