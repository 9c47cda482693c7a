import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';
import { activityId, addActivity, addAttempt, addLearner, addSource, answer } from '../helpers/progress-rows.ts';

let app: TestApp;
let source: Uuid;
let ada: Uuid;
let bo: Uuid;
let algebra: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  source = await addSource(app.db, 'quizapi');
  ada = await addLearner(app.db, { name: 'Ada' });
  bo = await addLearner(app.db, { name: 'Bo' });
  algebra = await addActivity(app.db, source, { title: 'Algebra' });
  const responses = (right: number) => Array.from({ length: 6 }, (_, i) => answer(`q${i + 1}`, i < right));
  await addAttempt(app.db, {
    learner: ada,
    activity: algebra,
    source,
    percentage: 40,
    seconds: 60,
    doneAt: '2026-04-01T18:45:00Z',
    responses: responses(2),
  });
  await addAttempt(app.db, {
    learner: ada,
    activity: algebra,
    source,
    percentage: 90,
    seconds: 30,
    outcome: 'passed',
    doneAt: '2026-04-03T10:00:00Z',
    responses: responses(5),
  });
  await addAttempt(app.db, {
    learner: bo,
    activity: algebra,
    source,
    percentage: 20,
    seconds: 10,
    outcome: 'failed',
    doneAt: '2026-04-03T12:00:00Z',
    responses: responses(1),
  });
  await addAttempt(app.db, {
    learner: bo,
    activity: algebra,
    source,
    state: 'started',
    openedAt: '2026-04-04T12:00:00Z',
  });
  await addAttempt(app.db, {
    learner: bo,
    activity: algebra,
    source,
    percentage: 100,
    test: true,
    doneAt: '2026-04-03T12:00:00Z',
  });
});
afterAll(() => app.close());

async function get(url: string) {
  const answered = await app.call('GET', url);
  expect(answered.status, answered.text).toBe(200);
  return answered.json;
}

describe('the overview', () => {
  test('counts everything once and says what it is made of', async () => {
    const all = await get('/api/v1/overview');
    expect(at(all, 'totals')).toEqual({
      learners: 2,
      attemptsStarted: 4,
      attemptsCompleted: 3,
      attemptsAbandoned: 0,
      averagePercentage: 55,
      passed: 1,
      failed: 1,
      timeSeconds: 100,
    });
    expect(at(all, 'previous')).toBeNull();
    expect(at(all, 'basis')).toMatchObject({ attempts: 'last', n: 2, learners: 2, excluded: { test: 1 } });
    expect(at(all, 'completeness')).toMatchObject({
      startedWithoutEnd: 1,
      sources: [{ provider: 'quizapi', lastReceiptAt: null }],
    });
    expect(at(await get('/api/v1/overview?tz=Asia/Kolkata&attempts=all'), 'trend')).toEqual([
      { date: '2026-04-02', attemptsStarted: 1, attemptsCompleted: 1, averagePercentage: 40 },
      { date: '2026-04-03', attemptsStarted: 2, attemptsCompleted: 2, averagePercentage: 55 },
      { date: '2026-04-04', attemptsStarted: 1, attemptsCompleted: 0, averagePercentage: null },
    ]);
    expect(at(all, 'weakAreas')).toMatchObject([
      {
        kind: 'activity',
        name: 'Algebra',
        incorrect: 6,
        total: 12,
        learners: 2,
        activity: { id: activityId(algebra) },
      },
    ]);
    const range = await get('/api/v1/overview?from=2026-04-03T00:00:00Z&to=2026-04-05T00:00:00Z');
    expect(at(range, 'previous')).toMatchObject({ attemptsCompleted: 1, averagePercentage: 40, learners: 1 });
  });
});

describe('figures of one activity', () => {
  const of = (path: string) => get(`/api/v1/activities/${activityId(algebra)}/${path}`);
  test('items: the first attempt of each learner', async () => {
    const items = await of('items');
    expect(at(items, 'basis')).toMatchObject({ attempts: 'first', n: 2 });
    expect(at(items, 'data')).toMatchObject([
      {
        questionId: 'q1',
        answered: 2,
        facility: 1,
        discrimination: null,
        choices: [{ answerId: 'a1', count: 2, correct: true }],
      },
      { questionId: 'q2', answered: 2, facility: 0.5 },
      { questionId: 'q3', facility: 0 },
      { questionId: 'q4' },
      { questionId: 'q5' },
      { questionId: 'q6' },
    ]);
  });
  test('distribution, trend, grid, funnel', async () => {
    expect(at(await of('distribution'), 'bins')).toHaveLength(10);
    expect((at(await of('distribution?attempts=all'), 'bins') as unknown[])[9]).toEqual({
      from: 90,
      to: 100,
      count: 1,
    });
    expect(at(await of('trend'), 'data')).toHaveLength(2);
    expect(at(await of('grid?limit=1'), 'rows')).toMatchObject([
      { learner: { name: 'Bo' }, percentage: 20, cells: [1, 0, 0, 0, 0, 0] },
    ]);
    expect(at(await of('funnel'), 'steps')).toEqual([]);
  });
});
