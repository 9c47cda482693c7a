import { afterEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { migrate, pendingMigrations, readMigrations } from '../../src/db/migrate.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { createTestDatabase } from '../helpers/database.ts';

let test_: TestDatabase | undefined;
afterEach(async () => {
  await test_?.drop();
  test_ = undefined;
});

test('twenty processes that migrate one empty database at once all succeed, and each migration is applied once', async () => {
  test_ = await createTestDatabase({ migrated: false });
  const { url, db } = test_;
  const wanted = (await readMigrations()).map(({ name }) => name);
  expect(await pendingMigrations(db)).toEqual(wanted);
  const pools = Array.from({ length: 20 }, (_, i) => openDatabase({ url, max: 1, name: `migrator ${i}` }));
  try {
    const applied = await Promise.all(pools.map((pool) => migrate(pool)));
    expect(applied.flat().sort()).toEqual(wanted);
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  expect(await pendingMigrations(db)).toEqual([]);
});

test('a database with a migration that this code does not know is refused', async () => {
  test_ = await createTestDatabase();
  await test_.db.query(`INSERT INTO migrations (name, checksum) VALUES ('999999-from-the-future', 'x')`);
  await expect(migrate(test_.db)).rejects.toThrow(/newer than this version.*999999-from-the-future/);
});

test('a migration that was changed after it was applied is refused', async () => {
  test_ = await createTestDatabase();
  const migrations = await readMigrations();
  const changed = migrations.map((m, i) => (i === 0 ? { ...m, checksum: 'other' } : m));
  await expect(migrate(test_.db, changed)).rejects.toThrow(/reads otherwise/);
});

test('a migration that fails leaves nothing of itself behind and can be tried again', async () => {
  test_ = await createTestDatabase();
  const migrations = await readMigrations();
  const bad = { name: '900000-bad', sql: 'CREATE TABLE half (a int); SELECT 1 / 0;', checksum: 'x' };
  await expect(migrate(test_.db, [...migrations, bad])).rejects.toThrow(/900000-bad failed and was rolled back/);
  const [half] = await test_.db.query<{ there: boolean }>(`SELECT to_regclass('half') IS NOT NULL AS there`);
  expect(half?.there).toBe(false);
  expect(await migrate(test_.db, [...migrations, { ...bad, sql: 'CREATE TABLE half (a int)' }])).toEqual([
    '900000-bad',
  ]);
});
