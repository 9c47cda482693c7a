/** Begun and not finished: idle, abandoned twice, overdue. One look at the learners' attempts gives all three. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { EXPIRES_AT } from './expires-at.ts';
import { type Candidate, rankOf } from './rules.ts';

/** learning.md: 7 days without activity. */
const IDLE_DAYS = 7;
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
  const rows = await db.query<Row>(
    `WITH mine AS (
       SELECT a.learner_id, a.activity_id, a.id, a.state, a.opened_at, a.last_at, coalesce(a.ended_at, a.last_at) AS ended_at,
              e.at <= now() AS expired, t.due_at,
              max(a.opened_at) FILTER (WHERE a.state IN ('completed', 'submitted'))
                OVER (PARTITION BY a.learner_id, a.activity_id) AS done_at
       FROM attempts a
       JOIN learners l ON l.workspace = $1 AND l.id = a.learner_id AND NOT l.excluded
       CROSS JOIN LATERAL (SELECT * FROM activities y WHERE y.workspace = $1 AND y.id = a.activity_id OFFSET 0) t
       CROSS JOIN LATERAL (SELECT ${EXPIRES_AT} AS at) e
       WHERE a.workspace = $1 AND a.learner_id = ANY ($2::uuid[]) AND NOT a.test AND a.state <> 'revoked'
     )
     SELECT learner_id, activity_id, max(last_at) AS last_at,
            (array_agg(id ORDER BY opened_at DESC)
              FILTER (WHERE state IN ('started', 'stopped', 'abandoned') AND since AND expired IS NOT TRUE))[1] AS open_attempt_id,
            count(*) FILTER (WHERE state = 'abandoned' AND since)::int AS abandoned,
            (array_agg(ended_at ORDER BY ended_at) FILTER (WHERE state = 'abandoned' AND since))[2] AS second_at,
            max(ended_at) FILTER (WHERE state = 'abandoned' AND since) AS last_abandoned_at,
            (array_agg(id ORDER BY ended_at DESC) FILTER (WHERE state = 'abandoned' AND since))[1] AS abandoned_attempt_id,
            CASE WHEN max(done_at) IS NULL AND max(due_at) <= now() THEN max(due_at) END AS overdue_at
     FROM (SELECT *, done_at IS NULL OR opened_at > done_at AS since FROM mine) m
     GROUP BY 1, 2`,
    [workspace, learners],
  );
  const history = Date.now() - HISTORY_DAYS * 86_400_000;
  const candidates: Candidate[] = [];
  for (const row of rows) {
    if (row.second_at !== null && (row.last_abandoned_at?.getTime() ?? 0) > history)
      candidates.push(abandoned(row, row.second_at));
    if (row.overdue_at !== null && row.overdue_at.getTime() > history) candidates.push(overdue(row, row.overdue_at));
  }
  for (const own of Map.groupBy(rows, (row) => row.learner_id).values()) {
    const last = Math.max(...own.map((row) => row.last_at.getTime()));
    if (last > Date.now() - IDLE_DAYS * 86_400_000 || last <= history) continue;
    const open = own.filter((row) => row.open_attempt_id !== null);
    if (open.length > 0) candidates.push(idle(open, new Date(last)));
  }
  return candidates;
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
