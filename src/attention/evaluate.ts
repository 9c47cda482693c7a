/**
 * Looks who needs attention: at once at learners of whom something came, every few seconds at running attempts, and within
 * the hour at everybody.
 */
import type { Uuid } from '../core/ids.ts';
import { publicId } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import { tellNotices } from '../live/notices.ts';
import { belowClass, type ClassScores } from './below-class.ts';
import type { Pauses } from './pauses.ts';
import { reconcile } from './reconcile.ts';
import type { Candidate, Rule } from './rules.ts';
import { maybeStuck, stuckBySilence, stuckByTries } from './stuck.ts';
import { unfinished } from './unfinished.ts';

/** Events read at once; a backlog is told of in pieces. */
const EVENTS = 2_000;
/** Learners looked at in one transaction: it holds the feed's lock at its end. */
const LEARNERS = 500;
/** For silence fewer: each activity's usual pause may have to be found out first. */
const SILENT_LEARNERS = 50;
/** How often running attempts are looked at for silence. */
const SILENCE_MS = 10_000;
/** Everybody is looked at this often. */
const SWEEP_MS = 3_600_000;
/** Silence is none while what came waits to be read for longer than this. */
const BACKLOG = `interval '30 seconds'`;

/** What of an event changes results, and so where a learner stands beside the class. */
const RESULTS: ReadonlySet<string> = new Set(['attempt.completed', 'attempt.regraded', 'attempt.revoked']);

interface Memory {
  pauses: Pauses;
  classScores: ClassScores;
  /** By workspace: who still has to be looked at for silence. */
  silent: Map<number, Uuid[]>;
  /** By workspace: when silence was last looked at. */
  looked: Map<number, number>;
}

/** Makes the job; what it remembers between looks is its own. 'again': there is more to look at now. */
export function attentionEvaluator(): (db: Database) => Promise<'again' | undefined> {
  const memory: Memory = { pauses: new Map(), classScores: new Map(), silent: new Map(), looked: new Map() };
  return async (db) => {
    let again = false;
    for (const { id } of await db.query<{ id: number }>('SELECT id FROM workspaces ORDER BY id')) {
      again = (await look(db, id, memory)) || again;
    }
    forget(memory);
    return again ? 'again' : undefined;
  };
}

async function look(db: Database, workspace: number, memory: Memory): Promise<boolean> {
  // While a rebuild refills attempts they are not what they were nor what they will be.
  const [state] = await db.query<{ rebuilding: boolean; behind: boolean }>(
    `SELECT EXISTS (SELECT FROM receipt_queue WHERE workspace = $1 AND mode = 'rebuild') AS rebuilding,
            EXISTS (SELECT FROM receipt_queue WHERE workspace = $1 AND received_at < now() - ${BACKLOG}) AS behind`,
    [workspace],
  );
  if (state?.rebuilding !== false) return false;
  const position = await positionOf(db, workspace);
  const more = await lookAtTouched(db, workspace, position.seq, state.behind, memory);
  await lookAtChanged(db, workspace, memory);
  await endSnoozes(db, workspace);
  const dueAt = (memory.looked.get(workspace) ?? Number.NEGATIVE_INFINITY) + SILENCE_MS;
  // A round ends before the next begins, or the last of many would never have their turn.
  const roundIsOver = (memory.silent.get(workspace)?.length ?? 0) === 0;
  if (state.behind) memory.silent.delete(workspace);
  else if (roundIsOver && dueAt <= performance.now()) {
    memory.looked.set(workspace, performance.now());
    memory.silent.set(workspace, await maybeStuck(db, workspace));
    await lookAtDue(db, workspace, memory);
    await sweep(db, workspace, memory);
  }
  // In small pieces, and whoever did something meanwhile comes first.
  const silent = memory.silent.get(workspace) ?? [];
  const some = silent.splice(0, SILENT_LEARNERS);
  await lookAt(db, workspace, some, ['stuck_tries', 'stuck_silence'], memory);
  if (silent.length > 0) return true;
  return more;
}

/** Looks at these learners by these rules. */
async function lookAt(
  db: Database,
  workspace: number,
  learners: readonly Uuid[],
  rules: readonly Rule[],
  memory: Memory,
): Promise<void> {
  if (learners.length === 0) return;
  const found: Candidate[] = [];
  if (rules.includes('stuck_tries')) found.push(...(await stuckByTries(db, workspace, learners)));
  if (rules.includes('stuck_silence')) found.push(...(await stuckBySilence(db, workspace, learners, memory.pauses)));
  if (rules.includes('idle')) found.push(...(await unfinished(db, workspace, learners)));
  if (rules.includes('below_class')) found.push(...(await belowClass(db, workspace, learners, memory.classScores)));
  await reconcile(db, workspace, { learners, rules }, found);
}

const QUICK: readonly Rule[] = ['stuck_tries', 'stuck_silence', 'idle', 'abandoned_twice', 'overdue'];
const ALL: readonly Rule[] = [...QUICK, 'below_class'];

/** Those of whom the feed told something since the last look; true when there is more of it. */
async function lookAtTouched(
  db: Database,
  workspace: number,
  after: number,
  behind: boolean,
  memory: Memory,
): Promise<boolean> {
  const events = await db.query<{ seq: number; learner_id: Uuid | null; type: string }>(
    `SELECT seq, learner_id, type FROM events WHERE workspace = $1 AND seq > $2 ORDER BY seq LIMIT ${EVENTS}`,
    [workspace, after],
  );
  const last = events.at(-1);
  if (last === undefined) return false;
  const touched = new Set<Uuid>();
  const results = new Set<Uuid>();
  for (const { learner_id: id, type } of events) {
    if (id === null || type === 'learner.needs_attention') continue;
    touched.add(id);
    if (RESULTS.has(type)) results.add(id);
  }
  const now = (rules: readonly Rule[]): Rule[] => rules.filter((rule) => !behind || rule !== 'stuck_silence');
  for (const some of chunks([...results])) await lookAt(db, workspace, some, now(ALL), memory);
  for (const some of chunks([...touched].filter((id) => !results.has(id)))) {
    await lookAt(db, workspace, some, now(QUICK), memory);
  }
  await db.query('UPDATE attention_position SET seq = $2 WHERE workspace = $1 AND seq < $2', [workspace, last.seq]);
  return events.length === EVENTS;
}

/** Those whom a person merged, parted, or took out of figures or back in (migrations/000008-attention.sql). */
async function lookAtChanged(db: Database, workspace: number, memory: Memory): Promise<void> {
  const rows = await db.query<{ id: Uuid; upTo: string }>(
    `SELECT learner_id AS id, max(touched_at)::text AS "upTo" FROM attention_touched WHERE workspace = $1 GROUP BY 1`,
    [workspace],
  );
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  for (const some of chunks(ids)) await lookAt(db, workspace, some, ALL, memory);
  await db.query(
    `DELETE FROM attention_touched t USING unnest($2::uuid[], $3::timestamptz[]) AS seen (id, up_to)
     WHERE t.workspace = $1 AND t.learner_id = seen.id AND t.touched_at <= seen.up_to`,
    [workspace, ids, rows.map((row) => row.upTo)],
  );
}

/** Those with something begun at an activity whose due time has just passed. */
async function lookAtDue(db: Database, workspace: number, memory: Memory): Promise<void> {
  const rows = await db.query<{ id: Uuid }>(
    `SELECT DISTINCT a.learner_id AS id FROM activities t
     JOIN attempts a ON a.workspace = $1 AND a.activity_id = t.id AND a.learner_id IS NOT NULL
     WHERE t.workspace = $1 AND t.due_at <= now() AND t.due_at > now() - interval '1 minute'`,
    [workspace],
  );
  for (const some of chunks(rows.map((row) => row.id))) await lookAt(db, workspace, some, QUICK, memory);
}

/** The next few of everybody, round and round, a round an hour at most. */
async function sweep(db: Database, workspace: number, memory: Memory): Promise<void> {
  const { sweptTo, sweepBeganAt } = await positionOf(db, workspace);
  if (sweptTo === null) {
    if (sweepBeganAt !== null && Date.now() - sweepBeganAt.getTime() < SWEEP_MS) return;
    await db.query('UPDATE attention_position SET sweep_began_at = now() WHERE workspace = $1', [workspace]);
  }
  const learners = (
    await db.query<{ id: Uuid }>(
      `SELECT id FROM learners WHERE workspace = $1 AND id > $2::uuid ORDER BY id LIMIT ${LEARNERS}`,
      [workspace, sweptTo ?? '00000000-0000-0000-0000-000000000000'],
    )
  ).map((row) => row.id);
  await lookAt(db, workspace, learners, ALL, memory);
  const done = learners.length < LEARNERS;
  if (done) await dropOrphans(db, workspace);
  await db.query('UPDATE attention_position SET swept_to = $2 WHERE workspace = $1', [
    workspace,
    done ? null : learners.at(-1),
  ]);
}

/** Flags of people who are gone. */
async function dropOrphans(db: Database, workspace: number): Promise<void> {
  await db.query(
    `DELETE FROM attention_flags f WHERE f.workspace = $1
     AND NOT EXISTS (SELECT FROM learners l WHERE l.workspace = $1 AND l.id = f.learner_id)`,
    [workspace],
  );
}

/** Snoozed flags whose time has come. */
async function endSnoozes(db: Database, workspace: number): Promise<void> {
  const rows = await db.query<{ id: Uuid; learner_id: Uuid; activity_id: Uuid | null }>(
    `UPDATE attention_flags SET state = 'open', snoozed_until = NULL
     WHERE workspace = $1 AND state = 'snoozed' AND resolved_at IS NULL AND snoozed_until <= now()
     RETURNING id, learner_id, activity_id`,
    [workspace],
  );
  await tellNotices(
    db,
    workspace,
    rows.map((row) => ({
      event: 'attention',
      learnerId: row.learner_id,
      activityId: row.activity_id,
      data: { id: publicId('flg', row.id), state: 'open' },
    })),
  );
}

interface Position {
  seq: number;
  sweptTo: Uuid | null;
  sweepBeganAt: Date | null;
}

/** How far it was looked; the first time from the end of the feed, since everybody is looked at then anyway. */
async function positionOf(db: Database, workspace: number): Promise<Position> {
  const ask = () =>
    db.query<Position>(
      `SELECT seq, swept_to AS "sweptTo", sweep_began_at AS "sweepBeganAt" FROM attention_position WHERE workspace = $1`,
      [workspace],
    );
  const [known] = await ask();
  if (known !== undefined) return known;
  await db.query(
    `INSERT INTO attention_position (workspace, seq)
     VALUES ($1, coalesce((SELECT seq FROM events WHERE workspace = $1 ORDER BY seq DESC LIMIT 1), 0))
     ON CONFLICT DO NOTHING`,
    [workspace],
  );
  const [made] = await ask();
  if (made === undefined) throw new Error('The position of the look at learners was not stored. It is tried again.');
  return made;
}

function* chunks(ids: readonly Uuid[]): Generator<Uuid[]> {
  for (let from = 0; from < ids.length; from += LEARNERS) yield ids.slice(from, from + LEARNERS);
}

/** What is over is not kept, so that many activities do not fill the memory. */
function forget(memory: Memory): void {
  const now = Date.now();
  for (const [key, { until }] of memory.pauses) if (until <= now) memory.pauses.delete(key);
  for (const [key, { until }] of memory.classScores) if (until <= now) memory.classScores.delete(key);
}
