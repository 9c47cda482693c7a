/** Who is in an attempt now: how it stands, how far it is, and when its time is over. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { attentionEvaluator } from '../../src/attention/evaluate.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addSources } from '../helpers/receipts.ts';
import { DAY, failing, happened, told } from '../helpers/school.ts';

let school: TestApp;
beforeEach(async () => {
  school = await createTestApp();
  await addSources(school.db);
});
afterEach(() => school.close());

interface Shown {
  attempt: { learner: { id: string; name: string }; activity: { id: string } };
  standing: string;
  currentStep: object | null;
  stepsDone: number;
  stepsTotal: number | null;
  expiresAt: string | null;
}

async function running(query = ''): Promise<{ rows: Shown[]; counts: unknown; nextCursor: string | null }> {
  const { json } = await school.call('GET', `/api/v1/running${query}`);
  return {
    rows: at(json, 'data') as Shown[],
    counts: at(json, 'counts'),
    nextCursor: at(json, 'nextCursor') as string | null,
  };
}

const standings = async (): Promise<string[]> =>
  (await running()).rows.map((row) => `${row.attempt.learner.name} ${row.standing}`);

test('active, idle, stuck, expired, with counts; what has ended, is old or a test is not there', async () => {
  await happened(
    school.db,
    told('attempt.started', { learner: 'Active', activity: 'Q', ago: 1 }),
    told('attempt.started', { learner: 'Idle', activity: 'Q', ago: 7 }),
    ...failing({ learner: 'Stuck', activity: 'T', step: 1, ago: 5 }, 3),
    told('attempt.started', { learner: 'Over', activity: 'E', kind: 'exam', ago: 30, dueAgo: 10 }),
    told('attempt.started', { learner: 'Done', activity: 'Q', ago: 2 }),
    told('attempt.completed', { learner: 'Done', activity: 'Q', ago: 1, percentage: 50 }),
    told('attempt.started', { learner: 'Yesterday', activity: 'Q', ago: 2 * DAY }),
    told('attempt.started', { learner: 'Test', activity: 'Q', ago: 1, test: true }),
  );
  await attentionEvaluator()(school.db);
  expect(await standings()).toEqual(['Active active', 'Stuck stuck', 'Idle idle', 'Over expired']);
  expect((await running()).counts).toEqual({ active: 1, idle: 1, stuck: 1, expired: 1 });
});

test('an attempt expires by its duration where that is told, and by a due time that a person set never', async () => {
  await happened(
    school.db,
    told('attempt.started', {
      learner: 'Short',
      activity: 'A',
      kind: 'exam',
      ago: 3,
      platform: { durationSeconds: 60 },
    }),
    told('attempt.started', {
      learner: 'Long',
      activity: 'A',
      kind: 'exam',
      ago: 4,
      platform: { durationSeconds: 3600 },
    }),
    told('attempt.started', { learner: 'Quiz', activity: 'B', ago: 5, dueAgo: 2 }),
  );
  const { rows } = await running();
  expect(await standings()).toEqual(['Short expired', 'Long active', 'Quiz idle']);
  expect(rows.map((row) => row.expiresAt === null)).toEqual([false, false, true]);
});

test('steps: the one begun last, how many are done and of how many', async () => {
  const ada = { learner: 'Ada', activity: 'T' };
  await happened(
    school.db,
    told('step.started', { ...ada, step: 1, ago: 9 }),
    told('step.completed', { ...ada, step: 1, ago: 8 }),
    told('step.started', { ...ada, step: 2, ago: 7 }),
    told('step.attempted', { ...ada, step: 2, passed: false, ago: 6 }),
  );
  expect((await running()).rows[0]).toMatchObject({
    currentStep: { externalId: 'step-2', index: 2, state: 'started', attempts: 1 },
    stepsDone: 1,
    stepsTotal: 4,
  });
});

test('narrowed to an activity, a learner and a class, and paged', async () => {
  const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve'];
  await happened(
    school.db,
    ...names.map((learner, i) => told('attempt.started', { learner, activity: i < 3 ? 'Q' : 'R', ago: i })),
  );
  const all = await running();
  expect(all.rows.map((row) => row.attempt.learner.name)).toEqual(names);
  const first = await running('?limit=2');
  const second = await running(`?limit=2&cursor=${first.nextCursor}`);
  const third = await running(`?limit=2&cursor=${second.nextCursor}`);
  expect([first, second, third].flatMap(({ rows }) => rows.map((row) => row.attempt.learner.name))).toEqual(names);
  expect(third.nextCursor).toBeNull();
  expect(second.counts).toEqual({ active: 5, idle: 0, stuck: 0, expired: 0 });
  const [ada] = all.rows;
  expect((await running(`?activity=${ada?.attempt.activity.id}`)).rows).toHaveLength(3);
  expect((await running(`?learner=${ada?.attempt.learner.id}`)).rows).toHaveLength(1);
  const cohort = await school.call('POST', '/api/v1/cohorts', { body: { name: 'Class' } });
  const cohortId = textAt(cohort.json, 'id');
  await school.call('POST', `/api/v1/cohorts/${cohortId}/members`, { body: { learners: [ada?.attempt.learner.id] } });
  expect((await running(`?cohort=${cohortId}`)).rows.map((row) => row.attempt.learner.name)).toEqual(['Ada']);
  const limited = await school.call('POST', '/api/v1/keys', {
    body: { name: 'i', role: 'instructor', cohorts: [cohortId] },
  });
  const seen = await school.call('GET', '/api/v1/running', { key: textAt(limited.json, 'key') });
  expect(at(seen.json, 'counts')).toEqual({ active: 1, idle: 0, stuck: 0, expired: 0 });
  expect((await school.call('GET', '/api/v1/running', { key: await school.keyFor('integration') })).status).toBe(403);
});
