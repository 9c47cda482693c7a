import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid, type Uuid } from '../../src/core/ids.ts';
import { activitySchema } from '../../src/http/contracts/activity.ts';
import { figureReceiptSchema } from '../../src/http/contracts/figure.ts';
import { pageOf } from '../../src/http/pagination.ts';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';
import { activityId, addActivity, addAttempt, addLearner, addSource, learnerId } from '../helpers/progress-rows.ts';
import { shaped } from '../helpers/shape.ts';

let app: TestApp;
let source: Uuid;
let ada: Uuid;
let bo: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  source = await addSource(app.db, 'quizapi');
  ada = await addLearner(app.db);
  bo = await addLearner(app.db);
});
afterAll(() => app.close());

async function list(query: string) {
  const answered = await app.call('GET', `/api/v1/activities?${query}`);
  expect(answered.status, answered.text).toBe(200);
  return shaped(pageOf(activitySchema), answered.json);
}

async function one(activity: Uuid, query = '') {
  const answered = await app.call('GET', `/api/v1/activities/${activityId(activity)}${query}`);
  expect(answered.status, answered.text).toBe(200);
  return shaped(activitySchema, answered.json);
}

async function played(): Promise<Uuid> {
  const activity = await addActivity(app.db, source, { title: 'Played', externalId: `played-${newUuid()}` });
  for (const [learner, percentage, day] of [
    [ada, 40, 1],
    [ada, 90, 2],
    [ada, 60, 3],
    [bo, 20, 1],
    [bo, null, 2],
  ] as const) {
    await addAttempt(app.db, {
      learner,
      activity,
      source,
      percentage,
      doneAt: `2026-04-0${day}T10:00:00Z`,
      facts: [{ s: day, r: String(day).repeat(32), v: 'signature' }],
    });
  }
  return activity;
}

describe('the figures of an activity', () => {
  test('by hand, under each policy; the last counts unless somebody says otherwise', async () => {
    const activity = await played();
    expect(await one(activity)).toMatchObject({
      attemptsCompleted: 5,
      learners: 2,
      averagePercentage: 40,
      attempts: null,
      basis: { attempts: 'last', n: 2, learners: 2, unverified: 0, tz: 'UTC', excluded: { noScore: 1 } },
    });
    for (const [policy, average, n] of [
      ['first', 30, 2],
      ['last', 40, 2],
      ['best', 55, 2],
      ['all', 52.5, 4],
    ] as const) {
      const figures = await one(activity, `?attempts=${policy}`);
      expect(figures).toMatchObject({ attemptsCompleted: 5, learners: 2, averagePercentage: average });
      expect(figures.basis).toMatchObject({ attempts: policy, n, learners: 2 });
    }
    const early = await one(activity, '?to=2026-04-02T10:00:00Z');
    expect(early).toMatchObject({
      attemptsCompleted: 2,
      averagePercentage: 30,
      basis: { n: 2, excluded: { noScore: 0 } },
    });
  });

  test('leave out tests, test persons, what was revoked and, if asked, what is not proved', async () => {
    const activity = await played();
    const tester = await addLearner(app.db, { excluded: true });
    await addAttempt(app.db, { learner: tester, activity, source, percentage: 0 });
    await addAttempt(app.db, { learner: ada, activity, source, percentage: 0, test: true });
    await addAttempt(app.db, { learner: ada, activity, source, percentage: 0, state: 'revoked' });
    const forged = await addLearner(app.db);
    await addAttempt(app.db, { learner: forged, activity, source, percentage: 100, verification: 'token' });
    const all = await one(activity);
    expect(all).toMatchObject({ attemptsCompleted: 6, learners: 3, averagePercentage: 60 });
    expect(all.basis).toMatchObject({
      n: 3,
      unverified: 1,
      excluded: { test: 2, revoked: 1, unverified: 0, noScore: 1 },
    });
    const proved = await one(activity, '?unverified=exclude');
    expect(proved).toMatchObject({ attemptsCompleted: 5, learners: 2, averagePercentage: 40 });
    expect(proved.basis).toMatchObject({
      n: 2,
      unverified: 0,
      excluded: { test: 2, revoked: 1, unverified: 1, noScore: 1 },
    });
  });

  test('of one that nobody played', async () => {
    const activity = await addActivity(app.db, source, { title: 'Lonely' });
    expect(await one(activity)).toMatchObject({
      attemptsCompleted: 0,
      learners: 0,
      averagePercentage: null,
      basis: { n: 0 },
    });
  });

  test('basis.receipts lists what they are made of', async () => {
    const { basis } = await one(await played());
    const page = shaped(pageOf(figureReceiptSchema), (await app.call('GET', basis.receipts)).json);
    expect(page.data.map(({ source: { slug } }) => slug)).toEqual(['quizapi', 'quizapi', 'quizapi']);
    // Page by page the same, the newest attempts' first; one that speaks for two attempts may come again on a later page.
    const paged: string[] = [];
    const from = new URL(basis.receipts, 'http://host');
    from.searchParams.set('limit', '2');
    for (let last = ''; last !== 'end'; ) {
      if (last !== '') from.searchParams.set('cursor', last);
      const answered = await app.call('GET', `${from.pathname}${from.search}`);
      const { data, nextCursor } = shaped(pageOf(figureReceiptSchema), answered.json);
      paged.push(...data.map(({ id }) => id));
      last = nextCursor ?? 'end';
    }
    expect(paged).toHaveLength(5);
    expect([...new Set(paged)]).toEqual(page.data.map(({ id }) => id));
    expect(page.data.map(({ id }) => id)).toEqual(['3', '2', '1'].map((day) => `rcp_${day.repeat(32)}`));
  });
});

describe('GET activities', () => {
  test('newest first, in pages, by title, id and kind', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      const createdAt = `2030-01-01T00:00:00.00000${Math.floor(i / 2)}Z`;
      const options = { title: `Paged ${i}`, externalId: `ext_${i}%`, kind: i === 3 ? 'exam' : 'quiz', createdAt };
      made.unshift(activityId(await addActivity(app.db, source, options)));
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(
        `search=PAGED&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(seen[0]).toBe(made[0]);
    expect((await list('search=paged&kind=exam')).data.map(({ title }) => title)).toEqual(['Paged 3']);
    expect((await list(`search=${encodeURIComponent('ext_2%')}`)).data.map(({ title }) => title)).toEqual(['Paged 2']);
    expect((await list(`search=${encodeURIComponent('ext%2')}`)).data).toEqual([]);
    expect((await app.call('GET', '/api/v1/activities?kind=game')).status).toBe(400);
  });

  test('each has its own figures', async () => {
    const activity = await played();
    const found = (await list('')).data.find(({ id }) => id === activityId(activity));
    expect(found).toMatchObject({ attemptsCompleted: 5, learners: 2, averagePercentage: 40 });
  });

  test('is for admins and instructors', async () => {
    const path = `/api/v1/activities/${activityId(await played())}`;
    expect((await app.call('GET', path, { key: await app.keyFor('instructor') })).json).toMatchObject({ learners: 2 });
    for (const key of [await app.keyFor('learner', learnerId(ada)), await app.keyFor('integration')]) {
      expect((await app.call('GET', path, { key })).status).toBe(403);
      expect((await app.call('GET', '/api/v1/activities', { key })).status).toBe(403);
    }
  });

  test('an instructor of cohorts sees nobody’s results as long as nobody is in them', async () => {
    const activity = await played();
    const key = await app.keyFor('instructor');
    await app.db.query("UPDATE api_keys SET cohorts = ARRAY[gen_random_uuid()] WHERE role = 'instructor'");
    const answered = await app.call('GET', `/api/v1/activities/${activityId(activity)}`, { key });
    expect(answered.json).toMatchObject({
      attemptsCompleted: 0,
      learners: 0,
      averagePercentage: null,
      basis: { n: 0 },
    });
    expect((await app.call('GET', `/api/v1/activities/${activityId(activity)}/receipts`, { key })).json).toMatchObject({
      data: [],
    });
    expect((await app.call('GET', '/api/v1/attempts', { key })).json).toMatchObject({ data: [] });
    expect((await app.call('GET', '/api/v1/learners', { key })).json).toMatchObject({ data: [] });
  });
});

describe('PATCH activities', () => {
  test('sets the pass mark, the due time and the policy, and takes them back', async () => {
    const activity = await played();
    const path = `/api/v1/activities/${activityId(activity)}`;
    const set = await app.call('PATCH', path, {
      body: { passPercentage: 60, dueAt: '2026-05-01T12:00:00+02:00', attempts: 'best' },
    });
    expect(shaped(activitySchema, set.json)).toMatchObject({
      passPercentage: 60,
      dueAt: '2026-05-01T10:00:00.000Z',
      attempts: 'best',
      averagePercentage: 55,
      basis: { attempts: 'best' },
    });
    expect((await one(activity, '?attempts=first')).averagePercentage).toBe(30);
    expect(await dueBy(activity)).toBe('person');
    const cleared = await app.call('PATCH', path, { body: { dueAt: null, attempts: null } });
    expect(cleared.json).toMatchObject({ passPercentage: 60, dueAt: null, attempts: null, averagePercentage: 40 });
    expect(await dueBy(activity)).toBe('platform');
  });

  test('refuses what is no setting', async () => {
    const path = `/api/v1/activities/${activityId(await played())}`;
    for (const body of [
      {},
      { passPercentage: 101 },
      { passPercentage: '60' },
      { dueAt: 'soon' },
      { attempts: 'median' },
      { title: 'x' },
    ]) {
      const refused = await app.call('PATCH', path, { body });
      expect(refused.status, JSON.stringify(body)).toBe(400);
      expect(at(refused.json, 'details.0.path')).toMatch(/^body/);
    }
    expect(
      (await app.call('PATCH', path, { body: { attempts: 'all' }, key: await app.keyFor('instructor') })).status,
    ).toBe(403);
    expect(
      (await app.call('PATCH', `/api/v1/activities/${activityId(newUuid())}`, { body: { attempts: 'all' } })).status,
    ).toBe(404);
  });

  async function dueBy(activity: Uuid): Promise<string | undefined> {
    const rows = await app.db.query<{ due_by: string }>('SELECT due_by FROM activities WHERE id = $1', [activity]);
    return rows[0]?.due_by;
  }
});
