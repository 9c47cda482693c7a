import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid, type Uuid } from '../../src/core/ids.ts';
import { attemptSchema, wholeAttemptSchema } from '../../src/http/contracts/attempt.ts';
import { pageOf } from '../../src/http/pagination.ts';
import { createTestApp, type TestApp } from '../helpers/http.ts';
import {
  activityId,
  addActivity,
  addAttempt,
  addLearner,
  addSource,
  attemptId,
  learnerId,
  sourceId,
} from '../helpers/progress-rows.ts';
import { shaped } from '../helpers/shape.ts';

let app: TestApp;
let source: Uuid;
let other: Uuid;
let learner: Uuid;
let second: Uuid;
let quiz: Uuid;
let exam: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  source = await addSource(app.db, 'quizapi');
  other = await addSource(app.db, 'synap');
  learner = await addLearner(app.db, { name: 'Ada' });
  second = await addLearner(app.db);
  quiz = await addActivity(app.db, source, { title: 'Quiz' });
  exam = await addActivity(app.db, other, { title: 'Exam', kind: 'exam', provider: 'synap' });
});
afterAll(() => app.close());

async function list(query: string, key?: string) {
  const answered = await app.call('GET', `/api/v1/attempts?${query}`, key === undefined ? {} : { key });
  expect(answered.status, answered.text).toBe(200);
  return shaped(pageOf(attemptSchema), answered.json);
}

async function idsOf(query: string, key?: string): Promise<string[]> {
  return (await list(query, key)).data.map(({ id }) => id);
}

describe('GET attempts', () => {
  let a: string;
  let b: string;
  let c: string;
  let d: string;
  beforeAll(async () => {
    const shared = { learner, activity: quiz, source };
    a = attemptId(await addAttempt(app.db, { ...shared, openedAt: '2026-04-01T10:00:00.000001Z', percentage: 50 }));
    b = attemptId(await addAttempt(app.db, { ...shared, openedAt: '2026-04-01T10:00:00.000002Z', state: 'started' }));
    c = attemptId(
      await addAttempt(app.db, {
        learner: second,
        activity: quiz,
        source,
        openedAt: '2026-04-02T10:00:00Z',
        test: true,
      }),
    );
    d = attemptId(
      await addAttempt(app.db, {
        learner,
        activity: exam,
        source: other,
        provider: 'synap',
        openedAt: '2026-04-03T10:00:00Z',
        state: 'revoked',
      }),
    );
    // Whose or what it is, is not known: in no list.
    await addAttempt(app.db, { ...shared, learner: null });
    await addAttempt(app.db, { ...shared, activity: null });
  });

  test('newest first, in pages that cut between microseconds', async () => {
    expect(await idsOf('')).toEqual([d, c, b, a]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(`limit=1${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([d, c, b, a]);
  });

  test('filters, one by one and together', async () => {
    expect(await idsOf(`learner=${learnerId(learner)}`)).toEqual([d, b, a]);
    expect(await idsOf(`activity=${activityId(quiz)}`)).toEqual([c, b, a]);
    expect(await idsOf('state=started')).toEqual([b]);
    expect(await idsOf('source=synap')).toEqual([d]);
    expect(await idsOf(`source=${sourceId(source)}`)).toEqual([c, b, a]);
    expect(await idsOf('from=2026-04-02T10:00:00Z')).toEqual([d, c]);
    expect(await idsOf('to=2026-04-02T10:00:00Z')).toEqual([b, a]);
    expect(await idsOf(`learner=${learnerId(learner)}&activity=${activityId(quiz)}&state=completed`)).toEqual([a]);
    expect(await idsOf('learner=lrn_00000000000040008000000000000000')).toEqual([]);
    expect(await idsOf('cohort=coh_00000000000040008000000000000000')).toEqual([]);
  });

  test('refuses filters that cannot be meant', async () => {
    for (const query of [
      'learner=x',
      'activity=lrn_00000000000040008000000000000000',
      'state=done',
      'source=none',
      'from=x',
      'limit=0',
      'limit=201',
      'cursor=x',
      'source=%00',
    ]) {
      expect((await app.call('GET', `/api/v1/attempts?${query}`)).status, query).toBe(400);
    }
  });

  test('refuses cursors that it did not make', async () => {
    const uuid = newUuid();
    for (const keyset of [['2026', uuid], [1e300, uuid], [-1, uuid], [1, 'x'], [1], 1, null]) {
      const cursor = Buffer.from(JSON.stringify(keyset)).toString('base64url');
      expect((await app.call('GET', `/api/v1/attempts?cursor=${cursor}`)).status, JSON.stringify(keyset)).toBe(400);
    }
  });

  test('a learner sees only its own', async () => {
    const key = await app.keyFor('learner', learnerId(second));
    expect(await idsOf('', key)).toEqual([c]);
    expect((await app.call('GET', `/api/v1/attempts?learner=${learnerId(learner)}`, { key })).status).toBe(403);
    expect((await app.call('GET', `/api/v1/attempts/${c}`, { key })).status).toBe(200);
    expect((await app.call('GET', `/api/v1/attempts/${a}`, { key })).status).toBe(403);
    expect((await app.call('GET', '/api/v1/attempts', { key: await app.keyFor('integration') })).status).toBe(403);
  });
});

describe('one attempt', () => {
  test('with everything that is known of it', async () => {
    const receipt = (n: number) => n.toString(16).padStart(32, '0');
    const history = [
      {
        at: '2026-04-01T10:00:00.000000Z',
        score: 1,
        maxScore: 4,
        percentage: 25,
        outcome: null,
        receiptId: `rcp_${receipt(1)}`,
      },
    ];
    const step = {
      externalId: 's1',
      index: 0,
      state: 'completed',
      startedAt: null,
      completedAt: '2026-04-01T10:00:00.000000Z',
      attempts: 2,
    };
    const id = attemptId(
      await addAttempt(app.db, {
        learner,
        activity: exam,
        source: other,
        provider: 'synap',
        externalId: 'platform-7',
        outcome: 'passed',
        score: 3,
        maxScore: 4,
        percentage: 75,
        correct: 3,
        incorrect: 1,
        partial: 0,
        unanswered: 0,
        totalQuestions: 4,
        seconds: 12.5,
        startedAt: '2026-04-01T09:59:00Z',
        doneAt: '2026-04-01T10:00:00Z',
        verification: 'token',
        responses: [
          { questionId: 'q1', selectedAnswerIds: ['a'], correct: true },
          { questionId: 'q2', text: 'words', mark: 1, maxMark: 2 },
        ],
        breakdowns: [{ kind: 'subject', name: 'Algebra', correct: 3, incorrect: 1, total: 4, score: 3 }],
        steps: [step],
        certificate: { url: 'https://example.org/c', pdfPath: null },
        platform: { portal: { id: 'p' } },
        history,
        facts: [
          { t: 'attempt.started', s: 9, r: receipt(2) },
          { t: 'attempt.completed', s: 5, r: receipt(1) },
          { t: 'attempt.completed', s: 9, r: receipt(2) },
        ],
      }),
    );
    const answered = await app.call('GET', `/api/v1/attempts/${id}`);
    expect(shaped(wholeAttemptSchema, answered.json)).toEqual({
      id,
      learner: { id: learnerId(learner), name: 'Ada' },
      activity: { id: activityId(exam), title: 'Exam', kind: 'exam' },
      source: { id: sourceId(other), slug: 'synap' },
      provider: 'synap',
      externalId: 'platform-7',
      state: 'completed',
      outcome: 'passed',
      score: 3,
      maxScore: 4,
      percentage: 75,
      correctCount: 3,
      incorrectCount: 1,
      partialCount: 0,
      unansweredCount: 0,
      totalQuestions: 4,
      timeSpentSeconds: 12.5,
      timeKind: 'reported',
      startedAt: '2026-04-01T09:59:00.000Z',
      completedAt: '2026-04-01T10:00:00.000Z',
      verification: 'token',
      test: false,
      confirmed: null,
      sealed: false,
      responses: [
        { questionId: 'q1', selectedAnswerIds: ['a'], text: null, correct: true, mark: null, maxMark: null },
        { questionId: 'q2', selectedAnswerIds: [], text: 'words', correct: null, mark: 1, maxMark: 2 },
      ],
      breakdowns: [
        {
          kind: 'subject',
          name: 'Algebra',
          parent: null,
          correct: 3,
          incorrect: 1,
          partial: 0,
          unanswered: 0,
          total: 4,
          score: 3,
        },
      ],
      steps: [step],
      certificate: { url: 'https://example.org/c', pdfPath: null },
      platform: { portal: { id: 'p' } },
      // In the order they came, each once.
      receipts: [`rcp_${receipt(1)}`, `rcp_${receipt(2)}`],
      history,
    });
  });

  test('of which little is known has empty lists', async () => {
    const id = attemptId(await addAttempt(app.db, { learner, activity: quiz, source, state: 'started' }));
    const answered = await app.call('GET', `/api/v1/attempts/${id}`);
    expect(shaped(wholeAttemptSchema, answered.json)).toMatchObject({
      responses: [],
      breakdowns: [],
      steps: [],
      certificate: null,
      platform: {},
      receipts: [],
      history: [],
    });
  });

  test('is a 404 when there is none', async () => {
    for (const id of [attemptId(newUuid()), 'att_x', learnerId(learner)]) {
      expect((await app.call('GET', `/api/v1/attempts/${id}`)).status).toBe(404);
    }
  });
});
