import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { guideProgressSchema } from '../../src/http/contracts/student.ts';
import { createTestApp, type TestApp } from '../helpers/http.ts';
import {
  addActivity,
  addAttempt,
  addIdentity,
  addLearner,
  addSource,
  answer,
  learnerId,
  sourceId,
} from '../helpers/progress-rows.ts';
import { shaped } from '../helpers/shape.ts';

let app: TestApp;
let quizapi: Uuid;
let second: Uuid;
let testpress: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  quizapi = await addSource(app.db, 'quizapi', 'quizapi');
  second = await addSource(app.db, 'quizapi', 'quizapi-2');
  testpress = await addSource(app.db, 'testpress', 'testpress');
});
afterAll(() => app.close());

async function progressOf(userId: string, query = '', key?: string) {
  const answered = await app.call(
    'GET',
    `/api/students/${encodeURIComponent(userId)}/progress${query}`,
    key === undefined ? {} : { key },
  );
  expect(answered.status, answered.text).toBe(200);
  return shaped(guideProgressSchema, answered.json);
}

describe('the guide’s progress route', () => {
  test('one not seen yet gets zeros and nulls', async () => {
    for (const userId of ['nobody', 'lrn_00000000000040008000000000000000', 'a/b c\u0000d']) {
      expect(await progressOf(userId)).toEqual({
        summary: { quizzes_completed: 0, average_score: null, total_time_seconds: null, last_activity: null },
        recentQuizzes: [],
        weakAreas: [],
      });
    }
  });

  test('the guide’s own example, by either id', async () => {
    const learner = await addLearner(app.db, { name: 'Ada' });
    await addIdentity(app.db, learner, quizapi, 'user_abc123');
    const quiz = await addActivity(app.db, quizapi, { externalId: 'quiz_js_basics', title: 'JavaScript Basics' });
    const shared = { learner, activity: quiz, source: quizapi, maxScore: 10, totalQuestions: 10 };
    await addAttempt(app.db, {
      ...shared,
      score: 8,
      percentage: 80,
      seconds: 245,
      doneAt: '2026-04-08T14:30:00Z',
      responses: [answer('q1', true), answer('q2', false), answer('q3', false)],
    });
    await addAttempt(app.db, {
      ...shared,
      score: 7,
      percentage: 70.15,
      seconds: 55,
      doneAt: '2026-04-09T14:30:00Z',
      responses: [answer('q1', false)],
    });
    // In no figure of the guide: running, abandoned, a test, revoked.
    await addAttempt(app.db, { ...shared, state: 'started', startedAt: '2026-04-10T10:00:00Z' });
    await addAttempt(app.db, { ...shared, state: 'abandoned', seconds: 999 });
    await addAttempt(app.db, { ...shared, percentage: 1, seconds: 999, test: true, doneAt: '2026-04-11T10:00:00Z' });
    await addAttempt(app.db, { ...shared, percentage: 1, seconds: 999, state: 'revoked' });
    const expected = {
      // (80 + 70.15) / 2 = 75.075, to one decimal.
      summary: {
        quizzes_completed: 2,
        average_score: 75.1,
        total_time_seconds: 300,
        last_activity: '2026-04-09T14:30:00.000Z',
      },
      recentQuizzes: [
        {
          quiz_id: 'quiz_js_basics',
          quiz_title: 'JavaScript Basics',
          score: 7,
          total_questions: 10,
          percentage: 70.15,
          time_spent_seconds: 55,
          completed_at: '2026-04-09T14:30:00.000Z',
        },
        {
          quiz_id: 'quiz_js_basics',
          quiz_title: 'JavaScript Basics',
          score: 8,
          total_questions: 10,
          percentage: 80,
          time_spent_seconds: 245,
          completed_at: '2026-04-08T14:30:00.000Z',
        },
      ],
      // As the guide counts: every answer of every attempt.
      weakAreas: [{ quiz_title: 'JavaScript Basics', incorrect_count: 3, total_answers: 4 }],
    };
    expect(await progressOf('user_abc123')).toEqual(expected);
    expect(await progressOf(learnerId(learner))).toEqual(expected);
  });

  test('all platforms of a learner count; the ten newest; counts where no answers were sent', async () => {
    const learner = await addLearner(app.db);
    await addIdentity(app.db, learner, quizapi, 'both');
    await addIdentity(app.db, learner, testpress, '77', { provider: 'testpress', realm: 'institute' });
    const quiz = await addActivity(app.db, quizapi, { title: 'Quiz' });
    const exam = await addActivity(app.db, testpress, { title: 'Exam', provider: 'testpress', kind: 'exam' });
    for (let day = 10; day < 22; day++) {
      await addAttempt(app.db, {
        learner,
        activity: quiz,
        source: quizapi,
        percentage: 50,
        doneAt: `2026-03-${day}T10:00:00Z`,
      });
    }
    await addAttempt(app.db, {
      learner,
      activity: exam,
      source: testpress,
      provider: 'testpress',
      percentage: 100,
      correct: 3,
      incorrect: 6,
      partial: 1,
      unanswered: 90,
      doneAt: '2026-03-01T10:00:00Z',
    });
    const progress = await progressOf('77');
    expect(progress.summary.quizzes_completed).toBe(13);
    expect(progress.summary.average_score).toBe(53.8);
    expect(progress.summary.total_time_seconds).toBeNull();
    expect(progress.recentQuizzes).toHaveLength(10);
    expect(progress.recentQuizzes[0]?.completed_at).toBe('2026-03-21T10:00:00.000Z');
    expect(progress.weakAreas).toEqual([{ quiz_title: 'Exam', incorrect_count: 6, total_answers: 10 }]);
  });

  test('the five worst, by share of wrong answers, only those with any', async () => {
    const learner = await addLearner(app.db);
    await addIdentity(app.db, learner, quizapi, 'weak');
    for (let wrong = 0; wrong <= 6; wrong++) {
      const activity = await addActivity(app.db, quizapi, { title: `wrong ${wrong}` });
      const responses = Array.from({ length: 10 }, (_, i) => answer(`q${i}`, i >= wrong));
      await addAttempt(app.db, { learner, activity, source: quizapi, percentage: 50, responses });
    }
    const { weakAreas } = await progressOf('weak');
    expect(weakAreas.map(({ quiz_title }) => quiz_title)).toEqual([
      'wrong 6',
      'wrong 5',
      'wrong 4',
      'wrong 3',
      'wrong 2',
    ]);
  });

  test('two learners with one id: 409 unless the source is said', async () => {
    const one = await addLearner(app.db);
    const two = await addLearner(app.db);
    await addIdentity(app.db, one, quizapi, 'twin');
    await addIdentity(app.db, two, second, 'twin');
    const quiz = await addActivity(app.db, second);
    await addAttempt(app.db, { learner: two, activity: quiz, source: second, percentage: 10 });
    const ambiguous = await app.call('GET', '/api/students/twin/progress');
    expect(ambiguous.status).toBe(409);
    expect(ambiguous.json).toMatchObject({ error: 'ambiguous_learner' });
    expect((await progressOf('twin', '?source=quizapi-2')).summary.quizzes_completed).toBe(1);
    expect((await progressOf('twin', `?source=${sourceId(quizapi)}`)).summary.quizzes_completed).toBe(0);
    expect((await app.call('GET', '/api/students/twin/progress?source=none')).status).toBe(400);
  });

  test('a test person is in no figure', async () => {
    const learner = await addLearner(app.db, { excluded: true });
    await addIdentity(app.db, learner, quizapi, 'tester');
    const quiz = await addActivity(app.db, quizapi);
    await addAttempt(app.db, { learner, activity: quiz, source: quizapi, percentage: 10 });
    expect((await progressOf('tester')).summary.quizzes_completed).toBe(0);
  });

  test('one who sees only one of two learners with an id means that one', async () => {
    const one = await addLearner(app.db);
    const two = await addLearner(app.db);
    await addIdentity(app.db, one, quizapi, 'pair');
    await addIdentity(app.db, two, second, 'pair');
    const stranger = await addLearner(app.db);
    await progressOf('pair', '', await app.keyFor('learner', learnerId(two)));
    const refused = await app.call('GET', '/api/students/pair/progress', {
      key: await app.keyFor('learner', learnerId(stranger)),
    });
    expect(refused.status).toBe(403);
  });

  test('who may read it', async () => {
    const learner = await addLearner(app.db);
    await addIdentity(app.db, learner, quizapi, 'mine');
    const other = await addLearner(app.db);
    await addIdentity(app.db, other, quizapi, 'theirs');
    const key = await app.keyFor('learner', learnerId(learner));
    await progressOf('mine', '', key);
    await progressOf(learnerId(learner), '', key);
    await progressOf('theirs', '', await app.keyFor('instructor'));
    for (const [userId, shown, status] of [
      ['theirs', key, 403],
      ['never seen', key, 403],
      ['mine', null, 401],
      ['mine', await app.keyFor('integration'), 403],
    ] as const) {
      const refused = await app.call('GET', `/api/students/${encodeURIComponent(userId)}/progress`, { key: shown });
      expect(refused.status).toBe(status);
    }
  });
});
