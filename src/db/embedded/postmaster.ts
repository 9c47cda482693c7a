/** What PostgreSQL writes about itself into postmaster.pid, and whether that is still true. */
import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

export interface Postmaster {
  pid: number;
  port: number;
  /** Folder of its Unix socket; null: it listens on loopback TCP only. */
  socketDir: string | null;
}

/**
 * The PostgreSQL that runs on this cluster, or null. The file outlives a kill -9, and its process id may belong to
 * something else by then (in a container nearly always), so the process is looked at too.
 */
export function findPostmaster(clusterDir: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(path.join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid) || !worksIn(pid, clusterDir)) return null;
  const socketDir = lines[4]?.trim() ?? '';
  return { pid, port: Number(lines[3]), socketDir: socketDir === '' ? null : socketDir };
}

/** Whether a process runs. A zombie does not: nobody may ever collect an orphan's child in a container. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return true;
  }
}

/** PostgreSQL works in its cluster's folder. Where that cannot be seen (no /proc) the process id is believed. */
function worksIn(pid: number, clusterDir: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === clusterDir;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/**
 * Removes a postmaster.pid whose process id belongs to something that is not this PostgreSQL: the server would take that
 * for itself and refuse to start. Its shared memory is still guarded: PostgreSQL finds a leftover block by the folder.
 */
export function removeStalePidFile(clusterDir: string): void {
  const file = path.join(clusterDir, 'postmaster.pid');
  if (existsSync(file) && findPostmaster(clusterDir) === null) rmSync(file, { force: true });
}
