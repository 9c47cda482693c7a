/** PostgreSQL's own log: one file, kept small by us, because the server appends for ever. */
import { closeSync, copyFileSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** Two files of this size at most; prevents a log that fills the disk of the database it belongs to. */
const LIMIT_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 60_000;

/** Looks at the file now and then and begins it anew when it is large (the old one stays as `.old`). Returns the stop. */
export function keepLogSmall(file: string): () => void {
  const look = (): void => {
    if (!existsSync(file) || statSync(file).size < LIMIT_BYTES) return;
    copyFileSync(file, `${file}.old`);
    // The server writes in append mode, so it goes on at the new end.
    truncateSync(file);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The last few lines, on one line. */
export function logTail(file: string): string {
  if (!existsSync(file)) return '(nothing)';
  const handle = openSync(file, 'r');
  try {
    const size = fstatSync(handle).size;
    const buffer = Buffer.alloc(Math.min(size, 2000));
    readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8').trim().split('\n').slice(-4).join(' | ');
  } finally {
    closeSync(handle);
  }
}
