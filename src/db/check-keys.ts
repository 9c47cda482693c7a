/** A start with the wrong keys is stopped: check values of both stand in the table `instance`. */
import { createHash } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import { secretBox } from '../core/encryption.ts';
import type { Queryable } from './database.ts';

type Keys = Pick<Settings, 'adminKey' | 'encryptionKey' | 'previousAdminKey'>;

/** Names in `instance`. */
const ENCRYPTION = 'encryption-check';
const ADMIN = 'admin-key-sha256';

/** What is sealed as the check value; what matters is only that it opens. */
const PLAIN = 'gradewire';

/**
 * Compares the keys with the database's check values, which the first start writes. Throws a sentence when one differs.
 * The admin key is changed on purpose by naming the old one once in GRADEWIRE_ADMIN_KEY_PREVIOUS.
 */
export async function checkKeys(db: Queryable, keys: Keys): Promise<void> {
  await checkEncryptionKey(db, keys.encryptionKey);
  await checkAdminKey(db, keys);
}

/** Compares the encryption key alone, for commands: they need no admin key. Throws a sentence when it differs. */
export async function checkEncryptionKey(db: Queryable, encryptionKey: string): Promise<void> {
  const fresh = secretBox(encryptionKey).seal(PLAIN, ENCRYPTION).toString('base64');
  const stored = await writeOnce(db, ENCRYPTION, fresh);
  if (opens(stored, encryptionKey)) return;
  throw new Error(
    `GRADEWIRE_ENCRYPTION_KEY is not the key that the secrets in this database were encrypted with. Give the right one (an embedded database keeps it in the data directory, file encryption-key). If it is lost for good, run \`DELETE FROM gradewire.instance WHERE name = '${ENCRYPTION}'\`, start with a new one, and rotate the secret of every source.`,
  );
}

/** Whether the encryption key is the one that this database's secrets were sealed with; null: nothing was sealed yet. */
export async function encryptionKeyFits(db: Queryable, encryptionKey: string): Promise<boolean | null> {
  const stored = await readValue(db, ENCRYPTION);
  return stored === null ? null : opens(stored, encryptionKey);
}

async function checkAdminKey(db: Queryable, keys: Keys): Promise<void> {
  const hash = sha256(keys.adminKey);
  const stored = await writeOnce(db, ADMIN, hash);
  if (stored === hash) return;
  if (keys.previousAdminKey !== undefined && stored === sha256(keys.previousAdminKey)) {
    await db.query('UPDATE instance SET value = $2 WHERE name = $1 AND value = $3', [ADMIN, hash, stored]);
    return;
  }
  throw new Error(
    `GRADEWIRE_ADMIN_KEY is not the admin key of this database. Give the right one (an embedded database keeps it in the data directory, file admin-key). To change it on purpose, start once with the old one in GRADEWIRE_ADMIN_KEY_PREVIOUS; if the old one is lost, run \`DELETE FROM gradewire.instance WHERE name = '${ADMIN}'\` first.`,
  );
}

/** Writes the value unless there is one, and returns what stands there. Two first starts at once agree on one value. */
async function writeOnce(db: Queryable, name: string, value: string): Promise<string> {
  const stored = await readValue(db, name);
  if (stored !== null) return stored;
  await db.query('INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [name, value]);
  return (await readValue(db, name)) ?? value;
}

async function readValue(db: Queryable, name: string): Promise<string | null> {
  const [row] = await db.query<{ value: string }>('SELECT value FROM instance WHERE name = $1', [name]);
  return row?.value ?? null;
}

function opens(sealed: string, encryptionKey: string): boolean {
  try {
    return secretBox(encryptionKey).open(Buffer.from(sealed, 'base64'), ENCRYPTION) === PLAIN;
  } catch {
    return false;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
