/** Stuck now: three failed tries of one step, or silence inside a running attempt. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { EXPIRES_AT } from './expires-at.ts';
import { type Pauses, pausesAt } from './pauses.ts';
import { type Candidate, rankOf } from './rules.ts';

/** After a week without a sign nobody is stuck any more: the learner is idle. */
const STUCK_DAYS = 7;
/** learning.md: three failed tries of one step. */
const TRIES = 3;
/** learning.md: more than 10 minutes … */
const SILENT_MINUTES = 10;
/** … and three times the class's median gap. */
const TIMES_MEDIAN = 3;
/** Later the learner is not silent inside the attempt but gone. */
const GONE_HOURS = 24;

/** Attempts `a` of these learners that run and have time left, with their activity `t`. */
const RUNNING = `FROM attempts a
  JOIN learners l ON l.workspace = $1 AND l.id = a.learner_id AND NOT l.excluded
  JOIN activities t ON t.workspace = $1 AND t.id = a.activity_id
  CROSS JOIN LATERAL (SELECT ${EXPIRES_AT} AS at) e`;
const OF_THESE = `a.workspace = $1 AND a.learner_id = ANY ($2::uuid[]) AND a.state = 'started' AND NOT a.test
  AND (e.at IS NULL OR e.at > now())`;

interface TriesRow {
  learner_id: Uuid;
  activity_id: Uuid;
  attempt_id: Uuid;
  step: string;
  index: number | null;
  tries: number;
  since: Date;
}

/** Those stuck at a step they have failed three times and neither finished nor left for another one. */
export async function stuckByTries(db: Queryable, workspace: number, learners: readonly Uuid[]): Promise<Candidate[]> {
  const rows = await db.query<TriesRow>(
    `SELECT a.learner_id, a.activity_id, a.id AS attempt_id, s.step ->> 'externalId' AS step,
            (s.step ->> 'index')::int AS index, (s.step ->> 'attempts')::int AS tries, third.at AS since
     ${RUNNING}
     CROSS JOIN LATERAL jsonb_array_elements(a.steps) AS s (step)
     CROSS JOIN LATERAL (
       SELECT coalesce((
         SELECT (f ->> 'at')::timestamptz FROM json_array_elements(a.facts) f
         WHERE f ->> 't' = 'step.attempted' AND f ->> 'd' IS NULL
           AND CASE WHEN s.step ->> 'index' IS NULL OR f -> 'st' ->> 1 IS NULL THEN f -> 'st' ->> 0 = s.step ->> 'externalId'
                    ELSE f -> 'st' ->> 1 = s.step ->> 'index' END
         ORDER BY 1 OFFSET ${TRIES - 1} LIMIT 1), a.last_at) AS at
     ) third
     WHERE ${OF_THESE} AND a.last_at > now() - interval '${STUCK_DAYS} days'
       AND s.step ->> 'state' = 'started' AND (s.step ->> 'attempts')::int >= ${TRIES}
       AND NOT EXISTS (SELECT FROM jsonb_array_elements(a.steps) other
                       WHERE (other ->> 'startedAt')::timestamptz > third.at)`,
    [workspace, learners],
  );
  return rows.map((row) => ({
    rule: 'stuck_tries',
    learnerId: row.learner_id,
    subject: `${row.attempt_id}|${row.index === null ? row.step : `#${row.index}`}`,
    occasion: '',
    activityId: row.activity_id,
    attemptId: row.attempt_id,
    facts: { step: row.step === '' ? null : row.step, stepTitle: null, stepIndex: row.index, tries: row.tries },
    rank: rankOf('stuck_tries', row.tries),
    since: row.since,
  }));
}

interface SilentRow {
  learner_id: Uuid;
  activity_id: Uuid;
  attempt_id: Uuid;
  last_at: Date;
  seconds: number;
}

/** Those silent in a running attempt for longer than the class usually pauses at this activity. */
export async function stuckBySilence(
  db: Queryable,
  workspace: number,
  learners: readonly Uuid[],
  pauses: Pauses,
): Promise<Candidate[]> {
  const rows = await db.query<SilentRow>(
    `SELECT a.learner_id, a.activity_id, a.id AS attempt_id, a.last_at,
            extract(epoch FROM now() - a.last_at)::double precision AS seconds
     ${RUNNING}
     WHERE ${OF_THESE} AND a.last_at < now() - interval '${SILENT_MINUTES} minutes'
       AND a.last_at > now() - interval '${GONE_HOURS} hours'`,
    [workspace, learners],
  );
  const candidates: Candidate[] = [];
  for (const row of rows) {
    const usual = await pausesAt(db, workspace, row.activity_id, pauses);
    if (usual === null || row.seconds <= TIMES_MEDIAN * usual.medianSeconds) continue;
    candidates.push({
      rule: 'stuck_silence',
      learnerId: row.learner_id,
      subject: row.attempt_id,
      occasion: row.last_at.toISOString(),
      activityId: row.activity_id,
      attemptId: row.attempt_id,
      facts: {
        minutes: Math.floor(row.seconds / 60),
        classMedianMinutes: Math.round(usual.medianSeconds / 6) / 10,
        gaps: usual.count,
      },
      rank: rankOf('stuck_silence'),
      since: row.last_at,
    });
  }
  return candidates;
}

/** Learners who may be stuck by now, or no longer are: those silent in a running attempt, and those with such a flag. */
export async function maybeStuck(db: Queryable, workspace: number): Promise<Uuid[]> {
  const rows = await db.query<{ id: Uuid }>(
    `SELECT DISTINCT learner_id AS id FROM attempts
     WHERE workspace = $1 AND state = 'started' AND learner_id IS NOT NULL
       AND last_at < now() - interval '${SILENT_MINUTES} minutes' AND last_at > now() - interval '${GONE_HOURS} hours'
     UNION
     SELECT learner_id FROM attention_flags
     WHERE workspace = $1 AND resolved_at IS NULL AND rule IN ('stuck_tries', 'stuck_silence')`,
    [workspace],
  );
  return rows.map((row) => row.id);
}
