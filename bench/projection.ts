/**
 * How fast receipts that are already stored are projected, with nothing else going on: `node bench/projection.ts [receipts]`.
 * For tuning (add --cpu-prof); the promised figures are in burst.ts and steady.ts.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { openDatabase } from '../src/db/database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded/start-embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { tombstones } from '../src/people/tombstones.ts';
import { startWorker } from '../src/worker/loop.ts';

const count = Number(process.argv[2] ?? 20_000);
const lanes = Number(process.argv[3] ?? 2);
const batch = Number(process.argv[4] ?? 500);
const log = pino({ level: 'warn' });
const dataDir = mkdtempSync(path.join(tmpdir(), 'gradewire-projection-'));
const postgres = await startEmbeddedPostgres({ dataDir, log });
const db = openDatabase({ url: postgres.url, max: 8, name: 'bench', prepares: true });
try {
  await migrate(db);
  const source = '11111111-1111-4111-8111-111111111111';
  await db.query(
    `INSERT INTO sources (workspace, id, provider, slug, name, secrets) VALUES (1, $1, 'quizapi', 'bench', 'bench', '')`,
    [source],
  );
  for (let from = 0; from < count; from += 1000) {
    const bodies = Array.from({ length: Math.min(1000, count - from) }, (_, i) => completion(from + i));
    await db.query(
      `WITH rows AS (
         SELECT nextval('receipt_seq') AS seq, key, body FROM unnest($1::bytea[], $2::text[]) AS i (key, body)
       ), stored AS (
         INSERT INTO receipts (workspace, seq, received_at, key, source_id, verification, headers, body)
         SELECT 1, seq, now(), key, $3, 'signature', '{"content-type":"application/json"}', convert_to(body, 'UTF8') FROM rows
       )
       INSERT INTO receipt_queue (workspace, seq, received_at) SELECT 1, seq, now() FROM rows`,
      [bodies.map((body) => createHash('sha256').update(body).digest()), bodies, source],
    );
  }
  await db.query('CHECKPOINT');
  const databaseBefore = databaseCpuMicros(postgres.pid());
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const worker = startWorker({
    db,
    log,
    busy: () => false,
    lanes,
    batch,
    stones: tombstones('the encryption key of this bench'),
  });
  for (;;) {
    const [row] = await db.query<{ left: number }>('SELECT count(*)::int AS left FROM receipt_queue');
    if (row?.left === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await worker.stop();
  const seconds = (performance.now() - began) / 1000;
  const [rows] = await db.query<{ attempts: number; events: number }>(
    'SELECT (SELECT count(*) FROM attempts)::int AS attempts, (SELECT count(*) FROM events)::int AS events',
  );
  const cpu = process.cpuUsage(cpuBefore);
  const database = databaseCpuMicros(postgres.pid()) - databaseBefore;
  console.log(
    `${count} receipts in ${seconds.toFixed(1)} s: ${Math.round(count / seconds)}/s (${lanes} lanes of ${batch}); ` +
      `${rows?.attempts} attempts, ${rows?.events} events; CPU each: node ${Math.round((cpu.user + cpu.system) / count)} µs, database ${Math.round(database / count)} µs`,
  );
} finally {
  await db.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** CPU time of PostgreSQL so far: its own children that ended and those that run (Linux; 10 ms ticks). */
function databaseCpuMicros(postmaster: number): number {
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const own = Number(entry) === postmaster;
      if (!own && Number(fields[1]) !== postmaster) continue;
      ticks += Number(fields[11]) + Number(fields[12]) + (own ? Number(fields[13]) + Number(fields[14]) : 0);
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return ticks * 10_000;
}

/** One QuizAPI completion (body A of the seed) with ten answers. */
function completion(i: number): string {
  return JSON.stringify({
    event: 'quiz.completed',
    timestamp: new Date(Date.UTC(2026, 3, 8) + i * 1000).toISOString(),
    data: {
      userId: `user_${i % 2000}`,
      quizId: `quiz_${Math.floor(i / 2000) % 50}`,
      quizTitle: `Quiz number ${Math.floor(i / 2000) % 50}`,
      score: i % 11,
      totalQuestions: 10,
      percentage: (i % 11) * 10,
      timeSpentSeconds: 100 + (i % 300),
      answers: Array.from({ length: 10 }, (_, q) => ({
        questionId: `q${q}`,
        selectedAnswerId: `a${(i + q) % 4}`,
        correct: (i + q) % 3 !== 0,
      })),
    },
    signature: 'sha256=abcdef1234567890',
  });
}
