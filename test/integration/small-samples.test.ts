/**
 * ANALYZE reads 300 rows for the largest target among a table's columns, and a partition takes no target over from its table: one
 * column or partition that was forgotten brings 30,000 rows and their bodies back (docs/decisions/0142-small-samples.md).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../helpers/database.ts';
import { createTestDatabase } from '../helpers/database.ts';

const LARGEST = 20;
const NEVER_COMPARED = ['body', 'facts', 'headers', 'history', 'payload', 'platform', 'receipt_key', 'responses'];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Sampled {
  /** Those that hold rows. */
  tables: number;
  /** Columns, and expressions of indexes, that ask for more. */
  large: string[];
  /** Columns that no statement compares, and that are sampled all the same. */
  wasted: string[];
  /** Tables that a vacuum goes over for every thousand rows. */
  eager: string[];
}

/** How these tables with their partitions are sampled. */
async function sampled(tables: readonly string[]): Promise<Sampled> {
  const rows = await database.db.query<{ holder: string; column: string; target: number | null }>(
    `WITH own AS (
       SELECT c.oid, c.relname FROM unnest($1::regclass[]) AS t (root)
       CROSS JOIN LATERAL (SELECT t.root::oid AS oid UNION SELECT relid FROM pg_partition_tree(t.root)) p
       JOIN pg_class c ON c.oid = p.oid
     )
     SELECT relname AS holder, attname AS column, attstattarget AS target
     FROM own JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped
     UNION ALL
     SELECT relname, pg_get_indexdef(indexrelid, attnum, true), attstattarget
     FROM own JOIN pg_index ON indrelid = oid JOIN pg_attribute ON attrelid = indexrelid AND indkey[attnum - 1] = 0`,
    [tables],
  );
  const holders = await database.db.query<{ name: string; options: string }>(
    `SELECT relname AS name, coalesce(array_to_string(reloptions, ','), '') AS options FROM pg_class
     WHERE relkind = 'r' AND relname = ANY ($1::text[]) AND relnamespace = 'gradewire'::regnamespace`,
    [rows.map(({ holder }) => holder)],
  );
  const named = (of: typeof rows): string[] => of.map(({ holder, column }) => `${holder}.${column}`);
  return {
    tables: holders.length,
    // null (since PostgreSQL 17) and -1: the default, which is 100.
    large: named(rows.filter(({ target }) => target === null || target < 0 || target > LARGEST)),
    wasted: named(rows.filter(({ column, target }) => NEVER_COMPARED.includes(column) && target !== 0)),
    eager: holders
      .filter(({ options }) => !options.includes('autovacuum_vacuum_insert_threshold='))
      .map(({ name }) => name),
  };
}

test('what grows with every webhook is sampled little, in all partitions there are', async () => {
  expect(await sampled(['receipts', 'events', 'receipt_keys', 'attempts'])).toEqual({
    tables: 12,
    large: [],
    wasted: [],
    eager: [],
  });
});

test('so are partitions that are made later', async () => {
  await database.db.query('DROP TABLE receipts_default, events_default');
  await database.db.query('SELECT ensure_partitions(7)');
  expect(await sampled(['receipts', 'events'])).toEqual({ tables: 18, large: [], wasted: [], eager: [] });
});
