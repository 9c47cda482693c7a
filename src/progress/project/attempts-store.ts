/** Reads and writes the attempts of a batch, under locks that keep two workers from deriving one attempt blind to each other. */
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { Provider } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { type AttemptRecord, foldOf } from '../fold/attempt-record.ts';
import type { StoredFact } from '../fold/stored-fact.ts';

/** All of a learner's attempts on an activity whose platform names none. */
export interface CutGroupKey {
  learnerId: Uuid;
  activityId: Uuid;
}

/**
 * Takes the locks of the groups, in one order for all workers; held to the end of the transaction. Advisory, because
 * attempts that do not exist yet cannot be locked as rows. Also shares the lock that a rebuild takes alone (7304).
 */
export async function lockGroups(tx: Queryable, workspace: number, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return;
  await tx.query(
    `WITH rebuild AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(7304, $1::int))
     SELECT pg_advisory_xact_lock(k) FROM rebuild, (
       SELECT DISTINCT hashtextextended($1::text || '|' || g, 7303) AS k FROM unnest($2::text[]) AS g ORDER BY 1
     ) AS keys`,
    [workspace, groups],
  );
}

interface Row {
  id: Uuid;
  sourceId: Uuid;
  provider: Provider;
  externalId: string | null;
  learnerId: Uuid | null;
  activityId: Uuid | null;
  facts: StoredFact[];
  closedAt: Instant | null;
  anchors: string[] | null;
}

const COLUMNS = `a.id, a.source_id AS "sourceId", a.provider, a.external_id AS "externalId", a.learner_id AS "learnerId",
  a.activity_id AS "activityId", a.facts, a.anchors,
  CASE WHEN a.anchors IS NOT NULL AND a.state = 'abandoned'
    THEN to_char(a.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END AS "closedAt"`;

/** The attempts with these ids. Large columns are left in the database. */
export async function readNamed(tx: Queryable, workspace: number, ids: readonly Uuid[]): Promise<AttemptRecord[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<Row>(`SELECT ${COLUMNS} FROM attempts a WHERE a.workspace = $1 AND a.id = ANY ($2::uuid[])`, [
    workspace,
    ids,
  ]);
  return rows.map(record);
}

/** All attempts cut from facts of these learners on these activities. */
export async function readCut(tx: Queryable, workspace: number, groups: readonly CutGroupKey[]): Promise<AttemptRecord[]> {
  if (groups.length === 0) return [];
  const rows = await tx.query<Row>(
    `SELECT ${COLUMNS}
     FROM unnest($2::uuid[], $3::uuid[]) AS g (learner_id, activity_id)
     JOIN attempts a ON a.workspace = $1 AND a.learner_id = g.learner_id AND a.activity_id = g.activity_id
     WHERE a.anchors IS NOT NULL`,
    [workspace, groups.map((g) => g.learnerId), groups.map((g) => g.activityId)],
  );
  return rows.map(record);
}

function record(row: Row): AttemptRecord {
  // It was given up by a fact of its own, or a rebuild has emptied it: no second start closed it.
  const open = row.facts.length === 0 || row.facts.some((fact) => GIVEN_UP.has(fact.t));
  return {
    ...row,
    closedAt: open ? null : row.closedAt,
    responses: 'keep',
    breakdowns: 'keep',
    certificate: 'keep',
    platform: 'keep',
    folded: null,
    dirty: false,
  };
}

const GIVEN_UP: ReadonlySet<string> = new Set(['attempt.abandoned', 'attempt.stopped']);

/** Deletes the attempts that lost all their facts to others. */
export async function deleteEmpty(tx: Queryable, workspace: number, ids: readonly Uuid[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query('DELETE FROM attempts WHERE workspace = $1 AND id = ANY ($2::uuid[])', [workspace, ids]);
}

/** Inserts or replaces attempts: every column is a function of the facts, so the row as a whole is written. */
export async function saveAttempts(tx: Queryable, workspace: number, records: readonly AttemptRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.query(SAVE, [workspace, JSON.stringify(records.map(toRow))]);
}

const SAVE = `
  INSERT INTO attempts AS a (workspace, id, source_id, provider, external_id, learner_id, activity_id, state, outcome, score,
    max_score, percentage, correct_count, incorrect_count, partial_count, unanswered_count, total_questions,
    time_spent_seconds, time_kind, opened_at, started_at, completed_at, ended_at, last_at, verification, test, responses,
    breakdowns, steps, certificate, platform, history, facts, anchors)
  SELECT $1, r.id, r.source_id, r.provider, r.external_id, r.learner_id, r.activity_id, r.state, r.outcome, r.score,
    r.max_score, r.percentage, r.correct_count, r.incorrect_count, r.partial_count, r.unanswered_count, r.total_questions,
    r.time_spent_seconds, r.time_kind, r.opened_at, r.started_at, r.completed_at, r.ended_at, r.last_at, r.verification, r.test,
    CASE WHEN r.keep & 1 = 0 THEN r.responses ELSE '"keep"' END, CASE WHEN r.keep & 2 = 0 THEN r.breakdowns ELSE '"keep"' END,
    r.steps, CASE WHEN r.keep & 4 = 0 THEN r.certificate ELSE '"keep"' END,
    CASE WHEN r.keep & 8 = 0 THEN r.platform ELSE '"keep"' END, r.history, r.facts, r.anchors
  FROM json_to_recordset($2::json) AS r (id uuid, source_id uuid, provider text, external_id text, learner_id uuid,
    activity_id uuid, state text, outcome text, score double precision, max_score double precision,
    percentage double precision, correct_count integer, incorrect_count integer, partial_count integer,
    unanswered_count integer, total_questions integer, time_spent_seconds double precision, time_kind text,
    opened_at timestamptz, started_at timestamptz, completed_at timestamptz, ended_at timestamptz, last_at timestamptz,
    verification text, test boolean, keep integer, responses jsonb, breakdowns jsonb, steps jsonb, certificate jsonb,
    platform jsonb, history jsonb, facts jsonb, anchors text[])
  ON CONFLICT (workspace, id) DO UPDATE SET
    learner_id = EXCLUDED.learner_id, activity_id = EXCLUDED.activity_id, state = EXCLUDED.state, outcome = EXCLUDED.outcome,
    score = EXCLUDED.score, max_score = EXCLUDED.max_score, percentage = EXCLUDED.percentage,
    correct_count = EXCLUDED.correct_count, incorrect_count = EXCLUDED.incorrect_count,
    partial_count = EXCLUDED.partial_count, unanswered_count = EXCLUDED.unanswered_count,
    total_questions = EXCLUDED.total_questions, time_spent_seconds = EXCLUDED.time_spent_seconds,
    time_kind = EXCLUDED.time_kind, opened_at = EXCLUDED.opened_at, started_at = EXCLUDED.started_at,
    completed_at = EXCLUDED.completed_at, ended_at = EXCLUDED.ended_at, last_at = EXCLUDED.last_at,
    verification = EXCLUDED.verification, test = EXCLUDED.test,
    responses = CASE WHEN EXCLUDED.responses = '"keep"' THEN a.responses ELSE EXCLUDED.responses END,
    breakdowns = CASE WHEN EXCLUDED.breakdowns = '"keep"' THEN a.breakdowns ELSE EXCLUDED.breakdowns END,
    certificate = CASE WHEN EXCLUDED.certificate = '"keep"' THEN a.certificate ELSE EXCLUDED.certificate END,
    platform = CASE WHEN EXCLUDED.platform = '"keep"' THEN a.platform ELSE EXCLUDED.platform END,
    steps = EXCLUDED.steps, history = EXCLUDED.history, facts = EXCLUDED.facts, anchors = EXCLUDED.anchors`;

function toRow(record: AttemptRecord): Record<string, unknown> {
  const folded = foldOf(record);
  const { figures } = folded;
  const keep =
    (record.responses === 'keep' ? 1 : 0) |
    (record.breakdowns === 'keep' ? 2 : 0) |
    (record.certificate === 'keep' ? 4 : 0) |
    (record.platform === 'keep' ? 8 : 0);
  return {
    id: record.id,
    source_id: record.sourceId,
    provider: record.provider,
    external_id: record.externalId,
    learner_id: record.learnerId,
    activity_id: record.activityId,
    state: folded.state,
    outcome: figures.outcome,
    score: figures.score,
    max_score: figures.maxScore,
    percentage: figures.percentage,
    correct_count: figures.correctCount,
    incorrect_count: figures.incorrectCount,
    partial_count: figures.partialCount,
    unanswered_count: figures.unansweredCount,
    total_questions: figures.totalQuestions,
    time_spent_seconds: figures.timeSpentSeconds,
    time_kind: folded.timeKind,
    opened_at: folded.openedAt,
    started_at: folded.startedAt,
    completed_at: folded.completedAt,
    ended_at: folded.endedAt,
    last_at: folded.lastAt,
    verification: folded.verification,
    test: folded.test,
    keep,
    responses: record.responses === 'keep' ? null : record.responses.set,
    breakdowns: record.breakdowns === 'keep' ? null : record.breakdowns.set,
    steps: folded.steps,
    certificate: record.certificate === 'keep' ? null : record.certificate.set,
    platform: record.platform === 'keep' ? null : record.platform.set,
    history: folded.history,
    facts: record.facts,
    anchors: record.anchors,
  };
}
