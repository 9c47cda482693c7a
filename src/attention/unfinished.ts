/** Begun and not finished: idle, abandoned twice, overdue. One look at the learners' attempts gives all three. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { EXPIRES_AT } from './expires-at.ts';
import { type Candidate, rankOf } from './rules.ts';

/** learning.md: 7 days without activity. */
const IDLE_DAYS = 7;
/** SQL: the states that attempts_unfinished has (migrations/000023-unfinished-attempts.sql). */
const UNFINISHED = `'started', 'stopped', 'abandoned'`;
/** Older than this it is history and not "now": an import of past years must not fill the list. */
const HISTORY_DAYS = 90;

interface Row {
  learner_id: Uuid;
  activity_id: Uuid;
  /** The newest attempt that is not finished; null: the activity was finished since, or can no longer be. */
  open_attempt_id: Uuid | null;
  /** Attempts given up since the activity was last completed. */
  abandoned: number;
  /** When the second of them was. */
  second_at: Date | null;
  last_abandoned_at: Date | null;
  abandoned_attempt_id: Uuid | null;
  /** null: not due yet, or completed or handed in. */
  overdue_at: Date | null;
  last_at: Date;
}

/** What of these learners is unfinished in a way that a rule names. */
export async function unfinished(db: Queryable, workspace: number, learners: readonly Uuid[]): Promise<Candidate[]> {
  const rows = await unfinishedActivities(db, workspace, learners);
  const history = Date.now() - HISTORY_DAYS * 86_400_000;
  const candidates: Candidate[] = [];
  for (const row of rows) {
    if (row.second_at !== null && (row.last_abandoned_at?.getTime() ?? 0) > history)
      candidates.push(abandoned(row, row.second_at));
    if (row.overdue_at !== null && row.overdue_at.getTime() > history) candidates.push(overdue(row, row.overdue_at));
  }
  const idleSince = Date.now() - IDLE_DAYS * 86_400_000;
  const perhaps = [...Map.groupBy(rows, (row) => row.learner_id).entries()].filter(
    ([, own]) =>
      own.some((row) => row.open_attempt_id !== null) && own.every((row) => row.last_at.getTime() <= idleSince),
  );
  const lasts = await lastSigns(
    db,
    workspace,
    perhaps.map(([id]) => id),
  );
  for (const [id, own] of perhaps) {
    const last = lasts.get(id)?.getTime() ?? 0;
    if (last > idleSince || last <= history) continue;
    const open = own.filter((row) => row.open_attempt_id !== null);
    candidates.push(idle(open, new Date(last)));
  }
  return candidates;
}

/**
 * Each activity on which one of these learners has something unfinished, with all attempts there weighed. Only those: a rule
 * can name no other, and one look would else read all that a class ever completed.
 */
async function unfinishedActivities(db: Queryable, workspace: number, learners: readonly Uuid[]): Promise<Row[]> {
  return await db.query<Row>(
    `WITH begun AS MATERIALIZED (
       SELECT DISTINCT u.learner_id, u.activity_id
       FROM unnest($2::uuid[]) AS wanted (id)
       JOIN learners l ON l.workspace = $1 AND l.id = wanted.id AND NOT l.excluded
       CROSS JOIN LATERAL (
         SELECT a.learner_id, a.activity_id FROM attempts a
         WHERE a.workspace = $1 AND a.learner_id = l.id AND a.state IN (${UNFINISHED}) AND NOT a.test OFFSET 0
       ) u
     ), mine AS (
       SELECT a.learner_id, a.activity_id, a.id, a.state, a.opened_at, a.last_at, coalesce(a.ended_at, a.last_at) AS ended_at,
              e.at <= now() AS expired, t.due_at,
              max(a.opened_at) FILTER (WHERE a.state IN ('completed', 'submitted'))
                OVER (PARTITION BY a.learner_id, a.activity_id) AS done_at
       FROM begun b
       CROSS JOIN LATERAL (SELECT * FROM activities y WHERE y.workspace = $1 AND y.id = b.activity_id OFFSET 0) t
       CROSS JOIN LATERAL (
         SELECT * FROM attempts x
         WHERE x.workspace = $1 AND x.learner_id = b.learner_id AND x.activity_id = b.activity_id
           AND NOT x.test AND x.state <> 'revoked'
         OFFSET 0
       ) a
       CROSS JOIN LATERAL (SELECT ${EXPIRES_AT} AS at) e
     )
     SELECT learner_id, activity_id, max(last_at) AS last_at,
            (array_agg(id ORDER BY opened_at DESC)
              FILTER (WHERE state IN (${UNFINISHED}) AND since AND expired IS NOT TRUE))[1] AS open_attempt_id,
            count(*) FILTER (WHERE state = 'abandoned' AND since)::int AS abandoned,
            (array_agg(ended_at ORDER BY ended_at) FILTER (WHERE state = 'abandoned' AND since))[2] AS second_at,
            max(ended_at) FILTER (WHERE state = 'abandoned' AND since) AS last_abandoned_at,
            (array_agg(id ORDER BY ended_at DESC) FILTER (WHERE state = 'abandoned' AND since))[1] AS abandoned_attempt_id,
            CASE WHEN max(done_at) IS NULL AND max(due_at) <= now() THEN max(due_at) END AS overdue_at
     FROM (SELECT *, done_at IS NULL OR opened_at > done_at AS since FROM mine) m
     GROUP BY 1, 2`,
    [workspace, learners],
  );
}

/** When each of these learners last did anything at all. */
async function lastSigns(db: Queryable, workspace: number, learners: readonly Uuid[]): Promise<Map<Uuid, Date>> {
  if (learners.length === 0) return new Map();
  const rows = await db.query<{ id: Uuid; at: Date }>(
    `SELECT a.learner_id AS id, max(a.last_at) AS at FROM attempts a
     WHERE a.workspace = $1 AND a.learner_id = ANY ($2::uuid[]) AND NOT a.test AND a.state <> 'revoked'
       AND EXISTS (SELECT FROM activities t WHERE t.workspace = $1 AND t.id = a.activity_id)
     GROUP BY 1`,
    [workspace, learners],
  );
  return new Map(rows.map((row) => [row.id, row.at]));
}

function abandoned(row: Row, secondAt: Date): Candidate {
  return {
    rule: 'abandoned_twice',
    learnerId: row.learner_id,
    subject: row.activity_id,
    occasion: secondAt.toISOString(),
    activityId: row.activity_id,
    attemptId: row.abandoned_attempt_id,
    facts: { times: row.abandoned },
    rank: rankOf('abandoned_twice', row.abandoned),
    since: secondAt,
  };
}

function overdue(row: Row, dueAt: Date): Candidate {
  return {
    rule: 'overdue',
    learnerId: row.learner_id,
    subject: row.activity_id,
    occasion: dueAt.toISOString(),
    activityId: row.activity_id,
    attemptId: row.open_attempt_id,
    facts: { dueAt: dueAt.toISOString(), days: Math.floor((Date.now() - dueAt.getTime()) / 86_400_000) },
    rank: rankOf('overdue'),
    since: dueAt,
  };
}

function idle(open: readonly Row[], last: Date): Candidate {
  const [only] = open;
  const one = open.length === 1 ? only : undefined;
  return {
    rule: 'idle',
    learnerId: only?.learner_id ?? '',
    subject: '',
    occasion: last.toISOString(),
    activityId: one?.activity_id ?? null,
    attemptId: one?.open_attempt_id ?? null,
    facts: { days: Math.floor((Date.now() - last.getTime()) / 86_400_000), unfinished: open.length },
    rank: rankOf('idle'),
    since: last,
  };
}
