/**
 * An instructor limited to a cohort sees no other learner anywhere. Walks over every route of openapi.json that instructors may
 * call, with ids of their own and of a foreign learner, and looks for any trace of the foreign one. A new route without an
 * entry below fails.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openapiDocument } from '../../src/http/openapi.ts';
import { at, createTestApp, type Method, type TestApp, textAt } from '../helpers/http.ts';
import { sourceId } from '../helpers/progress-rows.ts';
import { addSources, projectAll, sourceIdOf, storeReceipts } from '../helpers/receipts.ts';

interface World {
  app: TestApp;
  key: string;
  cohort: string;
  foreignCohort: string;
  activity: string;
  own: Person;
  foreign: Person;
}

interface Person {
  id: string;
  attempt: string;
  externalId: string;
}

interface Decision {
  /** Allowed: 200, without a trace of the foreign learner. */
  mine: readonly string[];
  /** About the foreign learner or cohort: 403 or 404. */
  foreign?: readonly string[];
  /** The same answer given to an admin bears the trace: proves that the search for it finds something. */
  showsAdmins?: boolean;
}

/** What unsafe routes that instructors may call are tried with: each must be refused with 403 or 404. */
type Refused = readonly { url: string; body?: object }[];

const FIGURE = 'from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z';

/** GET routes that instructors (or anybody) may call. `nobody`: it is about no learner. */
const READS: Record<string, ((w: World) => Decision) | 'nobody' | 'stream'> = {
  '/': 'nobody',
  '/healthz': 'nobody',
  '/readyz': 'nobody',
  '/metrics': 'nobody',
  '/openapi.json': 'nobody',
  '/webhooks/{slug}': 'nobody',
  '/webhooks/{slug}/{token}': 'nobody',
  '/api/v1/event-types': 'nobody',
  '/api/v1/workspaces': 'nobody',
  '/api/v1/workspace': 'nobody',
  '/api/v1/sign-in-options': 'nobody',
  '/api/v1/invitations/{token}': 'nobody',
  '/api/v1/sessions': 'nobody',
  '/api/v1/me': () => ({ mine: ['/api/v1/me'] }),
  // test/integration/cohort-limits-live.test.ts
  '/api/v1/live': 'stream',
  '/api/students/{userId}/progress/stream': 'stream',
  '/api/v1/cohorts': () => ({ mine: ['/api/v1/cohorts'], showsAdmins: true }),
  '/api/v1/cohorts/{id}': (w) => ({
    mine: [`/api/v1/cohorts/${w.cohort}`],
    foreign: [`/api/v1/cohorts/${w.foreignCohort}`],
  }),
  '/api/v1/cohorts/{id}/members': (w) => ({
    mine: [`/api/v1/cohorts/${w.cohort}/members`],
    foreign: [`/api/v1/cohorts/${w.foreignCohort}/members`],
  }),
  '/api/v1/learners': (w) => ({
    mine: [
      ...['created', 'name', 'lastActivity', 'average'].map((sort) => `/api/v1/learners?sort=${sort}`),
      '/api/v1/learners?search=o',
      `/api/v1/learners?cohort=${w.cohort}`,
    ],
    foreign: [`/api/v1/learners?cohort=${w.foreignCohort}`],
    showsAdmins: true,
  }),
  '/api/v1/learners/lookup': (w) => ({
    mine: [`/api/v1/learners/lookup?externalId=${w.own.externalId}`],
    foreign: [
      `/api/v1/learners/lookup?externalId=${w.foreign.externalId}`,
      '/api/v1/learners/lookup?email=zorro@foreign.example',
    ],
  }),
  '/api/v1/learners/{id}': (w) => ({
    mine: [`/api/v1/learners/${w.own.id}`],
    foreign: [`/api/v1/learners/${w.foreign.id}`],
  }),
  '/api/v1/learners/{id}/progress': (w) => ({
    mine: [`/api/v1/learners/${w.own.id}/progress`],
    foreign: [`/api/v1/learners/${w.foreign.id}/progress`],
  }),
  '/api/v1/learners/{id}/receipts': (w) => ({
    mine: [`/api/v1/learners/${w.own.id}/receipts`],
    foreign: [`/api/v1/learners/${w.foreign.id}/receipts`],
  }),
  '/api/v1/attempts': (w) => ({
    mine: ['/api/v1/attempts', `/api/v1/attempts?activity=${w.activity}`, `/api/v1/attempts?learner=${w.own.id}`],
    foreign: [`/api/v1/attempts?learner=${w.foreign.id}`, `/api/v1/attempts?cohort=${w.foreignCohort}`],
    showsAdmins: true,
  }),
  '/api/v1/attempts/{id}': (w) => ({
    mine: [`/api/v1/attempts/${w.own.attempt}`],
    foreign: [`/api/v1/attempts/${w.foreign.attempt}`],
  }),
  '/api/v1/events': (w) => ({
    mine: ['/api/v1/events', `/api/v1/events?learner=${w.own.id}`],
    foreign: [`/api/v1/events?learner=${w.foreign.id}`, `/api/v1/events?cohort=${w.foreignCohort}`],
    showsAdmins: true,
  }),
  '/api/v1/deliveries': (w) => ({
    mine: [`/api/v1/deliveries?learner=${w.own.id}`, `/api/v1/deliveries?attempt=${w.own.attempt}`],
    foreign: [
      '/api/v1/deliveries',
      `/api/v1/deliveries?learner=${w.foreign.id}`,
      `/api/v1/deliveries?attempt=${w.foreign.attempt}`,
    ],
  }),
  '/api/v1/activities': (w) => ({
    mine: ['/api/v1/activities', `/api/v1/activities?cohort=${w.cohort}&${FIGURE}`],
    foreign: [`/api/v1/activities?cohort=${w.foreignCohort}`],
  }),
  '/api/v1/activities/{id}': (w) => ofActivity(w, ''),
  '/api/v1/activities/{id}/receipts': (w) => ofActivity(w, '/receipts'),
  '/api/v1/activities/{id}/items': (w) => ofActivity(w, '/items'),
  '/api/v1/activities/{id}/distribution': (w) => ofActivity(w, '/distribution'),
  '/api/v1/activities/{id}/funnel': (w) => ofActivity(w, '/funnel'),
  '/api/v1/activities/{id}/trend': (w) => ofActivity(w, '/trend'),
  '/api/v1/activities/{id}/grid': (w) => ({ ...ofActivity(w, '/grid'), showsAdmins: true }),
  '/api/v1/overview': (w) => ({
    mine: ['/api/v1/overview', `/api/v1/overview?cohort=${w.cohort}&${FIGURE}`],
    foreign: [`/api/v1/overview?cohort=${w.foreignCohort}`],
  }),
  '/api/v1/explain': (w) => ({
    mine: [
      `/api/v1/explain?figure=activity.averagePercentage&activity=${w.activity}`,
      `/api/v1/explain?figure=learner.averagePercentage&learner=${w.own.id}`,
      '/api/v1/explain?figure=overview.learners',
    ],
    foreign: [
      `/api/v1/explain?figure=learner.averagePercentage&learner=${w.foreign.id}`,
      `/api/v1/explain?figure=overview.learners&cohort=${w.foreignCohort}`,
    ],
    showsAdmins: true,
  }),
  '/api/v1/attention': (w) => ({
    mine: ['/api/v1/attention'],
    foreign: [`/api/v1/attention?learner=${w.foreign.id}`, `/api/v1/attention?cohort=${w.foreignCohort}`],
  }),
  '/api/v1/running': (w) => ({
    mine: ['/api/v1/running'],
    foreign: [`/api/v1/running?cohort=${w.foreignCohort}`],
  }),
  '/api/v1/export/attempts': (w) => ({
    mine: ['csv', 'ndjson'].map((format) => `/api/v1/export/attempts?format=${format}`),
    foreign: [
      `/api/v1/export/attempts?format=csv&learner=${w.foreign.id}`,
      `/api/v1/export/attempts?format=csv&cohort=${w.foreignCohort}`,
    ],
    showsAdmins: true,
  }),
  '/api/students/{userId}/progress': (w) => ({
    mine: [w.own.id, w.own.externalId].map((id) => `/api/students/${id}/progress`),
    foreign: [w.foreign.id, w.foreign.externalId].map((id) => `/api/students/${id}/progress`),
  }),
};

/** Unsafe routes that instructors may call; an empty list: it is about no learner. */
const WRITES: Record<string, (w: World) => Refused> = {
  'post /api/v1/tickets': (w) => [
    { url: '/api/v1/tickets', body: { for: 'live', learner: w.foreign.id } },
    { url: '/api/v1/tickets', body: { for: 'students', learner: w.foreign.externalId } },
  ],
  'post /api/v1/attempts/{id}/confirm': (w) => [{ url: `/api/v1/attempts/${w.foreign.attempt}/confirm`, body: {} }],
  // Items are of everybody: an instructor limited to cohorts may not change them.
  'put /api/v1/activities/{id}/items': (w) => [{ url: `/api/v1/activities/${w.activity}/items`, body: { items: [] } }],
  'post /api/v1/attention/{id}/acknowledge': () => [{ url: `/api/v1/attention/${NO_FLAG}/acknowledge`, body: {} }],
  'post /api/v1/attention/{id}/snooze': () => [{ url: `/api/v1/attention/${NO_FLAG}/snooze`, body: { minutes: 5 } }],
  'post /api/v1/attention/{id}/reopen': () => [{ url: `/api/v1/attention/${NO_FLAG}/reopen`, body: {} }],
  'delete /api/v1/sessions/{id}': () => [],
  'post /webhooks/{slug}': () => [],
  'post /webhooks/{slug}/{token}': () => [],
  'post /api/v1/setup': () => [],
  'post /api/v1/invitations/{token}/accept': () => [],
};

const NO_FLAG = 'flg_00000000000040008000000000000000';

function ofActivity(w: World, path: string): Decision {
  return {
    mine: [`/api/v1/activities/${w.activity}${path}`, `/api/v1/activities/${w.activity}${path}?cohort=${w.cohort}`],
    foreign: [`/api/v1/activities/${w.activity}${path}?cohort=${w.foreignCohort}`],
  };
}

let world: World;

beforeAll(async () => {
  const app = await createTestApp();
  await addSources(app.db);
  await storeReceipts(app.db, [...play('own-user', 90), ...play('foreign-user', 10)]);
  await projectAll(app.db);
  const person = async (externalId: string, name: string, email: string): Promise<Person> => {
    const id = textAt((await app.call('GET', `/api/v1/learners/lookup?externalId=${externalId}`)).json, 'id');
    await app.call('PATCH', `/api/v1/learners/${id}`, { body: { name, email } });
    const attempt = textAt((await app.call('GET', `/api/v1/attempts?learner=${id}`)).json, 'data.0.id');
    return { id, attempt, externalId };
  };
  const own = await person('own-user', 'Olga Own', 'olga@own.example');
  const foreign = await person('foreign-user', 'Zorro Foreign', 'zorro@foreign.example');
  const cohort = await cohortOf(app, 'Mine', own.id);
  const foreignCohort = await cohortOf(app, 'Zorro class', foreign.id);
  const body = { name: 'limited', role: 'instructor', cohorts: [cohort] };
  const key = textAt((await app.call('POST', '/api/v1/keys', { body })).json, 'key');
  const activity = textAt((await app.call('GET', '/api/v1/activities')).json, 'data.0.id');
  world = { app, key, cohort, foreignCohort, activity, own, foreign };
});
afterAll(() => world.app.close());

function play(userId: string, percentage: number) {
  const about = { userId, quizId: 'quiz-1', quizTitle: 'One quiz' };
  const answers = ['q1', 'q2'].map((questionId) => ({
    questionId,
    selectedAnswerId: `${userId}-a`,
    correct: percentage > 50,
  }));
  const bodies = [
    { event: 'quiz.started', timestamp: '2026-04-08T10:00:00Z', data: about },
    {
      event: 'quiz.completed',
      timestamp: '2026-04-08T10:10:00Z',
      data: { ...about, score: percentage, totalQuestions: 2, percentage, timeSpentSeconds: 600, answers },
    },
  ];
  return bodies.map((body) => ({
    provider: 'quizapi' as const,
    eventName: null,
    body: Buffer.from(JSON.stringify(body)),
  }));
}

async function cohortOf(app: TestApp, name: string, learner: string): Promise<string> {
  const id = textAt((await app.call('POST', '/api/v1/cohorts', { body: { name } })).json, 'id');
  await app.call('POST', `/api/v1/cohorts/${id}/members`, { body: { learners: [learner] } });
  return id;
}

/** Whatever of the foreign learner stands in a text. */
function traceIn(text: string): string | null {
  const { foreign, foreignCohort } = world;
  const marks = [
    /zorro/i,
    new RegExp(foreign.id.slice(4), 'i'),
    new RegExp(foreign.attempt.slice(4), 'i'),
    /foreign-user/,
    new RegExp(foreignCohort),
  ];
  return marks.map((mark) => mark.exec(text)?.[0]).find((found) => found !== undefined) ?? null;
}

/** Operations of the document with their roles; null: anybody. */
function operations(): { method: string; path: string; roles: string[] | null }[] {
  return Object.entries(openapiDocument(world.app.app).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method,
      path,
      roles: /Roles: ([a-z, ]+)\./.exec(operation.description ?? '')?.[1]?.split(', ') ?? null,
    })),
  );
}

describe('an instructor limited to a cohort', () => {
  test('every route that they may read is decided about', () => {
    const open = operations().filter(
      ({ method, roles }) => method === 'get' && (roles === null || roles.includes('instructor')),
    );
    expect(open.length).toBeGreaterThan(15);
    expect(open.map(({ path }) => path).filter((path) => !(path in READS))).toEqual([]);
  });

  test('routes for others refuse them before anything is read', async () => {
    const closed = operations().filter(
      ({ method, roles }) => method === 'get' && roles !== null && !roles.includes('instructor'),
    );
    expect(closed.length).toBeGreaterThan(3);
    for (const { path } of closed) {
      const url = path.replace('{id}', sourceId(sourceIdOf('quizapi')));
      const { status, text } = await world.app.call('GET', url, { key: world.key });
      expect([url, status, traceIn(text)]).toEqual([url, 403, null]);
    }
  });

  test('sees no trace of a foreign learner in any answer', async () => {
    const shown: string[] = [];
    const expected: string[] = [];
    const documented = new Set(operations().map(({ path }) => path));
    for (const [path, decide] of Object.entries(READS)) {
      if (typeof decide === 'string' || !documented.has(path)) continue;
      const { mine, foreign = [], showsAdmins = false } = decide(world);
      if (showsAdmins) expected.push(path);
      for (const url of mine) {
        const { status, text } = await world.app.call('GET', url, { key: world.key });
        expect([url, status, traceIn(text)]).toEqual([url, 200, null]);
        const admin = await world.app.call('GET', url);
        if (traceIn(admin.text) !== null && !shown.includes(path)) shown.push(path);
      }
      for (const url of foreign) {
        const { status, text } = await world.app.call('GET', url, { key: world.key });
        expect([
          url,
          [403, 404].includes(status),
          url.includes(world.foreign.externalId) ? null : traceIn(text),
        ]).toEqual([url, true, null]);
      }
    }
    expect(expected.filter((path) => !shown.includes(path))).toEqual([]);
  });

  test('changes nothing of a foreign learner', async () => {
    const open = operations().filter(
      ({ method, roles }) => method !== 'get' && (roles === null || roles.includes('instructor')),
    );
    for (const { method, path } of open) {
      const decide = WRITES[`${method} ${path}`];
      expect(decide, `${method} ${path} has no entry in this test`).toBeDefined();
      for (const { url, body } of decide?.(world) ?? []) {
        const { status, text } = await world.app.call(method.toUpperCase() as Method, url, { key: world.key, body });
        expect([url, [403, 404].includes(status), traceIn(text)]).toEqual([url, true, null]);
      }
    }
  });

  test('gets figures of their own learners only', async () => {
    const { app, key, activity } = world;
    const url = `/api/v1/activities/${activity}`;
    expect((await app.call('GET', url)).json).toMatchObject({ learners: 2, averagePercentage: 50, basis: { n: 2 } });
    expect((await app.call('GET', url, { key })).json).toMatchObject({
      learners: 1,
      averagePercentage: 90,
      basis: { n: 1 },
    });
    const receipts = await app.call('GET', `${url}/receipts`, { key });
    const all = await app.call('GET', `${url}/receipts`);
    expect([at(receipts.json, 'data.length'), at(all.json, 'data.length')]).toEqual([2, 4]);
  });

  test('loses a learner who leaves the cohort and gains one who joins, at once', async () => {
    const { app, key, cohort, foreign } = world;
    const own = await app.call('GET', `/api/v1/learners/${foreign.id}`, { key });
    expect(own.status).toBe(403);
    await app.call('POST', `/api/v1/cohorts/${cohort}/members`, { body: { learners: [foreign.id] } });
    const joined = await app.call('GET', `/api/v1/learners/${foreign.id}`, { key });
    // The other cohort stays unnamed.
    expect(joined.json).toMatchObject({ id: foreign.id, cohorts: [cohort] });
    await app.call('DELETE', `/api/v1/cohorts/${cohort}/members/${foreign.id}`);
    expect((await app.call('GET', `/api/v1/learners/${foreign.id}`, { key })).status).toBe(403);
  });
});

describe('keys limited to cohorts', () => {
  test('name cohorts that exist, are of instructors, and see nobody once the cohort is gone', async () => {
    const { app, cohort } = world;
    const make = (body: object) => app.call('POST', '/api/v1/keys', { body: { name: 'x', ...body } });
    expect((await make({ role: 'instructor', cohorts: [cohort] })).json).toMatchObject({ cohorts: [cohort] });
    for (const cohorts of [[], ['coh_00000000000040008000000000000000'], [cohort, 'x']])
      expect((await make({ role: 'instructor', cohorts })).status).toBe(400);
    expect((await make({ role: 'integration', cohorts: [cohort] })).status).toBe(400);
    const brief = textAt((await app.call('POST', '/api/v1/cohorts', { body: { name: 'Brief' } })).json, 'id');
    await app.call('POST', `/api/v1/cohorts/${brief}/members`, { body: { learners: [world.own.id] } });
    const key = textAt((await make({ role: 'instructor', cohorts: [brief] })).json, 'key');
    expect(at((await app.call('GET', '/api/v1/learners', { key })).json, 'data')).toHaveLength(1);
    await app.call('DELETE', `/api/v1/cohorts/${brief}`);
    expect(at((await app.call('GET', '/api/v1/learners', { key })).json, 'data')).toEqual([]);
    expect(at((await app.call('GET', '/api/v1/attempts', { key })).json, 'data')).toEqual([]);
  });
});
