/** Which areas a page gets of thousands: those that rankedAreas would put first, whatever their shares. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rankedAreas, totalsOf } from '../../src/progress/figures/class-areas.ts';
import type { ClassArea } from '../../src/progress/queries/class/class-area.ts';
import { type WeakestRow, weakestOf, weakestSql } from '../../src/progress/queries/class/weakest-areas.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const GIVEN = `SELECT * FROM jsonb_to_recordset($1) AS a (kind text, name text, parent text, wrong float8, total float8, unanswered float8,
  learners int, "activityId" uuid, "activityTitle" text, "activityKind" text)`;

async function weakest(areas: readonly ClassArea[], most: number) {
  return weakestOf(await database.db.query<WeakestRow>(weakestSql(GIVEN, most), [JSON.stringify(areas)]));
}

/** Halves, as half a mark gives them; many areas that no other is above or below. */
const area = fc.record({ wrong: fc.integer({ min: 0, max: 60 }), right: fc.integer({ min: 0, max: 60 }) });

function areaOf({ wrong, right }: { wrong: number; right: number }, i: number): ClassArea {
  return {
    kind: 'topic',
    name: `Area ${i}`,
    parent: null,
    wrong: wrong / 2,
    total: (wrong + right + 1) / 2,
    unanswered: i % 3,
    learners: 1 + i,
    activityId: null,
    activityTitle: null,
    activityKind: null,
  };
}

test('the weakest areas of a page are those of all areas ranked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(area, { maxLength: 80 }), fc.integer({ min: 1, max: 12 }), async (some, most) => {
      const areas = some.map(areaOf);
      const { areas: shown, all } = await weakest(areas, most);
      expect(all).toEqual(totalsOf(areas));
      expect(rankedAreas(shown, all).slice(0, most)).toEqual(rankedAreas(areas).slice(0, most));
    }),
    { numRuns: 60 },
  );
});

test('few of many areas are given', async () => {
  const areas = Array.from({ length: 500 }, (_, i) => areaOf({ wrong: i % 97, right: 100 }, i));
  expect((await weakest(areas, 10)).areas.length).toBeLessThan(20);
});

test('areas of which every answer is right are areas too', async () => {
  const areas = [areaOf({ wrong: 0, right: 5 }, 0), areaOf({ wrong: 0, right: 9 }, 1)];
  expect((await weakest(areas, 10)).areas).toHaveLength(2);
});
