/**
 * For root where user namespaces are not allowed: an account without rights, and a place it can reach.
 * See docs/decisions/0010-embedded-postgresql.md.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Binaries } from './binaries.ts';
import { binariesAt } from './binaries.ts';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** `gradewire` if an operator made such an account, else `nobody`, which every Linux has. */
const NAMES = ['gradewire', 'nobody'];

/** Where clusters and programs go when the account cannot reach the data directory. */
const PLACE = '/var/lib/gradewire';

/** The account to run PostgreSQL as. PostgreSQL looks its own uid up, so a bare number would not do. */
export function findAccount(): Account {
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of NAMES) {
    const line = lines.find((fields) => fields[0] === name);
    if (line !== undefined) return { name, uid: Number(line[2]), gid: Number(line[3]) };
  }
  throw new Error(
    'PostgreSQL does not run as root, user namespaces are not allowed here, and there is neither an account `gradewire` nor `nobody`. Make one (`useradd --system gradewire`), start Gradewire as another user, or set DATABASE_URL.',
  );
}

/** Whether the account may enter every folder that leads to `target` (which itself may be missing). */
export function canReach(account: Account, target: string): boolean {
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder);
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (folder === path.dirname(folder)) return true;
  }
}

/** Where the cluster of this data directory goes when the account cannot reach it; the folder above is made. */
export function clusterPlace(dataDir: string): string {
  mkdirSync(PLACE, { recursive: true, mode: 0o711 });
  return path.join(PLACE, `cluster-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
}

/** The programs where the account can reach them: as they are, or copied once. */
export function reachableBinaries(account: Account, binaries: Binaries): Binaries {
  if (canReach(account, binaries.postgres)) return binaries;
  mkdirSync(PLACE, { recursive: true, mode: 0o711 });
  const version = createHash('sha256')
    .update(`${statSync(binaries.postgres).size}`)
    .update(binaries.root)
    .digest('hex')
    .slice(0, 16);
  const copy = path.join(PLACE, `programs-${version}`);
  if (!existsSync(copy)) {
    // Copied aside and renamed, so that a start which dies half way leaves no half copy to be used.
    const draft = `${copy}.${process.pid}`;
    cpSync(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return binariesAt(copy, binaries.major);
}

/** Hands a folder and all in it to a user; nothing to do when it is theirs already. */
export function giveTo(owner: { uid: number; gid: number }, target: string): void {
  const stat = lstatSync(target);
  if (stat.uid === owner.uid && stat.gid === owner.gid) return;
  if (stat.isDirectory()) for (const name of readdirSync(target)) giveTo(owner, path.join(target, name));
  // The folder itself comes last: while it is not theirs, an interrupted hand-over is begun again.
  if (!stat.isSymbolicLink()) chownSync(target, owner.uid, owner.gid);
}
