/** Server processes of the bench: started with the bench's own Node, ended by their process id. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** How a side's process is run, whichever side it is. */
export interface Launch {
  /** Flags for node itself, such as those that make it write CPU profiles. */
  nodeFlags: readonly string[];
  /** Gets stdout and stderr. */
  logFile: string;
}

interface ChildOptions extends Launch {
  /** The program and its arguments. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** A drain may take 10 s by the contract; a server that needs much longer hangs. */
const STOP_MS = 30_000;

export function startChild(options: ChildOptions): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn(process.execPath, [...options.nodeFlags, ...options.args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NODE_ENV: 'production', ...options.env },
    cwd: ROOT,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const running = new Set<ChildProcess>();

/** For a bench that fails or is interrupted: nothing it started goes on. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The first message over the channel: the port. */
export function portOf(child: ChildProcess, logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port));
    child.once('exit', (code) =>
      reject(new Error(`The server ended with code ${code} before it listened; see ${logFile}.`)),
    );
  });
}

/** Polls until the address answers 200. Returns milliseconds since `since` (performance.now()). */
export async function untilReady(child: ChildProcess, url: string, logFile: string, since: number): Promise<number> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}; see ${logFile}.`);
    const status = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return performance.now() - since;
    await sleep(10);
  }
  throw new Error(`${url} did not answer 200 within 60 s; see ${logFile}.`);
}

/** SIGTERM, and SIGKILL when that does not end it in time. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const hang = setTimeout(() => {
    console.error(`Process ${child.pid} did not end within ${STOP_MS / 1000} s of SIGTERM and is killed.`);
    child.kill('SIGKILL');
  }, STOP_MS);
  await gone;
  clearTimeout(hang);
}
