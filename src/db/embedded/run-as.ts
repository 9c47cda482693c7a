/**
 * PostgreSQL refuses to run as root. Three ways to start it, the first that works is taken:
 * - plain: we are not root.
 * - namespace: in a user namespace in which root is called user 1000. No account is made, the files stay root's, and a
 *   folder that only root may enter is no obstacle.
 * - account: as an account without rights, where namespaces are not allowed (see account.ts).
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import type { Account } from './account.ts';
import { findAccount } from './account.ts';
import type { Binaries } from './binaries.ts';

export type RunAs = { kind: 'plain' } | { kind: 'namespace' } | { kind: 'account'; account: Account };

/** What to hand to spawn. */
export interface Command {
  file: string;
  args: string[];
  uid?: number;
  gid?: number;
}

const UNSHARE = ['--user', '--map-user=1000', '--map-group=1000', '--'];

/** Finds the way that works on this machine. Throws a sentence when there is none. */
export function chooseRunAs(binaries: Binaries): RunAs {
  if (process.getuid?.() !== 0) return { kind: 'plain' };
  const tried = spawnSync('unshare', [...UNSHARE, binaries.postgres, '--version'], { stdio: 'ignore' });
  if (tried.status === 0) return { kind: 'namespace' };
  return { kind: 'account', account: findAccount() };
}

/** The command that runs a PostgreSQL program in that way. */
export function commandFor(runAs: RunAs, file: string, args: readonly string[]): Command {
  switch (runAs.kind) {
    case 'plain':
      return { file, args: [...args] };
    case 'namespace':
      return { file: 'unshare', args: [...UNSHARE, file, ...args] };
    case 'account':
      return { file, args: [...args], uid: runAs.account.uid, gid: runAs.account.gid };
    default:
      return runAs satisfies never;
  }
}

/** PGDATA and the like in our own environment must not reach it. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    ...(process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot } : {}),
  };
}
