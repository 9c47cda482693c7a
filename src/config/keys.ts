/** The instance's two keys: given, or made at the first start and kept in the data directory. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomToken } from '../core/ids.ts';
import { createSecretFile, replaceSecretFile } from './secret-file.ts';

export interface Keys {
  adminKey: string;
  encryptionKey: string;
  /** The admin key was made by this call: the moment to show it. */
  adminKeyGenerated: boolean;
}

/** In the data directory. */
const ADMIN_FILE = 'admin-key';
const ENCRYPTION_FILE = 'encryption-key';

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

/** What the environment gives or a data directory keeps; null: neither. */
interface MaybeKeys {
  adminKey: string | null;
  encryptionKey: string | null;
}

/**
 * The keys for an embedded database that is yet to be made: given ones (checked already) come first, missing ones are made
 * and kept. null when the data directory has a database: a key made now could not be that database's, and its file would
 * mislead whoever looks for the right one.
 */
export function loadOrCreateKeys(dataDir: string, given: MaybeKeys): Keys | null {
  if (existsSync(path.join(dataDir, 'postgres', 'PG_VERSION'))) return null;
  const encryptionKey = given.encryptionKey ?? makeUnlessKept(dataDir, ENCRYPTION_FILE, () => randomToken(32)).key;
  if (given.adminKey !== null) return { adminKey: given.adminKey, encryptionKey, adminKeyGenerated: false };
  const admin = makeUnlessKept(dataDir, ADMIN_FILE, () => `gwa_${randomToken(32)}`);
  return { adminKey: admin.key, encryptionKey, adminKeyGenerated: admin.created };
}

/** Given keys, else those that the data directory keeps; nothing is made. */
export function findKeys(dataDir: string, given: MaybeKeys): MaybeKeys & { adminKeyGenerated: false } {
  return {
    adminKey: given.adminKey ?? keptKey(path.join(dataDir, ADMIN_FILE)),
    encryptionKey: given.encryptionKey ?? keptKey(path.join(dataDir, ENCRYPTION_FILE)),
    adminKeyGenerated: false,
  };
}

/**
 * Writes given keys into the data directory of an embedded database, so that commands in other terminals find them. Only
 * for keys that are known to be that database's: what stands there is replaced.
 */
export function keepKeys(dataDir: string, keys: MaybeKeys): void {
  for (const [name, key] of [
    [ADMIN_FILE, keys.adminKey],
    [ENCRYPTION_FILE, keys.encryptionKey],
  ] as const) {
    const file = path.join(dataDir, name);
    if (key !== null && readIfThere(file) !== key) replaceSecretFile(file, key);
  }
}

function makeUnlessKept(dataDir: string, name: string, make: () => string): { key: string; created: boolean } {
  const file = path.join(dataDir, name);
  const kept = keptKey(file);
  if (kept !== null) return { key: kept, created: false };
  const made = make();
  const key = createSecretFile(file, made);
  return { key, created: key === made };
}

function keptKey(file: string): string | null {
  const key = readIfThere(file);
  const problem = key === null ? null : keyProblem(key);
  if (problem !== null) throw new Error(`The key in ${file} ${problem}. Put the right one back.`);
  return key;
}

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}
