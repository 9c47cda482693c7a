/** Folders in memory, where there is room: a cluster of PostgreSQL is a thousand files, made there in a fraction of the time that a disk takes. */
import { accessSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MEMORY = '/dev/shm';
/** What a run has written at once, with much to spare. */
const ROOM_BYTES = 4 * 2 ** 30;

/** Where data of tests lies: in memory, else where temporary files do. */
export function placeForData(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A new folder for data; who asks for it removes it. A kill -9 takes nothing from it, as it takes nothing from a disk. */
export function dataFolder(prefix: string): string {
  return mkdtempSync(path.join(placeForData(), prefix));
}
