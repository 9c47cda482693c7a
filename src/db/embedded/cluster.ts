/** The files of the embedded PostgreSQL: where they lie, how they are made, and its password. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createSecretFile } from '../../config/secret-file.ts';
import { randomToken } from '../../core/ids.ts';
import type { Log } from '../log.ts';
import type { Account } from './account.ts';
import { canReach, clusterPlace, giveTo, reachableBinaries } from './account.ts';
import type { Binaries } from './binaries.ts';
import { findBinaries } from './binaries.ts';
import type { RunAs } from './run-as.ts';
import { chooseRunAs, cleanEnvironment, commandFor } from './run-as.ts';

export interface Cluster {
  /** The cluster's real folder (no symbolic link in it). */
  dir: string;
  binaries: Binaries;
  runAs: RunAs;
  password: string;
}

/** The database role that owns everything, and the database's name. */
export const ROLE = 'gradewire';
export const DATABASE = 'gradewire';

/** Where the cluster of a data directory lies, or null when there is none yet. */
export function findCluster(dataDir: string): string | null {
  const dir = path.join(dataDir, 'postgres');
  return existsSync(path.join(dir, 'PG_VERSION')) ? realpathSync(dir) : null;
}

/** The stored password, or null before the first start. */
export function readPassword(dataDir: string): string | null {
  const file = passwordFile(dataDir);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** The cluster of a data directory, ready to be started by this user; made when there is none. Needs the data lock. */
export async function openCluster(dataDir: string, log: Log): Promise<Cluster> {
  const found = findBinaries();
  const runAs = chooseRunAs(found);
  if (runAs.kind === 'account') letThrough(runAs.account, dataDir);
  const binaries = runAs.kind === 'account' ? reachableBinaries(runAs.account, found) : found;
  const password = readPassword(dataDir) ?? createSecretFile(passwordFile(dataDir), randomToken(32));
  const dir = findCluster(dataDir) ?? (await createCluster(dataDir, { binaries, runAs, password, log }));
  checkVersion(dir, binaries);
  if (runAs.kind === 'account') {
    if (!canReach(runAs.account, dir)) {
      throw new Error(
        `The embedded database lies in ${dir}, which the account ${runAs.account.name} cannot reach, and user namespaces are not allowed here. Open the folders above it to others (chmod o+x), start Gradewire as another user than root, or set DATABASE_URL.`,
      );
    }
    giveTo(runAs.account, dir);
  } else if (runAs.kind === 'namespace') {
    giveTo({ uid: 0, gid: 0 }, dir);
  }
  return { dir, binaries, runAs, password };
}

/** initdb beside the final place and a rename at the end: a start that dies half way is simply done again. */
async function createCluster(
  dataDir: string,
  how: { binaries: Binaries; runAs: RunAs; password: string; log: Log },
): Promise<string> {
  const visible = path.join(dataDir, 'postgres');
  const { runAs } = how;
  const elsewhere = runAs.kind === 'account' && !canReach(runAs.account, visible);
  const place = elsewhere ? clusterPlace(dataDir) : path.join(realpathSync(dataDir), 'postgres');
  if (elsewhere) {
    how.log.warn(
      { place },
      'The data directory is closed to the account that PostgreSQL runs as; the database lies here.',
    );
  }
  removeDrafts(place);
  // A name of its own: the initdb of a start that was killed may still be at work, and clears up when it fails.
  const draft = `${place}.new-${randomToken(6)}`;
  mkdirSync(draft, { mode: 0o700 });
  const passwordCopy = `${draft}.password`;
  writeFileSync(passwordCopy, `${how.password}\n`, { mode: 0o600, flag: 'wx' });
  if (runAs.kind === 'account') {
    giveTo(runAs.account, draft);
    giveTo(runAs.account, passwordCopy);
  }
  try {
    await run(how, how.binaries.initdb, [
      `--pgdata=${draft}`,
      `--username=${ROLE}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordCopy}`,
      '--encoding=UTF8',
      // The same order of texts on every machine, and no break when its C library is updated.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ]);
  } finally {
    rmSync(passwordCopy, { force: true });
  }
  if (elsewhere) rmSync(place, { recursive: true, force: true });
  renameSync(draft, place);
  if (elsewhere) {
    if (lstatSync(visible, { throwIfNoEntry: false }) !== undefined) unlinkSync(visible);
    symlinkSync(place, visible);
  }
  return realpathSync(visible);
}

/** What starts left that were killed half way. */
function removeDrafts(place: string): void {
  const folder = path.dirname(place);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${path.basename(place)}.new-`))
      rmSync(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * The data directory is closed to others (0700). The account must pass through it, not read it: the cluster stays where
 * a backup or a container's volume expects it, and the secrets beside it are 0600.
 */
function letThrough(account: Account, dataDir: string): void {
  if (canReach(account, dataDir) && !canReach(account, path.join(dataDir, 'postgres'))) {
    chmodSync(dataDir, statSync(dataDir).mode | 0o001);
  }
}

function run(how: { runAs: RunAs }, file: string, args: readonly string[]): Promise<void> {
  const command = commandFor(how.runAs, file, args);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(command.file, command.args, {
    cwd: '/',
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of the terminal's process group: Ctrl-C is ours to handle.
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
  let output = '';
  const gather = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  child.on('error', reject);
  child.on('close', (code) => {
    if (code === 0) resolve();
    else
      reject(
        new Error(
          `The embedded database could not be made (initdb ended with code ${code}). It said: ${output.trim()}`,
        ),
      );
  });
  return promise;
}

/** A cluster is readable only by the major version that made it. */
function checkVersion(dir: string, binaries: Binaries): void {
  const have = readFileSync(path.join(dir, 'PG_VERSION'), 'utf8').trim();
  if (binaries.major === have) return;
  throw new Error(
    `The embedded database in ${dir} was made by PostgreSQL ${have}, but the programs in ${binaries.root} are ${binaries.major}. Start the Gradewire version that made it, dump it there, and load the dump here.`,
  );
}

function passwordFile(dataDir: string): string {
  return path.join(dataDir, 'postgres-password');
}
