/** Secrets that Gradewire makes for itself, each in a file that one user may read. */
import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** Writes a secret that appears whole or not at all, for its owner only. When another was first, theirs is returned. */
export function createSecretFile(file: string, secret: string): string {
  const draft = writeDraft(file, secret);
  try {
    linkSync(draft, file);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFileSync(file, 'utf8').trim();
  } finally {
    unlinkSync(draft);
  }
}

/** The same, but over what stands there. */
export function replaceSecretFile(file: string, secret: string): void {
  renameSync(writeDraft(file, secret), file);
}

function writeDraft(file: string, secret: string): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${secret}\n`, { mode: 0o600, flush: true });
  return draft;
}
