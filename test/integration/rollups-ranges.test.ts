/** Overviews of long ranges are made of large pieces; they are what the attempts say. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import type { Instant } from '../../src/core/time.ts';
import { rankedAreas, totalsOf } from '../../src/progress/figures/class-areas.ts';
import { RETAKE_POLICIES } from '../../src/progress/figures/retake-policy.ts';
import type { ClassFigures } from '../../src/progress/queries/class/class-attempts.ts';
import { overviewAreas } from '../../src/progress/queries/class/overview-areas.ts';
import { readOverview, readPage } from '../../src/progress/queries/class/read-overview.ts';
import { onSnapshot } from '../../src/progress/queries/snapshot.ts';
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

/** Quarter hours of five months: whole months, days and hours of every kind lie within ranges and beside them. */
const time = fc
  .integer({ min: 0, max: 150 * 96 })
  .map((n) => new Date(Date.UTC(2026, 0, 20) + n * 900_000).toISOString());
const plays = playsAt(time);
const add = (play: Play) => addPlay(database.db, { learners, activities, source }, play);

async function sameOverview(from: string | null, to: string | null, tz: string): Promise<void> {
  for (const excludeUnverified of [false, true]) {
    for (const policy of [...RETAKE_POLICIES, null]) {
      const of = (source: 'live' | 'stored'): ClassFigures => ({
        scope: { workspace: 1, activityId: null, cohorts: null },
        filter: { from: from as Instant | null, to: to as Instant | null, excludeUnverified, policy, fallback: 'last' },
        source,
      });
      const said = `${policy} ${excludeUnverified} ${from} ${to} ${tz}`;
      expect(await readOverview(database.db, of('stored'), tz), said).toEqual(
        await readOverview(database.db, of('live'), tz),
      );
      expect(inOrder(await overviewAreas(database.db, of('stored'))), said).toEqual(
        inOrder(await overviewAreas(database.db, of('live'))),
      );
      await samePage(of('stored'), of('live'), tz);
      const ofClass = (source: 'live' | 'stored'): ClassFigures => ({
        ...of(source),
        scope: { workspace: 1, activityId: null, cohorts: [cohort] },
      });
      await samePage(ofClass('stored'), ofClass('live'), tz);
    }
  }
}

/** What a page reads at once, and beside each other, is what each of it is by itself. */
async function samePage(stored: ClassFigures, live: ClassFigures, tz: string): Promise<void> {
  const said = JSON.stringify({ ...live.filter, ...live.scope, tz });
  const now = await readOverview(database.db, live, tz);
  const { basis: _, ...previous } = now.totals;
  const areas = inOrder(await overviewAreas(database.db, live));
  for (const figures of [stored, live]) {
    const read = async (most: number) => {
      const page = await onSnapshot(database.db, async (tx) => await readPage(tx, figures, figures, tz, most));
      return { ...page, weakest: { ...page.weakest, areas: inOrder(page.weakest.areas) } };
    };
    expect(await read(1_000), said).toEqual({ now, weakest: { areas, all: totalsOf(areas) }, previous });
    const { areas: some, all } = (await read(1)).weakest;
    expect(all, said).toEqual(totalsOf(areas));
    expect(rankedAreas(some, all).slice(0, 1), said).toEqual(rankedAreas(areas).slice(0, 1));
  }
}

describe('overviews of long ranges', () => {
  test('are the same over months, in zones whose midnights cut six hours early, late or not at all', async () => {
    const zone = fc.constantFrom(
      'UTC',
      'Asia/Kolkata',
      'Asia/Kathmandu',
      'America/St_Johns',
      'America/Los_Angeles',
      'Pacific/Chatham',
      'Europe/Berlin',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(plays, { minLength: 10, maxLength: 30 }),
        fc.tuple(time, time, zone),
        fc.tuple(time, zone),
        async (some, [a, b, zoneOfRange], [end, otherZone]) => {
          await database.db.query('DELETE FROM attempts');
          for (const play of some) await add(play);
          await markDirty(database.db, 1, { learnerIds: learners });
          await rolledUp();
          const [from, to] = [a, b].toSorted();
          await sameOverview(from ?? null, to ?? null, zoneOfRange);
          await sameOverview(null, end, otherZone);
        },
      ),
      { numRuns: 4 },
    );
  });

  test('forget whose attempts are gone', async () => {
    const count = async (what: string): Promise<number | undefined> =>
      (await database.db.query<{ n: number }>(`SELECT ${what}::int AS n`))[0]?.n;
    const play = {
      activity: 0,
      state: 'completed',
      percentage: 50,
      outcome: null,
      seconds: null,
      verification: 'signature',
    } as const;
    const at = '2026-04-01T10:00:00.000Z';
    const ids = [];
    for (const learner of [0, 1]) ids.push(await add({ ...play, learner, doneAt: at, test: false, right: 1 }));
    await markDirty(database.db, 1, { learnerIds: learners });
    await rolledUp();
    const bits = '(SELECT sum(bit_count(active) + bit_count(scored)) FROM figure_people)';
    expect(await count(bits)).toBe(8);
    expect(await count('(SELECT count(*) FROM figure_learners)')).toBe(2);
    await database.db.query('DELETE FROM attempts WHERE id = $1', [ids[0]]);
    await markDirty(database.db, 1, { learnerIds: learners });
    await rolledUp();
    expect(await count(bits)).toBe(4);
    expect(await count('(SELECT count(*) FROM figure_learners)')).toBe(1);
  });
});
