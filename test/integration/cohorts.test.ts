/** Cohorts: made, filled by hand, by list and by rule, and what they narrow. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import {
  activityId,
  addActivity,
  addAttempt,
  addIdentity,
  addLearner,
  addSource,
  learnerId,
} from '../helpers/progress-rows.ts';

let app: TestApp;
let source: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  source = await addSource(app.db, 'instruqt', 'instruqt');
});
afterAll(() => app.close());

async function make(body: object): Promise<string> {
  const made = await app.call('POST', '/api/v1/cohorts', { body });
  expect(made.status, made.text).toBe(201);
  return textAt(made.json, 'id');
}

async function membersOf(cohort: string): Promise<[name: unknown, origin: unknown][]> {
  const listed = await app.call('GET', `/api/v1/cohorts/${cohort}/members`);
  expect(listed.status, listed.text).toBe(200);
  const data = at(listed.json, 'data');
  return Array.isArray(data) ? data.map((member) => [at(member, 'learner.name'), at(member, 'origin')]) : [];
}

describe('cohorts', () => {
  test('are made, found by name, renamed and removed', async () => {
    const id = await make({ name: 'Zeta', description: 'of the evening' });
    await make({ name: 'Älpha' });
    const listed = await app.call('GET', '/api/v1/cohorts');
    expect(at(listed.json, 'data')).toMatchObject([
      { name: 'Älpha' },
      { name: 'Zeta', description: 'of the evening', rule: null, members: 0 },
    ]);
    const first = await app.call('GET', '/api/v1/cohorts?limit=1');
    const second = await app.call('GET', `/api/v1/cohorts?limit=1&cursor=${textAt(first.json, 'nextCursor')}`);
    expect(at(second.json, 'data')).toMatchObject([{ name: 'Zeta' }]);
    expect(at(second.json, 'nextCursor')).toBeNull();
    expect(at((await app.call('GET', '/api/v1/cohorts?search=alp')).json, 'data')).toMatchObject([{ name: 'Älpha' }]);

    expect((await app.call('POST', '/api/v1/cohorts', { body: { name: 'zeta' } })).status).toBe(409);
    expect((await app.call('POST', '/api/v1/cohorts', { body: { name: '   ' } })).status).toBe(400);
    const renamed = await app.call('PATCH', `/api/v1/cohorts/${id}`, { body: { name: 'Eta', description: null } });
    expect(renamed.json).toMatchObject({ id, name: 'Eta', description: null });
    expect((await app.call('DELETE', `/api/v1/cohorts/${id}`)).status).toBe(204);
    expect((await app.call('GET', `/api/v1/cohorts/${id}`)).status).toBe(404);
  });

  test('are filled by hand and by list: e-mails, external ids, learner ids', async () => {
    const id = await make({ name: 'By list' });
    const [ada, ben, cem] = [
      await addLearner(app.db, { name: 'Ada', email: 'ada@list.example' }),
      await addLearner(app.db, { name: 'Ben' }),
      await addLearner(app.db, { name: 'Cem' }),
    ];
    await addIdentity(app.db, ben, source, 'ben-7', { provider: 'instruqt' });
    for (const name of ['Twin 1', 'Twin 2']) await addLearner(app.db, { name, email: 'twins@list.example' });
    const added = await app.call('POST', `/api/v1/cohorts/${id}/members`, {
      body: {
        learners: [learnerId(cem), 'lrn_x'],
        list: 'ADA@list.example\r\n\n ben-7 \nnobody@list.example\ntwins@list.example\n',
      },
    });
    expect(added.json).toEqual({
      added: 3,
      already: 0,
      unknown: ['lrn_x', 'nobody@list.example', 'twins@list.example'],
    });
    expect(await membersOf(id)).toEqual([
      ['Ada', 'list'],
      ['Ben', 'list'],
      ['Cem', 'hand'],
    ]);
    const again = await app.call('POST', `/api/v1/cohorts/${id}/members`, { body: { list: learnerId(ada) } });
    expect(again.json).toEqual({ added: 0, already: 1, unknown: [] });
    expect((await app.call('DELETE', `/api/v1/cohorts/${id}/members/${learnerId(ben)}`)).status).toBe(204);
    expect((await app.call('DELETE', `/api/v1/cohorts/${id}/members/${learnerId(ben)}`)).status).toBe(404);
    expect(await membersOf(id)).toHaveLength(2);
    expect(at((await app.call('GET', `/api/v1/cohorts/${id}`)).json, 'members')).toBe(2);
    const found = await app.call('GET', `/api/v1/cohorts/${id}/members?search=ADA%40`);
    expect(at(found.json, 'data')).toMatchObject([{ learner: { id: learnerId(ada), email: 'ada@list.example' } }]);
    expect(at((await app.call('GET', `/api/v1/learners/${learnerId(ada)}`)).json, 'cohorts')).toEqual([id]);
  });

  test('are filled by what platforms tell of people, and follow a changed rule', async () => {
    const people: Record<string, Uuid> = {};
    for (const [name, attributes] of Object.entries({
      Red: { team: 'red' },
      Many: { team: ['blue', 'red'] },
      Seven: { team: 7 },
      Blue: { team: 'blue' },
    })) {
      const learner = await addLearner(app.db, { name });
      people[name] = learner;
      await addIdentity(app.db, learner, source, `of-${name}`, { provider: 'instruqt' });
      await app.db.query('UPDATE identities SET attributes = $2 WHERE learner_id = $1', [
        learner,
        JSON.stringify(attributes),
      ]);
    }
    const rule = {
      any: [
        { kind: 'parameter', name: 'team', value: 'red' },
        { kind: 'attribute', name: 'team', value: '7' },
      ],
    };
    const preview = await app.call('POST', '/api/v1/cohorts/preview', { body: { rule } });
    expect(preview.json).toMatchObject({ count: 3, sample: [{ name: 'Many' }, { name: 'Red' }, { name: 'Seven' }] });
    const id = await make({ name: 'Red team', rule });
    expect(await membersOf(id)).toEqual([
      ['Many', 'rule'],
      ['Red', 'rule'],
      ['Seven', 'rule'],
    ]);
    // Of another platform nobody is.
    const elsewhere = { any: [{ kind: 'parameter', name: 'team', value: 'red', provider: 'synap' }] };
    expect((await app.call('POST', '/api/v1/cohorts/preview', { body: { rule: elsewhere } })).json).toMatchObject({
      count: 0,
    });

    // Taken out by hand, the rule does not bring them back; picked by hand, they stay whatever the rule.
    await app.call('DELETE', `/api/v1/cohorts/${id}/members/${learnerId(people.Many ?? '')}`);
    await app.call('POST', `/api/v1/cohorts/${id}/members`, { body: { learners: [learnerId(people.Red ?? '')] } });
    await app.call('PATCH', `/api/v1/cohorts/${id}`, {
      body: { rule: { any: [{ kind: 'parameter', name: 'team', value: 'blue' }] } },
    });
    expect(await membersOf(id)).toEqual([
      ['Blue', 'rule'],
      ['Red', 'hand'],
    ]);
    await app.call('POST', `/api/v1/cohorts/${id}/members`, { body: { learners: [learnerId(people.Many ?? '')] } });
    await app.call('PATCH', `/api/v1/cohorts/${id}`, { body: { rule: null } });
    expect(await membersOf(id)).toEqual([
      ['Many', 'hand'],
      ['Red', 'hand'],
    ]);
  });

  test('are filled by an activity, not by tests and withdrawn attempts at it', async () => {
    const activity = await addActivity(app.db, source, { title: 'Lab' });
    const plays: [string, object][] = [
      ['Plays', {}],
      ['Tests', { test: true }],
      ['Cheats', { state: 'revoked' }],
    ];
    for (const [name, more] of plays) {
      await addAttempt(app.db, { learner: await addLearner(app.db, { name }), activity, source, ...more });
    }
    const id = await make({ name: 'Lab class', rule: { any: [{ kind: 'activity', activity: activityId(activity) }] } });
    expect(await membersOf(id)).toEqual([['Plays', 'rule']]);
    expect(at((await app.call('GET', `/api/v1/cohorts/${id}`)).json, 'rule')).toEqual({
      any: [{ kind: 'activity', activity: activityId(activity) }],
    });
    for (const unknown of ['act_00000000000040008000000000000000', 'x']) {
      const body = { name: 'Nowhere', rule: { any: [{ kind: 'activity', activity: unknown }] } };
      expect((await app.call('POST', '/api/v1/cohorts', { body })).status).toBe(400);
    }
  });

  test('narrow lists and figures', async () => {
    const activity = await addActivity(app.db, source, { title: 'Narrowed' });
    const inside = await addLearner(app.db, { name: 'Inside' });
    const outside = await addLearner(app.db, { name: 'Outside' });
    await addAttempt(app.db, { learner: inside, activity, source, percentage: 80 });
    await addAttempt(app.db, { learner: outside, activity, source, percentage: 20 });
    const id = await make({ name: 'Narrow' });
    await app.call('POST', `/api/v1/cohorts/${id}/members`, { body: { learners: [learnerId(inside)] } });
    const names = async (url: string, path: string) => {
      const data = at((await app.call('GET', url)).json, 'data');
      return Array.isArray(data) ? data.map((one) => at(one, path)) : [];
    };
    expect(await names(`/api/v1/learners?cohort=${id}`, 'name')).toEqual(['Inside']);
    expect(await names(`/api/v1/learners?cohort=${id}&sort=average`, 'name')).toEqual(['Inside']);
    expect(await names(`/api/v1/attempts?cohort=${id}`, 'learner.name')).toEqual(['Inside']);
    const url = `/api/v1/activities/${activityId(activity)}`;
    expect((await app.call('GET', url)).json).toMatchObject({ attemptsCompleted: 2, averagePercentage: 50 });
    const narrow = await app.call('GET', `${url}?cohort=${id}`);
    expect(narrow.json).toMatchObject({
      attemptsCompleted: 1,
      learners: 1,
      averagePercentage: 80,
      basis: { n: 1, learners: 1 },
    });
    expect(textAt(narrow.json, 'basis.receipts')).toContain(`cohort=${id}`);
    expect(await names(`/api/v1/activities?cohort=${id}&search=Narrowed`, 'averagePercentage')).toEqual([80]);
    expect((await app.call('GET', '/api/v1/activities?cohort=x')).status).toBe(400);
  });
});
