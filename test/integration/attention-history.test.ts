/** Who needs attention is asked after every webhook: what learners finished long ago is not read again for it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { belowClass } from '../../src/attention/below-class.ts';
import { stuckBySilence, stuckByTries } from '../../src/attention/stuck.ts';
import { unfinished } from '../../src/attention/unfinished.ts';
import type { Uuid } from '../../src/core/ids.ts';
import type { Queryable } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { addSources } from '../helpers/receipts.ts';
import { rowsReadBy } from '../helpers/rows-read.ts';
import { DAY, happened, told } from '../helpers/school.ts';

const LEARNERS = 20;
const FINISHED = 60;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await addSources(database.db);
});
afterAll(() => database.drop());

/** Attempts that `work` reads. */
async function attemptsReadBy(tx: Queryable, work: () => Promise<unknown>): Promise<number> {
  const { whole, found } = await rowsReadBy(tx, ['attempts'], work);
  return whole + found;
}

test('a look at learners reads what they left unfinished, and nothing of what they completed besides', async () => {
  const { db } = database;
  const names = Array.from({ length: LEARNERS }, (_, i) => `learner ${i}`);
  await happened(
    db,
    ...names.flatMap((learner) =>
      Array.from({ length: FINISHED }, (_, i) =>
        told('attempt.completed', { learner, activity: `quiz ${i}`, ago: 10 * DAY + i, percentage: 80 }),
      ),
    ),
    ...names.map((learner) => told('attempt.started', { learner, activity: 'lab', ago: 5 })),
  );
  await db.query('ANALYZE');
  const learners = (await db.query<{ id: Uuid }>('SELECT id FROM learners')).map(({ id }) => id);
  await db.transaction(async (tx) => {
    const read = await attemptsReadBy(tx, async () => {
      expect(await unfinished(tx, 1, learners)).toEqual([]);
      expect(await stuckByTries(tx, 1, learners)).toEqual([]);
      expect(await stuckBySilence(tx, 1, learners, new Map())).toEqual([]);
    });
    // The one attempt of each, for each rule; with all they ever did it would be 1,220 for each.
    expect(read).toBeLessThanOrEqual(LEARNERS * 6);
  });
  await db.transaction(async (tx) => {
    const read = await attemptsReadBy(tx, async () => {
      // Everybody has the same results.
      expect(await belowClass(tx, 1, learners, new Map())).toEqual([]);
    });
    // The last three of each, and all results at these three activities: 180, where all that they ever did makes 1,340.
    expect(read).toBeLessThanOrEqual(LEARNERS * 15);
  });
});

test('idle is who did nothing at all for a week, and not who only left one thing behind', async () => {
  const { db } = database;
  await happened(
    db,
    told('attempt.started', { learner: 'idle', activity: 'left', ago: 9 * DAY }),
    told('attempt.started', { learner: 'busy', activity: 'left', ago: 9 * DAY }),
    told('attempt.completed', { learner: 'busy', activity: 'another', ago: DAY, percentage: 70 }),
  );
  const people = await db.query<{ id: Uuid; name: string }>(
    `SELECT id, name FROM learners WHERE name IN ('idle', 'busy')`,
  );
  const found = await unfinished(
    db,
    1,
    people.map(({ id }) => id),
  );
  expect(found.map(({ rule, learnerId }) => [rule, people.find(({ id }) => id === learnerId)?.name])).toEqual([
    ['idle', 'idle'],
  ]);
});
