/** Reads and writes the attempts of a batch, under locks that keep two workers from deriving one attempt blind to each other. */
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { Provider } from '../../core/vocabulary.ts';
import { textArray, uuidTextArray } from '../../db/binary-arrays.ts';
import type { Queryable, Transaction } from '../../db/database.ts';
import { mergedAmong, originOf, shownOn } from '../../db/shown-on.ts';
import { compactResponses } from '../compact-responses.ts';
import { type Column as AttemptColumn, type AttemptRecord, foldOf } from '../fold/attempt-record.ts';
import type { FoldedAttempt } from '../fold/fold-attempt.ts';
import type { StoredFact } from '../fold/stored-fact.ts';

/** All of a learner's attempts on an activity whose platform names none. */
export interface CutGroupKey {
  learnerId: Uuid;
  activityId: Uuid;
}

/**
 * Takes the locks of the groups, in one order for all workers; held to the end of the transaction. Advisory, because
 * attempts that do not exist yet cannot be locked as rows. Not waited for: what is read after it is read under it.
 */
export function lockGroups(tx: Transaction, workspace: number, groups: readonly string[]): void {
  if (groups.length === 0) return;
  tx.send(
    `SELECT pg_advisory_xact_lock(k) FROM (
       SELECT DISTINCT hashtextextended($1::text || '|' || g, 7303) AS k FROM unnest($2::text[]) AS g ORDER BY 1
     ) AS keys`,
    [workspace, textArray(groups)],
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

const COLUMNS = `a.id, a.source_id AS "sourceId", a.provider, a.external_id AS "externalId",
  coalesce(a.origin_id, a.learner_id) AS "learnerId",
  a.activity_id AS "activityId", a.facts, a.anchors,
  CASE WHEN a.anchors IS NOT NULL AND a.state = 'abandoned'
    THEN to_char(a.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END AS "closedAt"`;

/** The attempts with these ids. Large columns are left in the database. */
export async function readNamed(tx: Queryable, workspace: number, ids: readonly Uuid[]): Promise<AttemptRecord[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM attempts a WHERE a.workspace = $1 AND a.id = ANY ($2::uuid[])`,
    [workspace, uuidTextArray(ids)],
  );
  return rows.map(record);
}

/**
 * All attempts cut from facts of these learners on these activities. LATERAL … OFFSET 0, and pairs compared where
 * `=` would do, make sure that attempts_learner is followed group by group: without statistics the planner reads all attempts of
 * the workspace, or for each learner all attempts on the activity.
 */
export async function readCut(
  tx: Queryable,
  workspace: number,
  groups: readonly CutGroupKey[],
): Promise<AttemptRecord[]> {
  if (groups.length === 0) return [];
  const rows = await tx.query<Row>(
    `WITH ${mergedAmong('$2::uuid[]')}
     SELECT ${COLUMNS}
     FROM (SELECT learner_id, activity_id, ${shownOn('learner_id')} AS shown_on
           FROM unnest($2::uuid[], $3::uuid[]) AS asked (learner_id, activity_id) OFFSET 0) g
     CROSS JOIN LATERAL (
       SELECT * FROM attempts
       WHERE workspace = $1 AND (learner_id, activity_id) >= (g.shown_on, g.activity_id)
         AND (learner_id, activity_id) <= (g.shown_on, g.activity_id) AND anchors IS NOT NULL
         AND coalesce(origin_id, learner_id) = g.learner_id
       OFFSET 0
     ) a
     ORDER BY a.id`,
    [workspace, uuidTextArray(groups.map((g) => g.learnerId)), uuidTextArray(groups.map((g) => g.activityId))],
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
    stored: true,
  };
}

const GIVEN_UP: ReadonlySet<string> = new Set(['attempt.abandoned', 'attempt.stopped']);

/**
 * Deletes the attempts that lost all their facts to others. While a rebuild is pending they are emptied instead: the facts they
 * are to have may still come, and then they keep the ids that were published. True: some were; the rebuild's end has to be told.
 */
export async function deleteEmpty(tx: Transaction, workspace: number, ids: readonly Uuid[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const rows = await tx.query(
    `WITH pending AS MATERIALIZED (SELECT FROM receipt_queue WHERE workspace = $1 AND mode <> 'new' LIMIT 1),
     deleted AS (
       DELETE FROM attempts WHERE workspace = $1 AND id = ANY ($2::uuid[]) AND NOT EXISTS (SELECT FROM pending)
     )
     UPDATE attempts SET facts = '[]'
     WHERE workspace = $1 AND id = ANY ($2::uuid[]) AND EXISTS (SELECT FROM pending) RETURNING 1`,
    [workspace, ids],
  );
  return rows.length > 0;
}

/** What stands in a column that another row already has: keep that. */
const KEEP = 'keep';

/** A column of `attempts`: its type, and its text for a record. */
type Column = readonly [
  name: string,
  type: string,
  text: (record: AttemptRecord, folded: FoldedAttempt) => string | null,
];

const number = (value: number | null): string | null => (value === null ? null : String(value));
const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
const column = (value: AttemptColumn<unknown>): string | null => (value === 'keep' ? KEEP : json(value.set));

const COLUMNS_WRITTEN: readonly Column[] = [
  ['id', 'uuid', (r) => r.id],
  ['learner_id', 'uuid', (r) => r.learnerId],
  ['source_id', 'uuid', (r) => r.sourceId],
  ['provider', 'text', (r) => r.provider],
  ['external_id', 'text', (r) => r.externalId],
  ['activity_id', 'uuid', (r) => r.activityId],
  ['state', 'text', (_, f) => f.state],
  ['outcome', 'text', (_, f) => f.figures.outcome],
  ['score', 'double precision', (_, f) => number(f.figures.score)],
  ['max_score', 'double precision', (_, f) => number(f.figures.maxScore)],
  ['percentage', 'double precision', (_, f) => number(f.figures.percentage)],
  ['correct_count', 'integer', (_, f) => number(f.figures.correctCount)],
  ['incorrect_count', 'integer', (_, f) => number(f.figures.incorrectCount)],
  ['partial_count', 'integer', (_, f) => number(f.figures.partialCount)],
  ['unanswered_count', 'integer', (_, f) => number(f.figures.unansweredCount)],
  ['total_questions', 'integer', (_, f) => number(f.figures.totalQuestions)],
  ['time_spent_seconds', 'double precision', (_, f) => number(f.figures.timeSpentSeconds)],
  ['time_kind', 'text', (_, f) => f.timeKind],
  ['opened_at', 'timestamptz', (_, f) => f.openedAt],
  ['started_at', 'timestamptz', (_, f) => f.startedAt],
  ['completed_at', 'timestamptz', (_, f) => f.completedAt],
  ['ended_at', 'timestamptz', (_, f) => f.endedAt],
  ['last_at', 'timestamptz', (_, f) => f.lastAt],
  ['verification', 'text', (_, f) => f.verification],
  ['test', 'boolean', (_, f) => (f.test ? 't' : 'f')],
  ['responses', 'jsonb', (r) => (r.responses === 'keep' ? KEEP : json(compactResponses(r.responses.set)))],
  ['breakdowns', 'jsonb', (r) => column(r.breakdowns)],
  ['certificate', 'jsonb', (r) => column(r.certificate)],
  ['platform', 'jsonb', (r) => column(r.platform)],
  ['steps', 'jsonb', (_, f) => json(f.steps)],
  ['history', 'jsonb', (_, f) => json(f.history)],
  ['facts', 'json', (r) => JSON.stringify(r.facts)],
  ['anchors', 'text[]', (r) => (r.anchors === null ? null : `{${r.anchors.join(',')}}`)],
];

/** Columns that follow from decisions of people: their SQL, from the SQL of the others. */
const DECIDED: readonly (readonly [name: string, sql: (text: (name: string) => string) => string])[] = [
  ['origin_id', (text) => originOf(text('learner_id'))],
  // Vouched for is the result as it stood.
  [
    'confirmed_at',
    (text) => `(SELECT v.at FROM vouched v WHERE v.attempt_id = ${text('id')}
      AND v.state = ${text('state')}::text AND v.outcome IS NOT DISTINCT FROM ${text('outcome')}::text
      AND v.score IS NOT DISTINCT FROM ${text('score')}::double precision
      AND v.max_score IS NOT DISTINCT FROM ${text('max_score')}::double precision
      AND v.percentage IS NOT DISTINCT FROM ${text('percentage')}::double precision)`,
  ],
];

/** Columns that other parts of the statement read too: $2 and $3. */
const ALWAYS_ARRAYS = new Set(['id', 'learner_id']);

/** The columns that may be left as they stand. */
const KEPT = new Set(['responses', 'breakdowns', 'certificate', 'platform']);

/**
 * Inserts or replaces attempts: every column is a function of the facts, so the row as a whole is written. Ids go as binary arrays,
 * all other values as binary arrays of text that are cast here: nothing is quoted and unquoted on the way
 * (docs/decisions/0005-array-per-attempt.md). Not waited for.
 */
export function saveAttempts(tx: Transaction, workspace: number, records: readonly AttemptRecord[]): void {
  const fresh = records.filter((record) => !record.stored);
  const known = records.filter((record) => record.stored);
  if (fresh.length > 0) {
    const given = givenColumns(fresh);
    tx.send(
      `WITH ${DECISIONS}
       INSERT INTO attempts (workspace, ${[...COLUMNS_WRITTEN, ...DECIDED].map(([name]) => name).join(', ')})
       SELECT $1, ${[...COLUMNS_WRITTEN.map((column, i) => written(column, given.sql[i])), ...decided(given)].join(', ')}
       FROM ${given.rows}`,
      [workspace, ...given.values],
    );
  }
  if (known.length === 0) return;
  const given = givenColumns(known);
  const sets = COLUMNS_WRITTEN.map((column, i) => {
    const [name, type] = column;
    const text = given.sql[i];
    return KEPT.has(name)
      ? `${name} = CASE WHEN ${text} = '${KEEP}' THEN a.${name} ELSE NULLIF(${text}, '${KEEP}')::${type} END`
      : `${name} = ${written(column, text)}`;
  });
  sets.push(...decided(given).map((sql, i) => `${DECIDED[i]?.[0]} = ${sql}`));
  tx.send(
    `WITH ${DECISIONS}
     UPDATE attempts a SET ${sets.slice(1).join(', ')}
     FROM ${given.rows}
     WHERE a.workspace = $1 AND a.id = ANY ($2::uuid[]) AND a.id = r.id
     RETURNING 1`,
    [workspace, ...given.values],
    (updated) => {
      if (updated.length !== known.length) throw new Error('An attempt vanished while it was projected.');
    },
  );
}

function written([name, type]: Column, sql: string | undefined): string {
  const value = type === 'uuid' ? `${sql}` : `${sql}::${type}`;
  return name === 'learner_id' ? shownOn(value) : value;
}

function decided(given: Given): string[] {
  const sqlOf = (name: string): string => given.sql[COLUMNS_WRITTEN.findIndex(([column]) => column === name)] ?? 'NULL';
  return DECIDED.map(([, sql]) => sql(sqlOf));
}

/** The values of records for a statement, from $2 on: the ids first, then the learners' ids, each as an array. */
interface Given {
  values: (Buffer | string)[];
  /** The SQL of each column's value, in the order of COLUMNS_WRITTEN: an id, or the text of anything else. */
  sql: string[];
  /** The SQL of the rows. */
  rows: string;
}

/** SQL: what people decided about the attempts in $2 and the learners in $3, read once and not for each row. */
const DECISIONS = `${mergedAmong('$3::uuid[]')}, vouched AS MATERIALIZED (
    SELECT * FROM attempt_confirmations WHERE workspace = $1 AND attempt_id = ANY ($2::uuid[])
  )`;

/** A column that is the same in all records (most are: null, or one source's) goes as one value instead of an array of it. */
function givenColumns(records: readonly AttemptRecord[]): Given {
  const folded = records.map(foldOf);
  const values: Given['values'] = [];
  const names: string[] = [];
  const arrays: string[] = [];
  const give = (name: string, type: string, value: Buffer): string => {
    values.push(value);
    names.push(name);
    arrays.push(`$${values.length + 1}::${type}[]`);
    return `r.${name}`;
  };
  const sql = COLUMNS_WRITTEN.map(([name, type, text]) => {
    const column = records.map((record, i) => text(record, folded[i] ?? foldOf(record)));
    if (ALWAYS_ARRAYS.has(name)) return give(name, type, uuidTextArray(column));
    const first = column[0] ?? null;
    if (column.every((value) => value === first)) {
      const given = type === 'uuid' ? 'uuid' : 'text';
      if (first === null) return `NULL::${given}`;
      values.push(first);
      return `$${values.length + 1}::${given}`;
    }
    return type === 'uuid' ? give(name, type, uuidTextArray(column)) : give(name, 'text', textArray(column));
  });
  return { values, sql, rows: `unnest(${arrays.join(', ')}) AS r (${names.join(', ')})` };
}
