import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { markDirty } from '../../src/progress/rollups/mark-dirty.ts';
import { rollUp } from '../../src/progress/rollups/roll-up.ts';
import { ADMIN_KEY, at, createTestApp, type TestApp } from '../helpers/http.ts';
import { activityId, addActivity, addAttempt, addLearner, addSource } from '../helpers/progress-rows.ts';

let app: TestApp;
let source: Uuid;
let quiz: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  source = await addSource(app.db, 'synap');
  quiz = await addActivity(app.db, source, { title: 'Zebra', provider: 'synap' });
  for (const [mark, chosen] of [
    [3, 'b'],
    [0, 'a'],
    [-1, 'b'],
    [2, 'a'],
  ] as const) {
    await addAttempt(app.db, {
      learner: await addLearner(app.db),
      activity: quiz,
      source,
      provider: 'synap',
      percentage: 50,
      responses: [
        { questionId: 'q10', selectedAnswerIds: [], mark: 4 - mark, maxMark: 4 },
        { questionId: 'q2', selectedAnswerIds: ['x'], mark, maxMark: 4 },
        { questionId: 'q1', selectedAnswerIds: [chosen] },
        { questionId: 'q3', selectedAnswerIds: [] },
      ],
    });
  }
});
afterAll(() => app.close());

const path = () => `/api/v1/activities/${activityId(quiz)}/items`;

test('marks count as marks, negative ones too; what nothing judges has no facility', async () => {
  const { json } = await app.call('GET', path());
  expect(at(json, 'data')).toMatchObject([
    {
      questionId: 'q1',
      answered: 0,
      facility: null,
      choices: [
        { answerId: 'a', count: 2, correct: null },
        { answerId: 'b', count: 2, correct: null },
      ],
    },
    { questionId: 'q2', answered: 4, facility: 0.25, discriminationN: 4 },
    { questionId: 'q3', answered: 0, unanswered: 4, facility: null },
    { questionId: 'q10', answered: 4, facility: 0.75 },
  ]);
  // Of two items whose marks add up to the same each time, one falls as the other rises.
  expect(at(json, 'data.1.discrimination')).toBeCloseTo(-100);
});

test('a key that somebody tells judges what the platform does not, and only that', async () => {
  const csv =
    'questionId,text,topics,answerId,answerText,correct\nq1,"Which, then?",Sets; Logic,a,This,no\nq1,,,b,That,yes\nq2,Second,,x,,no\n';
  const put = await app.app.inject({
    method: 'PUT',
    url: path(),
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/csv' },
    payload: csv,
  });
  expect(put.statusCode, put.payload).toBe(200);
  expect(at(put.json(), 'data')).toMatchObject([
    {
      questionId: 'q1',
      text: 'Which, then?',
      answered: 4,
      facility: 0.5,
      topics: ['Sets', 'Logic'],
      choices: [
        { answerId: 'a', text: 'This', correct: false, count: 2 },
        { answerId: 'b', text: 'That', correct: true, count: 2 },
      ],
    },
    { questionId: 'q2', text: 'Second', facility: 0.25 },
    { questionId: 'q3' },
    { questionId: 'q10' },
  ]);
  const again = await app.call('PUT', path(), { body: { items: [{ questionId: 'q2', text: 'Only this' }] } });
  expect(at(again.json, 'data.0')).toMatchObject({ questionId: 'q2', text: 'Only this' });
  expect(at(again.json, 'data.1')).toMatchObject({ questionId: 'q1', text: null, answered: 0 });
});

test('refuses what cannot be meant', async () => {
  const twice = { items: [{ questionId: 'q1' }, { questionId: 'q1' }] };
  expect((await app.call('PUT', path(), { body: twice })).status).toBe(400);
  expect((await app.call('PUT', path(), { body: {} })).status).toBe(400);
  expect((await app.call('PUT', path(), { key: await app.keyFor('integration'), body: { items: [] } })).status).toBe(
    403,
  );
  const bad = await app.app.inject({
    method: 'PUT',
    url: path(),
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/csv' },
    payload: 'questionId,answerId,correct\nq1,a,perhaps\n',
  });
  expect(bad.statusCode).toBe(400);
  expect(bad.payload).toContain('Line 2');
});

test('lists of activities are sorted, and go on where they ended', async () => {
  const other = await addActivity(app.db, source, { title: 'Élan', provider: 'synap' });
  await addAttempt(app.db, { learner: await addLearner(app.db), activity: other, source, percentage: 90 });
  await markDirty(app.db, 1, { all: true });
  while (await rollUp(app.db, 1));
  const titles = async (sort: string): Promise<unknown[]> => {
    const first = await app.call('GET', `/api/v1/activities?limit=1&sort=${sort}`);
    const next = await app.call(
      'GET',
      `/api/v1/activities?limit=1&sort=${sort}&cursor=${at(first.json, 'nextCursor')}`,
    );
    expect(at(next.json, 'nextCursor')).toBeNull();
    return [at(first.json, 'data.0.title'), at(next.json, 'data.0.title')];
  };
  expect(await titles('title')).toEqual(['Élan', 'Zebra']);
  expect(await titles('attempts')).toEqual(['Zebra', 'Élan']);
  expect(await titles('average')).toEqual(['Élan', 'Zebra']);
  expect(await titles('created')).toEqual(['Élan', 'Zebra']);
});
