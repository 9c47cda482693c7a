/**
 * Makes the rows of marked groups anew from the attempts: what stood there is taken from the sums, what stands there now is added.
 * Nothing is ever counted on, so it does not matter how often or in which order it happens, and a rebuild needs nothing of its own.
 */
import type { Uuid } from '../../core/ids.ts';
import type { Database, Queryable } from '../../db/database.ts';
import { attemptAreas } from '../queries/class/attempt-areas.ts';
import { passedSql, stepGapSql, toldStartSql } from '../queries/class/attempt-columns.ts';
import { consideredGroups } from '../queries/counted-attempts.ts';
import { type FigureSettings, figureSettings } from '../queries/figure-settings.ts';
import { microsOf, timeOfMicros } from '../queries/keyset.ts';
import { type ByPolicy, chosenWithin, type FinishedAttempt } from './chosen-within.ts';
import { learnerTotals } from './learner-totals.ts';
import { markDirty } from './mark-dirty.ts';
import { type ActiveDay, activeDays, markPeople } from './people.ts';
import { summed } from './sums.ts';
import { type Group, takeMarks } from './take-marks.ts';

/** One go. True when marks are left. Only one process at a time may run it: the worker's jobs see to that. */
export async function rollUp(db: Database, workspace: number): Promise<boolean> {
  return await db.transaction(async (tx) => {
    // One snapshot: a group is read twice below.
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const settings = await figureSettings(tx, workspace);
    await checkSettings(tx, workspace, settings);
    const { groups, left } = await takeMarks(tx, workspace);
    if (groups.length > 0) {
      await markPeople(tx, workspace, await makeAnew(tx, workspace, groups, settings));
      await learnerTotals(tx, workspace, [...new Set(groups.map((group) => group.learnerId))], settings);
      await tx.query(
        `INSERT INTO figure_body_marks (workspace, activity_id)
         SELECT DISTINCT b.workspace, b.activity_id FROM figure_bodies b
         WHERE b.workspace = $1 AND b.activity_id = ANY ($2::uuid[]) AND NOT EXISTS (
           SELECT FROM figure_body_marks m WHERE m.workspace = $1 AND m.activity_id = b.activity_id)`,
        [workspace, [...new Set(groups.map((group) => group.activityId))]],
      );
    }
    if (!left) await tx.query('UPDATE rollup_state SET as_of = now() WHERE workspace = $1', [workspace]);
    return left;
  });
}

/** Rows made by other policies than now hold are all stale. */
export async function checkSettings(tx: Queryable, workspace: number, settings: FigureSettings): Promise<void> {
  const { learnerPolicy, classPolicy, excludeUnverified } = settings;
  const text = `learner ${learnerPolicy}, class ${classPolicy}, ${excludeUnverified ? 'exclude' : 'include'}`;
  const before = await tx.query<{ settings: string }>('SELECT settings FROM rollup_state WHERE workspace = $1', [
    workspace,
  ]);
  if (before[0]?.settings === text) return;
  await markDirty(tx, workspace, { all: true });
  await tx.query(
    `INSERT INTO rollup_state (workspace, as_of, settings) VALUES ($1, 'epoch', $2)
     ON CONFLICT (workspace) DO UPDATE SET settings = excluded.settings`,
    [workspace, text],
  );
}

interface Considered {
  id: Uuid;
  left_out: 'test' | 'revoked' | null;
  policy: string;
  learner_id: Uuid;
  activity_id: Uuid;
  done_micros: number | null;
  percentage: number | null;
  finished: boolean;
  token: boolean;
}

/** The days on which something was, or is now. */
async function makeAnew(
  tx: Queryable,
  workspace: number,
  groups: readonly Group[],
  settings: FigureSettings,
): Promise<ActiveDay[]> {
  const values = [
    workspace,
    groups.map((group) => group.learnerId),
    null,
    null,
    false,
    null,
    settings.classPolicy,
    groups.map((group) => group.activityId),
  ];
  const attempts = await tx.query<Considered>(
    `${consideredGroups()}
     SELECT c.id, c.learner_id, c.activity_id, ${microsOf('c.done_at')} AS done_micros, c.percentage,
            c.state = 'completed' AS finished, c.left_out, c.policy, c.token
     FROM considered c`,
    values,
  );
  // Row by row along the indexes, statistics or not: a plan that joins these sets the other way round takes minutes.
  const gone = await tx.query<ActiveDay>(
    `WITH gone AS (
       DELETE FROM figure_attempts f USING (
         SELECT x.ctid FROM unnest($2::uuid[], $3::uuid[]) AS g (learner_id, activity_id)
         CROSS JOIN LATERAL (SELECT y.ctid FROM figure_attempts y
           WHERE y.workspace = $1 AND y.activity_id = g.activity_id AND y.learner_id = g.learner_id OFFSET 0) x
       ) old WHERE f.ctid = old.ctid RETURNING f.*
     ), ${summed('gone', -1)}
     ${activeDays('gone')}`,
    [workspace, values[1], values[7]],
  );
  const rows = variantRows(attempts);
  if (rows.length === 0) return gone;
  const column = <T>(value: (row: VariantRow) => T): T[] => rows.map(value);
  const came = await tx.query<ActiveDay>(
    `WITH came AS (
       INSERT INTO figure_attempts (workspace, variant, attempt_id, learner_id, activity_id, source_id, provider, state, left_out,
         verification, token, opened_at, done_at, at, active_at, percentage, passed, seconds, time_kind, told_start, step_gap, areas,
         own, first_before, first_after, last_before, last_after, best_before, best_after)
       SELECT $1, r.variant, a.id, a.learner_id, a.activity_id, a.source_id, a.provider, a.state, r.left_out, a.verification, r.token,
              a.opened_at, r.done_at, coalesce(r.done_at, a.opened_at), coalesce(r.done_at, a.last_at), a.percentage,
              ${passedSql('a', 't')},
              CASE WHEN NOT (a.state = 'abandoned' AND coalesce(a.time_kind = 'wall_clock', false)) THEN a.time_spent_seconds END,
              a.time_kind, ${toldStartSql('a')}, ${stepGapSql('a')},
              CASE WHEN a.state = 'completed' THEN ${attemptAreas('a')} END, r.own, r.first_before, r.first_after, r.last_before,
              r.last_after, r.best_before, r.best_after
       FROM (
         SELECT u.id, u.variant, u.left_out, u.token, u.own, ${TIMES.map((name) => `${timeOfMicros(`u.${name}`)} AS ${name}`).join(', ')}
         FROM unnest($2::uuid[], $3::int[], $4::text[], $5::boolean[], $6::text[], ${TIMES.map((_, i) => `$${i + 7}::bigint[]`).join(', ')})
           AS u (id, variant, left_out, token, own, ${TIMES.join(', ')})
       ) r
       CROSS JOIN LATERAL (SELECT y.* FROM attempts y WHERE y.workspace = $1 AND y.id = r.id OFFSET 0) a
       CROSS JOIN LATERAL (SELECT y.pass_percentage FROM activities y WHERE y.workspace = $1 AND y.id = a.activity_id OFFSET 0) t
       RETURNING *
     ), ${summed('came', 1)}
     ${activeDays('came')}`,
    [
      workspace,
      column((row) => row.attempt.id),
      column((row) => row.variant),
      column(({ attempt, variant }) => attempt.left_out ?? (variant === 2 && attempt.token ? 'unverified' : null)),
      column((row) => row.attempt.token),
      column((row) => row.attempt.policy),
      column((row) => row.attempt.done_micros),
      column((row) => row.by?.first.before ?? null),
      column((row) => row.by?.first.after ?? null),
      column((row) => row.by?.last.before ?? null),
      column((row) => row.by?.last.after ?? null),
      column((row) => row.by?.best.before ?? null),
      column((row) => row.by?.best.after ?? null),
    ],
  );
  return [...gone, ...came];
}

/** In the order of their parameters. */
const TIMES = [
  'done_at',
  'first_before',
  'first_after',
  'last_before',
  'last_after',
  'best_before',
  'best_after',
] as const;

interface VariantRow {
  attempt: Considered;
  variant: 0 | 1 | 2;
  by: ByPolicy | null;
}

/** One row of each attempt, or two where results that only a secret URL proves make a difference. */
function variantRows(attempts: readonly Considered[]): VariantRow[] {
  const groups = Map.groupBy(attempts, (attempt) => `${attempt.learner_id} ${attempt.activity_id}`);
  return [...groups.values()].flatMap((group) => {
    const mixed = group.some((attempt) => attempt.token && attempt.left_out === null);
    if (!mixed) return rowsOf(group, 0, group);
    return [
      ...rowsOf(group, 1, group),
      ...rowsOf(
        group,
        2,
        group.filter((attempt) => !attempt.token),
      ),
    ];
  });
}

function rowsOf(group: readonly Considered[], variant: 0 | 1 | 2, counting: readonly Considered[]): VariantRow[] {
  const finished = counting.flatMap((attempt): FinishedAttempt[] =>
    attempt.finished && attempt.left_out === null && attempt.done_micros !== null
      ? [{ id: attempt.id, doneAt: attempt.done_micros, percentage: attempt.percentage }]
      : [],
  );
  const chosen = chosenWithin(finished);
  return group.map((attempt) => ({ attempt, variant, by: chosen.get(attempt.id) ?? null }));
}
