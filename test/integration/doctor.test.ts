import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkKeys } from '../../src/db/check-keys.ts';
import { checkServer } from '../../src/db/check-server.ts';
import type { Finding } from '../../src/db/doctor.ts';
import { runDoctor } from '../../src/db/doctor.ts';
import { compareSchemas, readExpectedSchema, readLiveSchema } from '../../src/db/schema-snapshot.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { createTestDatabase } from '../helpers/database.ts';

const KEYS = { databaseUrl: null, adminKey: 'a'.repeat(32), encryptionKey: 'b'.repeat(32) };

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function bad(): Promise<Finding[]> {
  return (await runDoctor(database.db, KEYS)).filter(({ ok }) => !ok);
}

test('migrations/schema.json is what the migrations make (else: npm run schema)', async () => {
  expect(compareSchemas(await readExpectedSchema(), await readLiveSchema(database.db))).toEqual([]);
});

test('finds nothing wrong with a fresh database, and looks at everything', async () => {
  await checkKeys(database.db, KEYS);
  const findings = await runDoctor(database.db, KEYS);
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(findings.map(({ name }) => name)).toEqual([
    'connection',
    'server',
    'migrations',
    'schema',
    'partitions',
    'encryption key',
    'queue',
  ]);
});

test.each([
  ['ALTER TABLE learners DROP COLUMN name_by', 'column learners.name_by is missing'],
  ['ALTER TABLE learners ADD COLUMN extra integer', 'column learners.extra is not ours'],
  [
    'ALTER TABLE learners ALTER COLUMN excluded SET DEFAULT true',
    'column learners.excluded is `boolean not null default true`',
  ],
  ['ALTER TABLE learners ALTER COLUMN excluded DROP NOT NULL', 'column learners.excluded is'],
  ['DROP INDEX attempts_learner', 'index attempts.attempts_learner is missing'],
  ['ALTER TABLE attempts DROP CONSTRAINT attempts_pkey', 'constraint attempts.attempts_pkey is missing'],
  ['DROP TABLE receipt_outcomes', 'expects: table receipt_outcomes is missing. Somebody'],
  [
    `CREATE OR REPLACE FUNCTION ensure_partitions(months_ahead integer DEFAULT 3) RETURNS void LANGUAGE sql AS ''`,
    'function ensure_partitions(months_ahead integer) is',
  ],
])('says what drifted: %s', async (sql, expected) => {
  await database.db.query(sql);
  const [finding] = await bad();
  expect(finding?.name).toBe('schema');
  expect(finding?.detail).toContain(expected);
});

test('says that migrations are missing, and nothing else that follows from it', async () => {
  await database.db.query('DROP SCHEMA gradewire CASCADE');
  const findings = await bad();
  expect(findings.map(({ name }) => name)).toEqual(['migrations']);
  expect(findings[0]?.detail).toMatch(/000001.*gradewire migrate/);
});

test('says that a partition is missing', async () => {
  const [row] = await database.db.query<{ name: string }>(
    `SELECT 'receipts_' || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM') AS name`,
  );
  await database.db.query(`DROP TABLE ${row?.name}`);
  expect(await bad()).toMatchObject([{ name: 'partitions', detail: expect.stringContaining(row?.name ?? '?') }]);
});

test('says that the encryption key is the wrong one', async () => {
  await checkKeys(database.db, KEYS);
  const findings = await runDoctor(database.db, { ...KEYS, encryptionKey: 'c'.repeat(32) });
  expect(findings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['encryption key']);
});

test('says that receipts wait too long, but not of a rebuild', async () => {
  await database.db.query(
    `INSERT INTO receipt_queue (workspace, seq, received_at, mode) VALUES (1, 1, now() - interval '1 day', 'rebuild')`,
  );
  expect(await bad()).toEqual([]);
  await database.db.query(
    `INSERT INTO receipt_queue (workspace, seq, received_at) VALUES (1, 2, now() - interval '5 minutes')`,
  );
  expect(await bad()).toMatchObject([
    { name: 'queue', detail: expect.stringMatching(/^2 receipts wait, the oldest since 30\d s/) },
  ]);
});

test.each([
  [{ version: 140_012 }, /PostgreSQL 14; Gradewire needs 15/],
  [{ fsync: 'off' }, /fsync off/],
  [{ synchronous_commit: 'off' }, /synchronous_commit off/],
  [{ encoding: 'SQL_ASCII' }, /encoding SQL_ASCII/],
])('a server that cannot be trusted is refused: %j', async (change, sentence) => {
  const good = { version: 180_004, fsync: 'on', synchronous_commit: 'on', encoding: 'UTF8' };
  const asks = (row: object) => ({ query: async <Row extends object>() => [row as Row] });
  await expect(checkServer(asks(good))).resolves.toBeUndefined();
  await expect(checkServer(asks({ ...good, ...change }))).rejects.toThrow(sentence);
});
