/**
 * One process per data directory. The lock is an exclusive SQLite transaction on an empty file: a lock of the operating
 * system that ends with the process, however it ends, so that a kill -9 leaves nothing stale, and two starts at once
 * cannot both win (a file with a pid allows both; see docs/decisions/0010-embedded-postgresql.md).
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';

export interface DataLock {
  release(): void;
}

interface Owner {
  pid: number;
  since: string;
}

/** Takes the lock of a data directory (made when missing, for its owner only). Throws a sentence that names the holder. */
export function lockDataDir(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const ownerFile = path.join(dataDir, 'owner.json');
  const lockFile = path.join(dataDir, 'owner.lock');
  const lock = new DatabaseSync(lockFile);
  try {
    // No journal file: nothing is ever written.
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw new Error(`The data directory ${dataDir} cannot be locked: ${text(cause)}.`, { cause });
    const owner = readOwner(ownerFile);
    const who = owner === null ? 'another process' : `process ${owner.pid} (since ${owner.since})`;
    throw new Error(
      `The data directory ${dataDir} is in use by ${who}. Stop that process first, or give this one another GRADEWIRE_DATA_DIR; to run several on one database, set DATABASE_URL.`,
      { cause },
    );
  }
  chmodSync(lockFile, 0o600);
  const owner: Owner = { pid: process.pid, since: new Date().toISOString() };
  writeFileSync(ownerFile, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  return {
    release() {
      if (!lock.isOpen) return;
      rmSync(ownerFile, { force: true });
      lock.close();
    },
  };
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function readOwner(file: string): Owner | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('since' in value)) return null;
    return { pid: Number(value.pid), since: String(value.since) };
  } catch {
    return null;
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
