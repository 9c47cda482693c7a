/** The instance's two keys: given, or made at the first start and kept in the data directory. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomToken } from '../core/ids.ts';
import { createSecretFile } from './secret-file.ts';

export interface Keys {
  adminKey: string;
  encryptionKey: string;
  /** The admin key was made by this call: the moment to show it. */
  adminKeyGenerated: boolean;
}

/** Shorter ones could be guessed offline from their hash. */
const MIN_LENGTH = 32;

/** What an HTTP header can carry without quoting. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** What is wrong with a key, as the rest of a sentence that begins with its name; null: nothing. */
export function keyProblem(key: string): string | null {
  if (key.length < MIN_LENGTH)
    return `has ${key.length} characters; give at least ${MIN_LENGTH}, for example from \`openssl rand -hex 32\``;
  if (!PRINTABLE.test(key))
    return 'holds blanks or characters that a header cannot carry; use letters, digits and signs of ASCII';
  return null;
}

/** The keys for an embedded database. `given` (checked already) come first and are not written down. */
export function loadOrCreateKeys(
  dataDir: string,
  given: { adminKey: string | null; encryptionKey: string | null },
): Keys {
  const encryptionKey = given.encryptionKey ?? stored(path.join(dataDir, 'encryption-key'), () => randomToken(32)).key;
  if (given.adminKey !== null) return { adminKey: given.adminKey, encryptionKey, adminKeyGenerated: false };
  const admin = stored(path.join(dataDir, 'admin-key'), () => `gwa_${randomToken(32)}`);
  return { adminKey: admin.key, encryptionKey, adminKeyGenerated: admin.created };
}

function stored(file: string, make: () => string): { key: string; created: boolean } {
  if (!existsSync(file)) {
    const made = make();
    const key = createSecretFile(file, made);
    return { key, created: key === made };
  }
  const key = readFileSync(file, 'utf8').trim();
  const problem = keyProblem(key);
  if (problem !== null) throw new Error(`The key in ${file} ${problem}. Put the right one back.`);
  return { key, created: false };
}
