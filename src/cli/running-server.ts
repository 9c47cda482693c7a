/** Where the server of a data directory is: noted by `serve` while it runs, for the other commands. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';

interface Noted {
  pid: number;
  /** Where it listens, without a trailing slash. */
  url: string;
  publicUrl: string;
  /** GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS of that server. */
  allowPrivate: Settings['allowPrivateEndpoints'];
}

const FILE = 'server.json';

/** Notes it; the returned function takes the note away. Best effort: a note that cannot be written costs only comfort. */
export function noteRunningServer(dataDir: string, where: Omit<Noted, 'pid'>): () => void {
  const file = join(dataDir, FILE);
  try {
    const noted: Noted = { pid: process.pid, ...where };
    writeFileSync(file, `${JSON.stringify(noted)}\n`, { mode: 0o600 });
  } catch {
    return () => {};
  }
  return () => {
    if (readNote(dataDir)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** The base URL of the server for programs on this machine: where it listens, else where the settings say. */
export function localUrlOf(settings: Pick<Settings, 'dataDir' | 'publicUrl'>): string {
  return runningServer(settings)?.url ?? settings.publicUrl;
}

/** How others reach it: as the running server says, else as these settings would. */
export function publicUrlOf(settings: Pick<Settings, 'dataDir' | 'publicUrl'>): string {
  return runningServer(settings)?.publicUrl ?? settings.publicUrl;
}

/** Where endpoints may be: as the running server says, else as these settings would. */
export function allowPrivateOf(settings: Pick<Settings, 'dataDir' | 'allowPrivateEndpoints'>): Noted['allowPrivate'] {
  return runningServer(settings)?.allowPrivate ?? settings.allowPrivateEndpoints;
}

function runningServer(settings: Pick<Settings, 'dataDir'>): Noted | null {
  const noted = readNote(settings.dataDir);
  return noted !== null && isAlive(noted.pid) ? noted : null;
}

function readNote(dataDir: string): Noted | null {
  try {
    const value = JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')) as Partial<Noted> | null;
    const { pid, url, publicUrl, allowPrivate = false } = value ?? {};
    if (typeof pid !== 'number' || typeof url !== 'string' || typeof publicUrl !== 'string') return null;
    return { pid, url, publicUrl, allowPrivate };
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
