/**
 * The schema as a list of things with their definitions, read from the database's own catalogue: what the doctor compares
 * with migrations/schema.json, which `npm run schema` writes. Partitions are left out: they come with time.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Queryable } from './database.ts';

/** `column attempts.id` → `uuid not null`, and so on; sorted by name. */
export type SchemaSnapshot = Readonly<Record<string, string>>;

/** Where the expected schema stands. */
export const SNAPSHOT_FILE: string = fileURLToPath(new URL('../../migrations/schema.json', import.meta.url));

/** The schema that this version of the code expects. */
export async function readExpectedSchema(): Promise<SchemaSnapshot> {
  const value: unknown = JSON.parse(await readFile(SNAPSHOT_FILE, 'utf8'));
  if (typeof value !== 'object' || value === null)
    throw new Error(`${SNAPSHOT_FILE} is broken. Run \`npm run schema\`.`);
  return Object.fromEntries(Object.entries(value).map(([name, definition]) => [name, String(definition)]));
}

// Constraints of type n (NOT NULL) are rows only since PostgreSQL 18; they stand with their columns. An index that carries
// a constraint stands with that constraint.
const SQL = `
WITH tables AS (
  SELECT c.oid, c.relname, c.relkind, c.reloptions
  FROM pg_class c
  WHERE c.relnamespace = 'gradewire'::regnamespace AND NOT c.relispartition
)
SELECT 'table ' || relname AS name,
       CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) ELSE 'plain' END
         || coalesce(' with ' || array_to_string(reloptions, ', '), '') AS definition
FROM tables WHERE relkind IN ('r', 'p')
UNION ALL
SELECT 'column ' || t.relname || '.' || a.attname,
       format_type(a.atttypid, a.atttypmod)
         || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
         || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
         || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM tables t
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE t.relkind IN ('r', 'p')
UNION ALL
SELECT 'constraint ' || t.relname || '.' || k.conname, pg_get_constraintdef(k.oid, true)
FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype <> 'n'
UNION ALL
SELECT 'index ' || t.relname || '.' || i.relname, pg_get_indexdef(i.oid, 0, true) || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END
FROM tables t
JOIN pg_index x ON x.indrelid = t.oid
JOIN pg_class i ON i.oid = x.indexrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid)
UNION ALL
SELECT 'sequence ' || t.relname, s.data_type::text || ' start ' || s.start_value || ' increment ' || s.increment_by
FROM tables t JOIN pg_sequences s ON s.schemaname = 'gradewire' AND s.sequencename = t.relname WHERE t.relkind = 'S'
UNION ALL
SELECT 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       'returns ' || pg_get_function_result(p.oid) || ', ' || l.lanname || ', sha256 ' || encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex')
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'gradewire'::regnamespace`;

/** The schema that a database has. */
export async function readLiveSchema(db: Queryable): Promise<SchemaSnapshot> {
  const rows = await db.query<{ name: string; definition: string }>(SQL);
  return Object.fromEntries(
    rows.map(({ name, definition }) => [name, definition] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

/** A sentence fragment for each thing that differs; empty when the schemas are the same. */
export function compareSchemas(expected: SchemaSnapshot, live: SchemaSnapshot): string[] {
  const missing = notIn(live, Object.keys(expected));
  const extra = notIn(expected, Object.keys(live));
  const changed = Object.keys(expected).filter((name) => live[name] !== undefined && live[name] !== expected[name]);
  return [
    ...missing.map((name) => `${name} is missing`),
    ...extra.map((name) => `${name} is not ours`),
    ...changed.map((name) => `${name} is \`${live[name]}\` instead of \`${expected[name]}\``),
  ];
}

/** The names that a snapshot lacks; of a table that is not there at all, only the table. */
function notIn(snapshot: SchemaSnapshot, names: readonly string[]): string[] {
  const lacking = names.filter((name) => snapshot[name] === undefined);
  const tables = new Set(lacking.flatMap((name) => (name.startsWith('table ') ? [name.slice('table '.length)] : [])));
  return lacking.filter((name) => {
    const table = /^(?:column|constraint|index) ([^.]+)\./.exec(name)?.[1];
    return table === undefined || !tables.has(table);
  });
}
