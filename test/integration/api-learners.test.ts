import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicId, type Uuid } from '../../src/core/ids.ts';
import { learnerSchema } from '../../src/http/contracts/learner.ts';
import { pageOf } from '../../src/http/pagination.ts';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';
import {
  addActivity,
  addAttempt,
  addIdentity,
  addLearner,
  addSource,
  learnerId,
  sourceId,
} from '../helpers/progress-rows.ts';
import { shaped } from '../helpers/shape.ts';

let app: TestApp;
let source: Uuid;
let other: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  source = await addSource(app.db, 'quizapi', 'quizapi');
  other = await addSource(app.db, 'synap', 'synap');
});
afterAll(() => app.close());

async function list(query: string, key?: string) {
  const answered = await app.call('GET', `/api/v1/learners${query}`, key === undefined ? {} : { key });
  expect(answered.status, answered.text).toBe(200);
  return shaped(pageOf(learnerSchema), answered.json);
}

async function idsOf(query: string, key?: string): Promise<string[]> {
  return (await list(query, key)).data.map(({ id }) => id);
}

describe('GET learners', () => {
  test('newest first, in pages, each once', async () => {
    const made: string[] = [];
    // Made in one statement by the worker, many share a time to the microsecond.
    for (let i = 0; i < 7; i++) {
      const createdAt = `2030-01-01T00:00:00.00000${Math.floor(i / 3)}Z`;
      made.push(learnerId(await addLearner(app.db, { name: `paged ${i}`, createdAt })));
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(
        `?search=paged&limit=2${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(made));
    expect(seen[0]).toBe(made[6]);
    expect(new Set(seen.slice(4))).toEqual(new Set(made.slice(0, 3)));
  });

  test('search finds part of a name, an e-mail or an external id, and takes every character as it is', async () => {
    const ada = await addLearner(app.db, { name: 'Ada 100% Lovelace_', email: 'ada@example.org' });
    await addIdentity(app.db, ada, source, 'USER-xyz-1');
    const id = learnerId(ada);
    for (const search of ['lovelace', '100%', 'LACE_', 'ADA@EXAMPLE', 'user-XYZ', id]) {
      expect(await idsOf(`?search=${encodeURIComponent(search)}`)).toEqual([id]);
    }
    for (const search of ['100_', 'lov%lace', "'; DROP TABLE learners; --"]) {
      expect(await idsOf(`?search=${encodeURIComponent(search)}`)).toEqual([]);
    }
    expect((await app.call('GET', '/api/v1/learners?search=%00')).status).toBe(400);
  });

  test('a cohort that is not known has nobody in it', async () => {
    expect(await idsOf('?cohort=coh_00000000000040008000000000000000')).toEqual([]);
    expect((await app.call('GET', '/api/v1/learners?cohort=x')).status).toBe(400);
  });

  test('a learner sees only itself; an instructor everyone; an integration nobody', async () => {
    const me = learnerId(await addLearner(app.db, { name: 'me' }));
    const key = await app.keyFor('learner', me);
    expect(await idsOf('', key)).toEqual([me]);
    expect(await idsOf('?search=paged', key)).toEqual([]);
    expect((await idsOf('', await app.keyFor('instructor'))).length).toBeGreaterThan(1);
    expect((await app.call('GET', '/api/v1/learners', { key: await app.keyFor('integration') })).status).toBe(403);
  });
});

describe('one learner', () => {
  test('has its identities; a realm of the source’s own bears the source’s id', async () => {
    const learner = await addLearner(app.db, { name: 'Bo', email: 'bo@example.org' });
    await addIdentity(app.db, learner, source, 'bo');
    await addIdentity(app.db, learner, other, 'b-1', { provider: 'synap', realm: 'portal' });
    const answered = await app.call('GET', `/api/v1/learners/${learnerId(learner)}`);
    expect(shaped(learnerSchema, answered.json)).toEqual({
      id: learnerId(learner),
      name: 'Bo',
      email: 'bo@example.org',
      identities: [
        { provider: 'quizapi', realm: sourceId(source), externalId: 'bo' },
        { provider: 'synap', realm: 'portal', externalId: 'b-1' },
      ],
      excluded: false,
      cohorts: [],
      mergedFrom: [],
    });
  });

  test('is a 404 when there is none, a 403 for another learner', async () => {
    expect((await app.call('GET', '/api/v1/learners/lrn_00000000000040008000000000000000')).status).toBe(404);
    expect((await app.call('GET', '/api/v1/learners/nonsense')).status).toBe(404);
    const mine = learnerId(await addLearner(app.db));
    const theirs = learnerId(await addLearner(app.db));
    const key = await app.keyFor('learner', mine);
    expect((await app.call('GET', `/api/v1/learners/${mine}`, { key })).status).toBe(200);
    for (const path of [theirs, `${theirs}/progress`, `${theirs}/receipts`]) {
      expect((await app.call('GET', `/api/v1/learners/${path}`, { key })).status).toBe(403);
    }
  });

  test('of another workspace does not exist', async () => {
    await app.db.query("INSERT INTO workspaces (id, slug, name) VALUES (2, 'two', 'Two')");
    const learner = await addLearner(app.db, { name: 'elsewhere' });
    await app.db.query('UPDATE learners SET workspace = 2 WHERE id = $1', [learner]);
    expect((await app.call('GET', `/api/v1/learners/${learnerId(learner)}`)).status).toBe(404);
    expect(await idsOf('?search=elsewhere')).toEqual([]);
  });
});

describe('PATCH learners', () => {
  test('a person’s word stands over the platform’s; null gives it back', async () => {
    const learner = await addLearner(app.db, { name: 'Old', email: 'old@example.org' });
    const path = `/api/v1/learners/${learnerId(learner)}`;
    const patched = await app.call('PATCH', path, { body: { name: 'New', excluded: true } });
    expect(patched.status).toBe(200);
    expect(patched.json).toMatchObject({ name: 'New', email: 'old@example.org', excluded: true });
    expect(await byOf(learner)).toEqual({ name_by: 'person', email_by: 'platform', excluded_by: 'person' });
    const again = await app.call('PATCH', path, { body: { name: null, email: 'new@example.org' } });
    expect(again.json).toMatchObject({ name: null, email: 'new@example.org', excluded: true });
    expect(await byOf(learner)).toMatchObject({ name_by: 'platform', email_by: 'person' });
  });

  test('refuses what is no change', async () => {
    const path = `/api/v1/learners/${learnerId(await addLearner(app.db))}`;
    for (const body of [
      {},
      { name: '' },
      { name: 7 },
      { email: 'nobody' },
      { excluded: 'yes' },
      { id: 'x' },
      { name: '\u0000' },
    ]) {
      const refused = await app.call('PATCH', path, { body });
      expect(refused.status, JSON.stringify(body)).toBe(400);
      expect(at(refused.json, 'details.0.path')).toMatch(/^body/);
    }
    expect((await app.call('PATCH', path, { body: { name: 'x' }, key: await app.keyFor('instructor') })).status).toBe(
      403,
    );
    const nobody = '/api/v1/learners/lrn_00000000000040008000000000000000';
    expect((await app.call('PATCH', nobody, { body: { name: 'x' } })).status).toBe(404);
  });

  async function byOf(learner: Uuid): Promise<object | undefined> {
    const rows = await app.db.query('SELECT name_by, email_by, excluded_by FROM learners WHERE id = $1', [learner]);
    return rows[0];
  }
});

describe('learners/lookup', () => {
  const lookup = async (query: string, key?: string) =>
    await app.call('GET', `/api/v1/learners/lookup?${query}`, key === undefined ? {} : { key });

  test('finds one by an external id or an e-mail, whatever its case', async () => {
    const learner = await addLearner(app.db, { email: 'Cy@Example.org' });
    await addIdentity(app.db, learner, source, 'cy 1');
    for (const query of [
      'externalId=cy+1',
      'externalId=cy%201&provider=quizapi&source=quizapi',
      'email=cY@example.ORG',
    ]) {
      const answered = await lookup(query);
      expect(answered.status, query).toBe(200);
      expect(shaped(learnerSchema, answered.json).id).toBe(learnerId(learner));
    }
    for (const query of [
      'externalId=cy+1&provider=synap',
      'externalId=cy+1&source=synap',
      'externalId=CY+1',
      'email=cy@x.org',
    ]) {
      expect((await lookup(query)).status, query).toBe(404);
    }
  });

  test('409 while two fit, and how to say which', async () => {
    const one = await addLearner(app.db, { email: 'shared@example.org' });
    const two = await addLearner(app.db, { email: 'shared@example.org' });
    await addIdentity(app.db, one, source, 'same');
    await addIdentity(app.db, two, other, 'same', { provider: 'synap', realm: 'portal-2' });
    for (const query of ['externalId=same', 'email=shared@example.org']) {
      const refused = await lookup(query);
      expect(refused.status).toBe(409);
      expect(refused.json).toMatchObject({ error: 'ambiguous_learner' });
    }
    expect((await lookup('externalId=same&provider=synap')).json).toMatchObject({ id: learnerId(two) });
    expect((await lookup('externalId=same&source=quizapi')).json).toMatchObject({ id: learnerId(one) });
  });

  test('a source also knows those whose realm another source named first', async () => {
    const third = await addSource(app.db, 'synap', 'synap-2');
    const learner = await addLearner(app.db);
    await addIdentity(app.db, learner, other, 'roamer', { provider: 'synap', realm: 'portal-3' });
    expect((await lookup('externalId=roamer&source=synap-2')).status).toBe(404);
    const activity = await addActivity(app.db, third, { provider: 'synap' });
    await addAttempt(app.db, { learner, activity, source: third, provider: 'synap' });
    expect((await lookup('externalId=roamer&source=synap-2')).json).toMatchObject({ id: learnerId(learner) });
  });

  test('needs exactly one of the two', async () => {
    for (const query of ['', 'provider=quizapi', 'externalId=a&email=b', 'externalId=a&provider=none']) {
      expect((await lookup(query)).status, query).toBe(400);
    }
  });

  test('a learner finds only itself', async () => {
    const me = await addLearner(app.db, { email: 'me@example.org' });
    await addLearner(app.db, { email: 'you@example.org' });
    const key = await app.keyFor('learner', learnerId(me));
    expect((await lookup('email=me@example.org', key)).status).toBe(200);
    expect((await lookup('email=you@example.org', key)).status).toBe(403);
    expect((await lookup('email=none@example.org', key)).status).toBe(403);
  });
});

test('lists and searches a hundred thousand learners by their indexes or in one pass', async () => {
  await app.db.query(
    `INSERT INTO learners (workspace, id, name, email, created_at)
     SELECT 1, gen_random_uuid(), 'Many ' || i, 'many' || i || '@example.net', '2020-01-01'::timestamptz + i * interval '1 s'
     FROM generate_series(1, 100000) i`,
  );
  await app.db.query('ANALYZE learners');
  const plan = await app.db.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT id FROM learners l WHERE l.workspace = 1 ORDER BY l.created_at DESC, l.id DESC LIMIT 51`,
  );
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('learners_created');
  const found = await list('?search=many99999@');
  expect(found.data.map(({ name }) => name)).toEqual(['Many 99999']);
  expect(shaped(Type.Array(learnerSchema), (await list('?limit=200')).data)).toHaveLength(200);
  // A class is read by its members while they are few, and else met on the way along the order.
  for (const every of [10, 5_000]) {
    const [cohort] = await app.db.query<{ id: Uuid }>(
      'INSERT INTO cohorts (workspace, id, name) VALUES (1, gen_random_uuid(), $1) RETURNING id',
      [`Every ${every}`],
    );
    await app.db.query(
      `INSERT INTO cohort_members (workspace, cohort_id, learner_id, origin)
       SELECT 1, $1, id, 'list' FROM learners WHERE name ~ '^Many [0-9]+$' AND substr(name, 6)::int % $2 = 0`,
      [cohort?.id, every],
    );
    const members = Array.from({ length: 100_000 / every }, (_, i) => `Many ${(i + 1) * every}`);
    const names = async (query: string) =>
      (await list(`?cohort=${publicId('coh', cohort?.id ?? ('' as Uuid))}&limit=15&${query}`)).data.map(
        ({ name }) => name,
      );
    const byName = members.toSorted();
    expect(await names('sort=created')).toEqual(members.toReversed().slice(0, 15));
    expect(await names('sort=name')).toEqual(byName.slice(0, 15));
    expect(await names('sort=name&search=many9')).toEqual(
      byName.filter((name) => name.startsWith('Many 9')).slice(0, 15),
    );
    expect(await names('sort=average')).toEqual(members.toReversed().slice(0, 15));
  }
});

describe('sorting', () => {
  test('by name, activity and average, in pages either way; who has none comes last; marks of letters do not matter', async () => {
    const source = await addSource(app.db, 'quizapi', 'sorted');
    const people: [name: string | null, last: string | null, average: number | null][] = [
      ['Sorted Émile', '2026-01-03', 50],
      ['sorted Anna', '2026-01-01', 90.25],
      ['Sorted Özil', null, null],
      ['Sorted Otto', '2026-01-02', null],
      [null, '2026-01-04', 90.25],
    ];
    for (const [i, [name, last, average]] of people.entries()) {
      const learner = await addLearner(app.db, {
        name,
        email: `${i}@sorted.example`,
        createdAt: `2031-01-0${i + 1}T00:00:00Z`,
      });
      await addIdentity(app.db, learner, source, `sorted-${i}`);
      if (last === null) continue;
      await app.db.query(
        `INSERT INTO learner_totals (workspace, learner_id, attempts_completed, attempts_started, average_percentage, last_activity_at)
         VALUES (1, $1, $2, $2, $3, $4)`,
        [learner, i + 1, average, `${last}T00:00:00.000001Z`],
      );
    }
    const sorted = async (query: string): Promise<number[]> => {
      const seen: number[] = [];
      let cursor: string | null = null;
      do {
        const url: string = `/api/v1/learners?search=sorted.example&limit=2&${query}${cursor === null ? '' : `&cursor=${cursor}`}`;
        const { json, text, status } = await app.call('GET', url);
        expect(status, text).toBe(200);
        const data = at(json, 'data');
        for (const one of Array.isArray(data) ? data : []) seen.push(Number(String(at(one, 'email')).charAt(0)));
        const next = at(json, 'nextCursor');
        cursor = typeof next === 'string' ? next : null;
      } while (cursor !== null);
      return seen;
    };
    expect(await sorted('sort=name')).toEqual([1, 0, 3, 2, 4]);
    expect(await sorted('sort=name&order=desc')).toEqual([2, 3, 0, 1, 4]);
    expect(await sorted('sort=lastActivity')).toEqual([4, 0, 3, 1, 2]);
    expect(await sorted('sort=lastActivity&order=asc')).toEqual([1, 3, 0, 4, 2]);
    const best = await sorted('sort=average');
    expect([best.slice(0, 2).toSorted(), best.slice(2)]).toEqual([
      [1, 4],
      [0, 3, 2],
    ]);
    expect(await sorted('order=asc')).toEqual([0, 1, 2, 3, 4]);
    for (const search of ['ozil', 'ÖZIL', 'emile', 'sorted-2'])
      expect(
        at((await app.call('GET', `/api/v1/learners?search=${encodeURIComponent(search)}`)).json, 'data.length'),
      ).toBe(1);
    const [one] = (await list('?search=sorted-1')).data;
    expect(one).toMatchObject({
      started: false,
      attemptsCompleted: 2,
      averagePercentage: 90.25,
      lastActivityAt: '2026-01-01T00:00:00.000Z',
    });
    const foreign = at((await app.call('GET', '/api/v1/learners?sort=name&limit=1')).json, 'nextCursor');
    expect((await app.call('GET', `/api/v1/learners?sort=average&cursor=${String(foreign)}`)).status).toBe(400);
  });
});
