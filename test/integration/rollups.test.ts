/** What the worker keeps is what the attempts say, whatever happened to them and in whichever order. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import type { Instant } from '../../src/core/time.ts';
import { RETAKE_POLICIES } from '../../src/progress/figures/retake-policy.ts';
import { activityFigures } from '../../src/progress/queries/activity-figures.ts';
import { activityDistribution } from '../../src/progress/queries/class/activity-distribution.ts';
import { activityGrid } from '../../src/progress/queries/class/activity-grid.ts';
import { activityItems } from '../../src/progress/queries/class/activity-items.ts';
import { activityTrend } from '../../src/progress/queries/class/activity-trend.ts';
import type { ClassFigures } from '../../src/progress/queries/class/class-attempts.ts';
import { listFigures } from '../../src/progress/queries/class/list-figures.ts';
import { overviewAreas } from '../../src/progress/queries/class/overview-areas.ts';
import { readOverview } from '../../src/progress/queries/class/read-overview.ts';
import { totalsByPolicy } from '../../src/progress/queries/class/totals-by-policy.ts';
import { explainInputs, verificationMix } from '../../src/progress/queries/explain/inputs.ts';
import { markDirty } from '../../src/progress/rollups/mark-dirty.ts';
import { rollUp } from '../../src/progress/rollups/roll-up.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { addPlay, inOrder, type Play, playsAt } from '../helpers/plays.ts';
import { addActivity, addLearner, addSource } from '../helpers/progress-rows.ts';

let database: TestDatabase;
let source: Uuid;
let learners: Uuid[];
let activities: Uuid[];
let cohort: Uuid;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await addSource(database.db, 'quizapi');
  learners = [];
  for (let i = 0; i < 3; i++) learners.push(await addLearner(database.db));
  activities = [
    await addActivity(database.db, source, { title: 'Own policy', policy: 'best' }),
    await addActivity(database.db, source, { title: 'Plain' }),
  ];
  cohort = randomUUID() as Uuid;
  await database.db.query(`INSERT INTO cohorts (workspace, id, name) VALUES (1, $1, 'Two of three')`, [cohort]);
  await database.db.query(
    `INSERT INTO cohort_members (workspace, cohort_id, learner_id, origin) SELECT 1, $1, unnest($2::uuid[]), 'hand'`,
    [cohort, learners.slice(0, 2)],
  );
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query('DELETE FROM attempts');
  await markDirty(database.db, 1, { all: true });
  await rolledUp();
});

async function rolledUp(): Promise<void> {
  while (await rollUp(database.db, 1));
}

/** A quarter hour of some days, so that many attempts share one. */
const time = fc
  .integer({ min: 0, max: 40 })
  .map((n) => new Date(Date.UTC(2026, 2, 30, 21) + n * 4.75 * 900_000).toISOString());
const plays = playsAt(time);
const add = (play: Play) => addPlay(database.db, { learners, activities, source }, play);

/** What is read of one activity. The page of the grid goes on in the middle, and items are of the newest two attempts. */
const ofActivity: ((figures: ClassFigures & { scope: { activityId: Uuid } }) => Promise<unknown>)[] = [
  async (figures) => await verificationMix(database.db, { class: figures }, 'judged'),
  async (figures) =>
    (await explainInputs(database.db, { class: figures }, 'average')).map(({ id, counted, reason }) => ({
      id,
      counted,
      reason,
    })),
  async (figures) => await totalsByPolicy(database.db, figures),
  async (figures) => await activityDistribution(database.db, figures),
  async (figures) => await activityTrend(database.db, figures, 'Asia/Kolkata'),
  async (figures) => await activityItems(database.db, figures, 2),
  async (figures) =>
    await activityGrid(database.db, figures, {
      after: { micros: Date.UTC(2026, 2, 31, 4) * 1000, id: '00000000-0000-4000-8000-000000000000' as Uuid },
      limit: 2,
    }),
];

async function same(from: string | null, to: string | null): Promise<void> {
  for (const excludeUnverified of [false, true]) {
    for (const policy of [...RETAKE_POLICIES, null]) {
      const of = (source: 'live' | 'stored', activityId: Uuid | null): ClassFigures => ({
        scope: { workspace: 1, activityId, cohorts: null },
        filter: { from: from as Instant | null, to: to as Instant | null, excludeUnverified, policy, fallback: 'last' },
        source,
      });
      await sameLists(of('live', null).filter);
      const said = `${policy} ${excludeUnverified} ${from} ${to}`;
      const live = await readOverview(database.db, of('live', null), 'Asia/Kolkata');
      expect(await readOverview(database.db, of('stored', null), 'Asia/Kolkata'), said).toEqual(live);
      const totals = await totalsByPolicy(database.db, of('live', null));
      expect(await totalsByPolicy(database.db, of('stored', null)), said).toEqual(totals);
      expect(live.totals, said).toMatchObject(policy === null ? totals.asked : totals[policy]);
      expect(inOrder(await overviewAreas(database.db, of('stored', null))), said).toEqual(
        inOrder(await overviewAreas(database.db, of('live', null))),
      );
      for (const [i, activity] of activities.entries()) {
        // Of everybody and of a class by turns, so that each policy meets both.
        const cohorts = (i === 0) === excludeUnverified ? null : [cohort];
        const one = (source: 'live' | 'stored') => ({
          ...of(source, activity),
          scope: { workspace: 1, activityId: activity, cohorts },
        });
        for (const read of ofActivity) {
          const [kept, live] = await Promise.all([read(one('stored')), read(one('live'))]);
          expect(kept, said).toEqual(live);
        }
      }
    }
  }
}

/** Of activities in lists, of everybody and of a class. Nothing is left to be told late, so they are as of now. */
async function sameLists(filter: ClassFigures['filter']): Promise<void> {
  for (const cohorts of [null, [cohort]]) {
    const live = await activityFigures(database.db, 1, activities, filter, cohorts);
    const listed = await listFigures(database.db, 1, activities, filter, cohorts);
    for (const id of activities) {
      const shown = listed.get(id) ?? { ...NOTHING, activityId: id, policy: live.get(id)?.policy };
      expect(shown, JSON.stringify({ ...filter, cohorts })).toEqual({ ...live.get(id), keptAsOf: null });
    }
  }
}

/** Sums of an activity that nobody has begun are not there. */
const NOTHING = {
  attemptsCompleted: 0,
  learnersCompleted: 0,
  averagePercentage: null,
  n: 0,
  learners: 0,
  unverified: 0,
  noScore: 0,
  excludedTest: 0,
  excludedRevoked: 0,
  excludedUnverified: 0,
  keptAsOf: null,
};

const quarter = (iso: string): string => new Date(Math.floor(Date.parse(iso) / 900_000) * 900_000).toISOString();

describe('rollups', () => {
  test('are what the attempts say, for every policy and range, after whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(plays, { minLength: 1, maxLength: 14 }),
        fc.array(fc.tuple(fc.nat(), plays), { maxLength: 5 }),
        time,
        time,
        async (first, then, a, b) => {
          await database.db.query('DELETE FROM attempts');
          const ids: Uuid[] = [];
          for (const play of first) ids.push(await add(play));
          await markDirty(database.db, 1, { learnerIds: learners });
          await rolledUp();
          // Regrades, withdrawals, late arrivals and removals.
          for (const [n, play] of then) {
            const id = ids[n % ids.length];
            if (n % 3 === 0) ids.push(await add(play));
            else if (n % 3 === 1) await database.db.query('DELETE FROM attempts WHERE id = $1', [id]);
            else
              await database.db.query(
                `UPDATE attempts SET percentage = $2, state = CASE WHEN state = 'completed' AND $3 THEN 'revoked' ELSE state END WHERE id = $1`,
                [id, play.percentage, n % 2 === 0],
              );
          }
          await markDirty(database.db, 1, { activityIds: activities });
          await sameLists({ from: null, to: null, excludeUnverified: false, policy: null, fallback: 'last' });
          await rolledUp();
          const [from, to] = [quarter(a), quarter(b)].toSorted();
          await same(null, null);
          await same(from ?? null, to ?? null);
          await same(from ?? null, null);
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);
});
