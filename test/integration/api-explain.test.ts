import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';
import {
  activityId,
  addActivity,
  addAttempt,
  addLearner,
  addSource,
  answer,
  attemptId,
  learnerId,
} from '../helpers/progress-rows.ts';

let app: TestApp;
let ada: Uuid;
let quiz: Uuid;
let first: Uuid;

const RECEIPT = 'ab'.repeat(16);

beforeAll(async () => {
  app = await createTestApp();
  const source = await addSource(app.db, 'quizapi');
  ada = await addLearner(app.db, { name: 'Ada' });
  const bo = await addLearner(app.db, { name: 'Bo' });
  quiz = await addActivity(app.db, source, { title: 'Quiz' });
  const about = { learner: ada, activity: quiz, source };
  const responses = (right: number) => Array.from({ length: 6 }, (_, i) => answer(`q${i + 1}`, i < right));
  first = await addAttempt(app.db, {
    ...about,
    percentage: 40,
    seconds: 60,
    outcome: 'failed',
    doneAt: '2026-04-01T10:00:00Z',
    responses: responses(2),
    facts: [{ s: 1, r: RECEIPT, v: 'signature' }],
  });
  await addAttempt(app.db, {
    ...about,
    percentage: 90,
    seconds: 30,
    outcome: 'passed',
    doneAt: '2026-04-03T10:00:00Z',
    responses: responses(5),
  });
  await addAttempt(app.db, { ...about, percentage: null, doneAt: '2026-04-04T10:00:00Z' });
  await addAttempt(app.db, { ...about, percentage: 100, test: true, doneAt: '2026-04-05T10:00:00Z' });
  await addAttempt(app.db, { ...about, state: 'revoked', percentage: 10, doneAt: '2026-04-05T11:00:00Z' });
  await addAttempt(app.db, { ...about, state: 'started', openedAt: '2026-04-06T10:00:00Z' });
  await addAttempt(app.db, {
    ...about,
    learner: bo,
    percentage: 20,
    outcome: 'failed',
    verification: 'token',
    doneAt: '2026-04-03T12:00:00Z',
    responses: responses(1),
  });
});
afterAll(() => app.close());

async function get(url: string) {
  const answered = await app.call('GET', url);
  expect(answered.status, answered.text).toBe(200);
  return answered.json;
}

const explain = (figure: string, query = '') =>
  get(
    `/api/v1/explain?figure=${figure}&learner=${learnerId(ada)}&activity=${activityId(quiz)}&question=q2&area=Quiz&kind=activity${query}`,
  );

test('gives the value that the route of the figure shows, whatever the policy and range', async () => {
  for (const query of [
    '',
    '&attempts=first',
    '&attempts=best',
    '&attempts=all',
    '&from=2026-04-02T00:00:00Z',
    '&unverified=exclude',
  ]) {
    const q = query.replace('&', '?');
    const learner = await get(`/api/v1/learners/${learnerId(ada)}/progress${q}`);
    const activity = await get(`/api/v1/activities/${activityId(quiz)}${q}`);
    const overview = await get(`/api/v1/overview${q}`);
    const items = await get(`/api/v1/activities/${activityId(quiz)}/items${q}`);
    const passRate =
      Number(at(overview, 'totals.passed')) /
      (Number(at(overview, 'totals.passed')) + Number(at(overview, 'totals.failed')));
    for (const [figure, value] of [
      ['learner.averagePercentage', at(learner, 'summary.averagePercentage')],
      ['learner.attemptsCompleted', at(learner, 'summary.attemptsCompleted')],
      ['learner.attemptsStarted', at(learner, 'summary.attemptsStarted')],
      ['learner.totalTimeSeconds', at(learner, 'summary.totalTimeSeconds')],
      ['learner.weakArea', at(learner, 'weakAreas.0.rate')],
      ['activity.averagePercentage', at(activity, 'averagePercentage')],
      ['activity.attemptsCompleted', at(activity, 'attemptsCompleted')],
      ['activity.passRate', passRate],
      ['item.facility', at(items, 'data.1.facility')],
      ['item.discrimination', at(items, 'data.1.discrimination')],
      ['overview.averagePercentage', at(overview, 'totals.averagePercentage')],
      ['overview.attemptsCompleted', at(overview, 'totals.attemptsCompleted')],
      ['overview.attemptsStarted', at(overview, 'totals.attemptsStarted')],
      ['overview.learners', at(overview, 'totals.learners')],
      ['overview.weakArea', at(overview, 'weakAreas.0.rate')],
      ['overview.passRate', passRate],
      ['overview.timeSeconds', at(overview, 'totals.timeSeconds')],
    ] as const) {
      const made = await explain(figure, query);
      expect(at(made, 'value'), `${figure} ${query}`).toEqual(value);
      expect(at(made, 'value'), figure).not.toBeUndefined();
    }
  }
});

test('says what is left out and why, what else it could be, and which receipts prove it', async () => {
  const made = await explain('learner.averagePercentage', '&attempts=last');
  expect(made).toMatchObject({
    value: 90,
    unit: 'percent',
    policy: 'last',
    n: 1,
    learners: 1,
    excluded: [
      { reason: 'test', count: 1 },
      { reason: 'revoked', count: 1 },
      { reason: 'noScore', count: 1 },
      { reason: 'policy', count: 1 },
    ],
    verification: [{ verification: 'signature', attempts: 1 }],
    otherPolicies: [
      { attempts: 'first', value: 40, n: 1 },
      { attempts: 'best', value: 90, n: 1 },
      { attempts: 'all', value: 65, n: 2 },
    ],
  });
  const inputs = at(made, 'inputs') as {
    attempt: { id: string };
    reason: string | null;
    counted: boolean;
    receipts: string[];
  }[];
  expect(inputs.map((input) => input.reason)).toEqual(['running', 'revoked', 'test', 'policy', null, 'policy']);
  expect(inputs.at(-1)).toMatchObject({
    attempt: { id: attemptId(first) },
    counted: false,
    receipts: [`rcp_${RECEIPT}`],
  });
  expect(await explain('overview.averagePercentage', '&attempts=all')).toMatchObject({
    verification: [
      { verification: 'signature', attempts: 2 },
      { verification: 'token', attempts: 1 },
    ],
  });
});

test('says of how many people the completed attempts of an activity are, not who was merely active', async () => {
  expect(await explain('activity.attemptsCompleted')).toMatchObject({ value: 4, learners: 2 });
  const since = '&from=2026-04-04T12:00:00Z';
  expect(await explain('activity.attemptsCompleted', since)).toMatchObject({ value: 0, learners: 0 });
  expect(await explain('overview.learners', since)).toMatchObject({ value: 1 });
});

test('refuses what it cannot explain with a sentence', async () => {
  const call = async (query: string) => (await app.call('GET', `/api/v1/explain?${query}`)).status;
  expect(await call('figure=learner.averagePercentage')).toBe(400);
  expect(await call('figure=activity.passRate')).toBe(400);
  expect(await call(`figure=item.facility&activity=${activityId(quiz)}&question=nope`)).toBe(404);
  expect(await call('figure=nothing')).toBe(400);
});
