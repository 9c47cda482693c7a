import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkKeys } from '../../src/db/check-keys.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { createTestDatabase } from '../helpers/database.ts';

const KEYS = { adminKey: 'a'.repeat(32), encryptionKey: 'b'.repeat(32) };
const OTHER = 'c'.repeat(32);

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

test('the first start sets the keys, later ones must have the same, and neither stands in the database', async () => {
  await checkKeys(database.db, KEYS);
  await checkKeys(database.db, KEYS);
  await expect(checkKeys(database.db, { ...KEYS, encryptionKey: OTHER })).rejects.toThrow(
    /GRADEWIRE_ENCRYPTION_KEY is not the key/,
  );
  await expect(checkKeys(database.db, { ...KEYS, adminKey: OTHER })).rejects.toThrow(
    /GRADEWIRE_ADMIN_KEY is not.*GRADEWIRE_ADMIN_KEY_PREVIOUS/,
  );
  await checkKeys(database.db, KEYS);
  const rows = await database.db.query('SELECT * FROM instance');
  expect(JSON.stringify(rows)).not.toMatch(/aaaa|bbbb/);
});

test('of two first starts with different keys exactly one wins', async () => {
  const results = await Promise.allSettled([
    checkKeys(database.db, KEYS),
    checkKeys(database.db, { adminKey: OTHER, encryptionKey: OTHER }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('the admin key is changed on purpose by naming the old one; a wrong old one does not help', async () => {
  await checkKeys(database.db, KEYS);
  const changed = { ...KEYS, adminKey: OTHER };
  await expect(checkKeys(database.db, { ...changed, previousAdminKey: 'd'.repeat(32) })).rejects.toThrow(
    /GRADEWIRE_ADMIN_KEY is not/,
  );
  await checkKeys(database.db, { ...changed, previousAdminKey: KEYS.adminKey });
  await checkKeys(database.db, changed);
  await expect(checkKeys(database.db, KEYS)).rejects.toThrow(/GRADEWIRE_ADMIN_KEY is not/);
});
