/**
 * What answers cost as an array in the attempt's row and as a row each: `node bench/answers.ts [attempts]`. Both sides write
 * the same answers of the same attempts in batches of 500, alternating, on one fresh embedded PostgreSQL.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { textArray } from '../src/db/binary-arrays.ts';
import { type Database, openDatabase } from '../src/db/database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded/start-embedded.ts';

const attempts = Number(process.argv[2] ?? 50_000);
const BATCH = 500;
const ANSWERS = 10;
const RUNS = 5;

const dataDir = mkdtempSync(path.join(tmpdir(), 'gradewire-answers-'));
const postgres = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'warn' }) });
const db = openDatabase({ url: postgres.url, max: 1, name: 'bench' });
try {
  const ms: Record<'array' | 'rows', number[]> = { array: [], rows: [] };
  for (let run = 0; run < RUNS; run++) {
    await create(db);
    for (let from = 0; from < attempts; from += BATCH) {
      const ids = Array.from({ length: BATCH }, (_, i) => id(from + i));
      ms.array.push(await timed(() => writeArrays(db, ids)));
      ms.rows.push(await timed(() => writeRows(db, ids)));
    }
  }
  const sizes = await db.query<{ table: string; bytes: number }>(
    `SELECT t AS table, pg_total_relation_size(t::regclass) AS bytes FROM unnest(ARRAY['as_array', 'as_rows']) AS t`,
  );
  for (const [side, table] of [['array', 'as_array'] as const, ['rows', 'as_rows'] as const]) {
    const bytes = sizes.find((size) => size.table === table)?.bytes ?? 0;
    console.log(
      `${side.padEnd(5)}  ${((1000 * median(ms[side])) / BATCH).toFixed(1)} µs an attempt, ${Math.round(bytes / attempts)} bytes an attempt`,
    );
  }
} finally {
  await db.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function create(database: Database): Promise<void> {
  await database.query('CREATE SCHEMA IF NOT EXISTS gradewire');
  await database.query('DROP TABLE IF EXISTS as_array, as_rows');
  await database.query(
    'CREATE TABLE as_array (workspace integer, id uuid, responses jsonb, PRIMARY KEY (workspace, id)) WITH (toast_tuple_target = 8160)',
  );
  await database.query(
    `CREATE TABLE as_rows (workspace integer, attempt_id uuid, question_id text, selected_answer_ids text[], text text,
       correct boolean, mark double precision, max_mark double precision, PRIMARY KEY (workspace, attempt_id, question_id))`,
  );
}

function writeArrays(database: Database, ids: readonly string[]): Promise<unknown> {
  const responses = ids.map(() => JSON.stringify(answers()));
  return database.query(
    'INSERT INTO as_array SELECT 1, i::uuid, r::jsonb FROM unnest($1::text[], $2::text[]) AS x (i, r)',
    [textArray(ids), textArray(responses)],
  );
}

function writeRows(database: Database, ids: readonly string[]): Promise<unknown> {
  const all = ids.flatMap((attempt) => answers().map((answer) => ({ attempt, ...answer })));
  return database.query(
    `INSERT INTO as_rows (workspace, attempt_id, question_id, selected_answer_ids, correct)
     SELECT 1, a::uuid, q, s::text[], c::boolean FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS x (a, q, s, c)`,
    [
      textArray(all.map((one) => one.attempt)),
      textArray(all.map((one) => one.questionId)),
      textArray(all.map((one) => `{${one.selectedAnswerIds.join(',')}}`)),
      textArray(all.map((one) => String(one.correct))),
    ],
  );
}

function answers() {
  return Array.from({ length: ANSWERS }, (_, q) => ({
    questionId: `q${q}`,
    selectedAnswerIds: [`a${q % 4}`],
    correct: q % 3 !== 0,
  }));
}

function id(n: number): string {
  return `${(Math.imul(n, 2654435761) >>> 0).toString(16).padStart(8, '0')}-0000-8000-8000-${n.toString(16).padStart(12, '0')}`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
