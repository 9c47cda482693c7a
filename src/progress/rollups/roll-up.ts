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
      await makeAnew(tx, workspace, groups, settings);
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
async function checkSettings(tx: Queryable, workspace: number, settings: FigureSettings): Promise<void> {
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
  learner_id: Uuid;
  activity_id: Uuid;
  done_micros: number | null;
  percentage: number | null;
  finished: boolean;
  counts: boolean;
  token: boolean;
}

async function makeAnew(
  tx: Queryable,
  workspace: number,
  groups: readonly Group[],
  settings: FigureSettings,
): Promise<void> {
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
            c.state = 'completed' AS finished, c.left_out IS NULL AS counts, c.token
     FROM considered c`,
    values,
  );
  await tx.query(
    `WITH gone AS (
       DELETE FROM figure_attempts f USING unnest($2::uuid[], $3::uuid[]) AS g (learner_id, activity_id)
       WHERE f.workspace = $1 AND f.activity_id = g.activity_id AND f.learner_id = g.learner_id RETURNING f.*
     ), ${summed('gone', -1)}
     SELECT`,
    [workspace, values[1], values[7]],
  );
  const rows = variantRows(attempts);
  if (rows.length === 0) return;
  const column = <T>(value: (row: VariantRow) => T): T[] => rows.map(value);
  await tx.query(
    `${consideredGroups()}, came AS (
       INSERT INTO figure_attempts (workspace, variant, attempt_id, learner_id, activity_id, source_id, provider, state, left_out,
         verification, token, opened_at, done_at, at, active_at, percentage, passed, seconds, time_kind, told_start, step_gap, areas,
         own, first_before, first_after, last_before, last_after, best_before, best_after)
       SELECT $1, r.variant, c.id, c.learner_id, c.activity_id, c.source_id, c.provider, c.state,
              coalesce(c.left_out, CASE WHEN r.variant = 2 AND c.token THEN 'unverified' END), c.verification, c.token, c.opened_at,
              c.done_at, c.at, coalesce(c.done_at, a.last_at), c.percentage, ${passedSql('a', 't')},
              CASE WHEN NOT (c.state = 'abandoned' AND coalesce(c.time_kind = 'wall_clock', false)) THEN c.time_spent_seconds END,
              c.time_kind, ${toldStartSql('a')}, ${stepGapSql('a')},
              CASE WHEN c.state = 'completed' THEN ${attemptAreas('a')} END, c.policy,
              ${['first_before', 'first_after', 'last_before', 'last_after', 'best_before', 'best_after'].map((name) => timeOfMicros(`r.${name}`)).join(', ')}
       FROM considered c
       JOIN attempts a ON a.workspace = $1 AND a.id = c.id
       JOIN activities t ON t.workspace = $1 AND t.id = c.activity_id
       JOIN unnest($9::uuid[], $10::int[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[])
         AS r (id, variant, first_before, first_after, last_before, last_after, best_before, best_after) ON r.id = c.id
       RETURNING *
     ), ${summed('came', 1)}
     SELECT`,
    [
      ...values,
      column((row) => row.id),
      column((row) => row.variant),
      column((row) => row.by?.first.before ?? null),
      column((row) => row.by?.first.after ?? null),
      column((row) => row.by?.last.before ?? null),
      column((row) => row.by?.last.after ?? null),
      column((row) => row.by?.best.before ?? null),
      column((row) => row.by?.best.after ?? null),
    ],
  );
}

interface VariantRow {
  id: Uuid;
  variant: 0 | 1 | 2;
  by: ByPolicy | null;
}

/** One row of each attempt, or two where results that only a secret URL proves make a difference. */
function variantRows(attempts: readonly Considered[]): VariantRow[] {
  const groups = Map.groupBy(attempts, (attempt) => `${attempt.learner_id} ${attempt.activity_id}`);
  return [...groups.values()].flatMap((group) => {
    const mixed = group.some((attempt) => attempt.token && attempt.counts);
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
    attempt.finished && attempt.counts && attempt.done_micros !== null
      ? [{ id: attempt.id, doneAt: attempt.done_micros, percentage: attempt.percentage }]
      : [],
  );
  const chosen = chosenWithin(finished);
  return group.map((attempt) => ({ id: attempt.id, variant, by: chosen.get(attempt.id) ?? null }));
}
