import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { figureReceiptSchema } from '../../src/http/contracts/figure.ts';
import { learnerProgressSchema } from '../../src/http/contracts/learner.ts';
import { pageOf } from '../../src/http/pagination.ts';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';
import {
  addActivity,
  addAttempt,
  addIdentity,
  addLearner,
  addSource,
  answer,
  attemptId,
  learnerId,
} from '../helpers/progress-rows.ts';
import { shaped } from '../helpers/shape.ts';

let app: TestApp;
let quizapi: Uuid;
let easygenerator: Uuid;
let testpress: Uuid;
let synap: Uuid;
let standard: Uuid;

beforeAll(async () => {
  app = await createTestApp();
  quizapi = await addSource(app.db, 'quizapi');
  easygenerator = await addSource(app.db, 'easygenerator');
  testpress = await addSource(app.db, 'testpress');
  synap = await addSource(app.db, 'synap');
  standard = await addSource(app.db, 'standard');
});
afterAll(() => app.close());

async function progressOf(learner: Uuid, query = '') {
  const answered = await app.call('GET', `/api/v1/learners/${learnerId(learner)}/progress${query}`);
  expect(answered.status, answered.text).toBe(200);
  return shaped(learnerProgressSchema, answered.json);
}

describe('the summary', () => {
  test('of one without attempts', async () => {
    const learner = await addLearner(app.db, { name: 'New', email: 'new@example.org' });
    await addIdentity(app.db, learner, quizapi, 'new');
    const progress = await progressOf(learner);
    expect(progress.learner).toMatchObject({ id: learnerId(learner), name: 'New', email: 'new@example.org' });
    expect(progress.summary).toEqual({
      attemptsStarted: 0,
      attemptsCompleted: 0,
      attemptsAbandoned: 0,
      averagePercentage: null,
      totalTimeSeconds: 0,
      timeKinds: [],
      lastActivityAt: null,
    });
    expect(progress).toMatchObject({ recentAttempts: [], weakAreas: [], timeline: [] });
    expect(progress.basis).toMatchObject({
      attempts: 'all',
      n: 0,
      learners: 0,
      unverified: 0,
      tz: 'UTC',
      excluded: { test: 0, unverified: 0, noScore: 0, revoked: 0 },
    });
    expect(Math.abs(Date.now() - Date.parse(progress.basis.asOf))).toBeLessThan(60_000);
  });

  test('counts, sums and averages by hand; each attempt left out is counted under its first reason', async () => {
    const learner = await addLearner(app.db);
    await addIdentity(app.db, learner, quizapi, 'sum');
    const quiz = await addActivity(app.db, quizapi, { title: 'Quiz' });
    const course = await addActivity(app.db, easygenerator, {
      title: 'Course',
      provider: 'easygenerator',
      kind: 'course',
    });
    const shared = { learner, activity: quiz, source: quizapi };
    await addAttempt(app.db, { ...shared, percentage: 80, seconds: 100, doneAt: '2026-04-01T10:00:00Z' });
    await addAttempt(app.db, {
      ...shared,
      percentage: -20,
      seconds: 50.5,
      timeKind: 'wall_clock',
      doneAt: '2026-04-02T10:00:00Z',
    });
    await addAttempt(app.db, { ...shared, percentage: null, doneAt: '2026-04-03T10:00:00Z' });
    await addAttempt(app.db, { ...shared, state: 'abandoned', seconds: 7, doneAt: '2026-04-04T10:00:00Z' });
    // The wall clock of an abandoned attempt ran until the learner came back, four days later.
    await addAttempt(app.db, {
      ...shared,
      state: 'abandoned',
      seconds: 345_600,
      timeKind: 'wall_clock',
      doneAt: '2026-04-04T11:00:00Z',
    });
    await addAttempt(app.db, {
      ...shared,
      state: 'started',
      startedAt: '2026-04-05T10:00:00Z',
      lastAt: '2026-04-05T10:09:00Z',
    });
    await addAttempt(app.db, { ...shared, state: 'revoked', percentage: 1, doneAt: '2026-04-06T10:00:00Z' });
    await addAttempt(app.db, { ...shared, test: true, percentage: 1, doneAt: '2026-04-07T10:00:00Z' });
    await addAttempt(app.db, {
      ...shared,
      test: true,
      state: 'revoked',
      percentage: 1,
      doneAt: '2026-04-07T10:00:00Z',
    });
    const unproved = {
      learner,
      activity: course,
      source: easygenerator,
      provider: 'easygenerator',
      verification: 'token',
    };
    await addAttempt(app.db, { ...unproved, percentage: 100, doneAt: '2026-03-01T10:00:00Z' });
    // Whose or what it is, is not known: in no list and no figure.
    await addAttempt(app.db, { ...shared, activity: null, percentage: 1 });

    const all = await progressOf(learner);
    expect(all.summary).toEqual({
      // Seven on QuizAPI that count... three completed, two abandoned, one running; Easygenerator tells no starts.
      attemptsStarted: 6,
      attemptsCompleted: 4,
      attemptsAbandoned: 2,
      averagePercentage: (80 - 20 + 100) / 3,
      totalTimeSeconds: 157.5,
      timeKinds: ['reported', 'wall_clock'],
      lastActivityAt: '2026-04-05T10:09:00.000Z',
    });
    expect(all.basis).toMatchObject({
      n: 3,
      learners: 1,
      unverified: 1,
      excluded: { test: 2, revoked: 1, unverified: 0, noScore: 1 },
    });
    // Tests are not shown; what was revoked is, as such.
    expect(all.recentAttempts).toHaveLength(8);
    expect(all.recentAttempts[0]).toMatchObject({ state: 'revoked' });

    const proved = await progressOf(learner, '?unverified=exclude');
    expect(proved.summary).toMatchObject({ attemptsCompleted: 3, averagePercentage: 30 });
    expect(proved.basis).toMatchObject({
      n: 2,
      unverified: 0,
      excluded: { test: 2, revoked: 1, unverified: 1, noScore: 1 },
    });
    expect(proved.recentAttempts).toHaveLength(7);

    const april2 = await progressOf(learner, '?from=2026-04-02T10:00:00Z&to=2026-04-04T10:00:00Z');
    expect(april2.summary).toMatchObject({
      attemptsCompleted: 2,
      attemptsAbandoned: 0,
      averagePercentage: -20,
      totalTimeSeconds: 50.5,
      lastActivityAt: '2026-04-03T10:00:00.000Z',
    });
    expect(april2.basis).toMatchObject({ n: 1, excluded: { test: 0, revoked: 0, unverified: 0, noScore: 1 } });
  });

  test('retake policies choose what the average is made of, per activity, scored ones first', async () => {
    const learner = await addLearner(app.db);
    const one = await addActivity(app.db, quizapi);
    const two = await addActivity(app.db, quizapi);
    for (const [activity, percentage, day] of [
      [one, 50, 1],
      [one, 90, 2],
      [one, 70, 3],
      [one, null, 4],
      [two, 10, 5],
    ] as const) {
      await addAttempt(app.db, { learner, activity, source: quizapi, percentage, doneAt: `2026-04-0${day}T10:00:00Z` });
    }
    for (const [policy, average, n] of [
      ['first', 30, 2],
      ['last', 40, 2],
      ['best', 50, 2],
      ['all', 55, 4],
    ] as const) {
      const { summary, basis } = await progressOf(learner, `?attempts=${policy}`);
      expect(summary).toMatchObject({ attemptsCompleted: 5, averagePercentage: average });
      expect(basis).toMatchObject({ attempts: policy, n, excluded: { noScore: 1 } });
    }
    // The range comes before the policy: the first within it.
    expect((await progressOf(learner, '?attempts=first&from=2026-04-02T00:00:00Z')).summary.averagePercentage).toBe(50);
  });

  test('the workspace’s settings hold where the request does not say', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, easygenerator, { provider: 'easygenerator' });
    const shared = { learner, activity, source: easygenerator, provider: 'easygenerator', verification: 'token' };
    await addAttempt(app.db, { ...shared, percentage: 10, doneAt: '2026-04-01T22:00:00Z' });
    await addAttempt(app.db, { ...shared, percentage: 20, doneAt: '2026-04-02T22:00:00Z' });
    const settings = { figures: { attempts: { learner: 'last' }, unverified: 'exclude', tz: 'Asia/Kolkata' } };
    await app.db.query('UPDATE workspaces SET settings = $1 WHERE id = 1', [settings]);
    try {
      expect((await progressOf(learner)).basis).toMatchObject({
        attempts: 'last',
        n: 0,
        tz: 'Asia/Kolkata',
        excluded: { unverified: 2 },
      });
      const told = await progressOf(learner, '?unverified=include&attempts=all&tz=UTC');
      expect(told.basis).toMatchObject({ attempts: 'all', n: 2, tz: 'UTC' });
    } finally {
      await app.db.query("UPDATE workspaces SET settings = '{}' WHERE id = 1");
    }
  });

  test('starts are null where no platform of the learner tells them', async () => {
    const learner = await addLearner(app.db);
    await addIdentity(app.db, learner, easygenerator, 'e', { provider: 'easygenerator' });
    await addIdentity(app.db, learner, standard, 's', { provider: 'standard' });
    const activity = await addActivity(app.db, standard, { provider: 'standard' });
    const shared = { learner, activity, source: standard, provider: 'standard' };
    await addAttempt(app.db, { ...shared, percentage: 50, startedAt: '2026-04-01T10:00:00Z' });
    expect((await progressOf(learner)).summary.attemptsStarted).toBeNull();
    await addAttempt(app.db, { ...shared, state: 'started', facts: [{ t: 'attempt.started' }] });
    expect((await progressOf(learner)).summary.attemptsStarted).toBe(2);
  });

  test('a test person is in no figure', async () => {
    const learner = await addLearner(app.db, { excluded: true });
    const activity = await addActivity(app.db, quizapi);
    await addAttempt(app.db, { learner, activity, source: quizapi, percentage: 50 });
    const progress = await progressOf(learner);
    expect(progress.summary).toMatchObject({ attemptsCompleted: 0, averagePercentage: null, attemptsStarted: 0 });
    expect(progress).toMatchObject({ weakAreas: [], timeline: [], basis: { n: 0, excluded: { test: 1 } } });
  });
});

describe('the timeline', () => {
  test('cuts days in the zone asked for', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, quizapi);
    const shared = { learner, activity, source: quizapi };
    // 18:29 and 18:31 UTC are before and after midnight in India.
    await addAttempt(app.db, { ...shared, percentage: 40, seconds: 10, doneAt: '2026-04-08T18:29:00Z' });
    await addAttempt(app.db, {
      ...shared,
      percentage: 60,
      seconds: 20,
      timeKind: 'wall_clock',
      doneAt: '2026-04-08T18:31:00Z',
    });
    await addAttempt(app.db, { ...shared, state: 'stopped', seconds: 5, doneAt: '2026-04-10T00:00:00Z' });
    expect((await progressOf(learner)).timeline).toEqual([
      {
        date: '2026-04-08',
        attemptsCompleted: 2,
        averagePercentage: 50,
        timeSeconds: 30,
        timeKinds: ['reported', 'wall_clock'],
      },
      { date: '2026-04-10', attemptsCompleted: 0, averagePercentage: null, timeSeconds: 5, timeKinds: ['reported'] },
    ]);
    expect((await progressOf(learner, '?tz=Asia/Kolkata')).timeline.slice(0, 2)).toEqual([
      { date: '2026-04-08', attemptsCompleted: 1, averagePercentage: 40, timeSeconds: 10, timeKinds: ['reported'] },
      { date: '2026-04-09', attemptsCompleted: 1, averagePercentage: 60, timeSeconds: 20, timeKinds: ['wall_clock'] },
    ]);
    expect((await progressOf(learner, '?tz=America/New_York')).timeline.at(-1)?.date).toBe('2026-04-09');
  });

  test('refuses what it cannot read', async () => {
    const path = `/api/v1/learners/${learnerId(await addLearner(app.db))}/progress`;
    for (const [query, place] of [
      ['tz=Mars/Base', 'query/tz'],
      ['tz=%2B05:30', 'query/tz'],
      ['from=yesterday', 'query/from'],
      ['to=2026-13-01T00:00:00Z', 'query/to'],
      ['attempts=median', 'query/attempts'],
      ['unverified=maybe', 'query/unverified'],
    ] as const) {
      const refused = await app.call('GET', `${path}?${query}`);
      expect(refused.status, query).toBe(400);
      expect(at(refused.json, 'details.0.path')).toBe(place);
    }
  });
});

describe('weak areas', () => {
  test('of a quiz without areas: the activity, and of each question the latest answer', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, quizapi, { title: 'Quiz' });
    const shared = { learner, activity, source: quizapi, percentage: 50 };
    await addAttempt(app.db, {
      ...shared,
      doneAt: '2026-04-01T10:00:00Z',
      responses: [
        answer('q1', false),
        answer('q2', false),
        answer('q3', true),
        answer('q4', false),
        answer('q5', false),
      ],
    });
    await addAttempt(app.db, {
      ...shared,
      doneAt: '2026-04-02T10:00:00Z',
      // q1 right now; q2 still wrong; q4 not answered this time: the earlier answer stands; q6 never answered.
      responses: [answer('q1', true), answer('q2', false), answer('q4', false, []), answer('q6', null, [])],
    });
    const [area, ...others] = (await progressOf(learner)).weakAreas;
    expect(others).toEqual([]);
    // Wrong: q2, q4, q5 of q1 to q5. Wilson of 3 of 5: 0.2307 to 0.8824; the baseline is the same 0.6.
    expect(area).toMatchObject({ kind: 'activity', name: 'Quiz', incorrect: 3, total: 5, unanswered: 1, rate: 0.6 });
    expect(area).toMatchObject({ baseline: 0.6, baselineOf: 'learner', status: 'unclear' });
    expect(area?.lowerBound).toBeCloseTo(0.2307, 4);
    expect(area?.upperBound).toBeCloseTo(0.8824, 4);
    const first = await progressOf(learner, '?attempts=first');
    expect(first.weakAreas[0]).toMatchObject({ incorrect: 4, total: 5, unanswered: 0 });
  });

  test('against the class where there is one: its share of wrong answers in the area, not that of others', async () => {
    const activity = await addActivity(app.db, quizapi, { title: 'Loops' });
    const answers = (wrong: number) => ['l1', 'l2', 'l3', 'l4', 'l5'].map((id, i) => answer(id, i >= wrong));
    const [own, mate, stranger] = [await addLearner(app.db), await addLearner(app.db), await addLearner(app.db)];
    const shared = { activity, source: quizapi, percentage: 50, doneAt: '2026-04-01T10:00:00Z' };
    await addAttempt(app.db, { ...shared, learner: own, responses: answers(3) });
    await addAttempt(app.db, { ...shared, learner: mate, responses: answers(1) });
    await addAttempt(app.db, { ...shared, learner: stranger, responses: answers(5) });
    const made = await app.call('POST', '/api/v1/cohorts', { body: { name: 'Loops class' } });
    const members = { learners: [own, mate].map(learnerId) };
    await app.call('POST', `/api/v1/cohorts/${at(made.json, 'id')}/members`, { body: members });
    // 3 and 1 wrong of 5 each.
    expect((await progressOf(own)).weakAreas).toMatchObject([{ name: 'Loops', baseline: 0.4, baselineOf: 'cohort' }]);
    expect((await progressOf(stranger)).weakAreas).toMatchObject([
      { name: 'Loops', baseline: 1, baselineOf: 'learner' },
    ]);
  });

  test('of Testpress: its subjects and difficulties, summed; partly right is answered and not wrong', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, testpress, { title: 'Exam', provider: 'testpress', kind: 'exam' });
    const shared = { learner, activity, source: testpress, provider: 'testpress', percentage: 50 };
    await addAttempt(app.db, {
      ...shared,
      correct: 10,
      incorrect: 8,
      partial: 2,
      breakdowns: [
        { kind: 'subject', name: 'Algebra', correct: 1, incorrect: 8, partial: 1, unanswered: 3 },
        { kind: 'subject', name: 'Verbal', correct: 9, incorrect: 0, partial: 1 },
        { kind: 'difficulty', name: 'hard', correct: 10, incorrect: 8, partial: 2 },
        { kind: 'subject', name: 'Untouched', unanswered: 4 },
      ],
      // The same questions again: areas that were sent come first.
      responses: [answer('q1', false)],
    });
    await addAttempt(app.db, {
      ...shared,
      breakdowns: [{ kind: 'subject', name: 'Algebra', correct: 0, incorrect: 2 }],
    });
    const { weakAreas } = await progressOf(learner);
    // Overall: (8 + 2) of (20 + 2); the second attempt has no counts of its own, so its areas say it.
    expect(
      weakAreas.map(({ name, incorrect, total, unanswered, status }) => [name, incorrect, total, unanswered, status]),
    ).toEqual([
      ['Algebra', 10, 12, 3, 'weak'],
      ['hard', 8, 20, 0, 'unclear'],
      ['Verbal', 0, 10, 0, 'strong'],
    ]);
    for (const area of weakAreas) expect(area.baseline).toBeCloseTo(10 / 22, 12);
  });

  test('of Synap: its counts under the activity, never its tags', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, synap, { title: 'Test', provider: 'synap', kind: 'test' });
    await addAttempt(app.db, {
      learner,
      activity,
      source: synap,
      provider: 'synap',
      percentage: 50,
      correct: 6,
      incorrect: 4,
      unanswered: 2,
      breakdowns: [{ kind: 'topic', name: 'Heart', correct: 6, incorrect: 4 }],
      responses: [answer('q1', null)],
    });
    const { weakAreas } = await progressOf(learner);
    expect(weakAreas).toHaveLength(1);
    expect(weakAreas[0]).toMatchObject({ kind: 'activity', name: 'Test', incorrect: 4, total: 10, unanswered: 2 });
  });

  test('marks say it where the platform does not', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, standard, { provider: 'standard' });
    const marked = (questionId: string, mark: number) => ({ ...answer(questionId, null), mark, maxMark: 2 });
    await addAttempt(app.db, {
      learner,
      activity,
      source: standard,
      provider: 'standard',
      // Wrong twice, partly right, right; an essay that nobody has marked; no choices told at all and wrong.
      responses: [
        marked('a', 0),
        marked('b', -1),
        marked('c', 1),
        marked('d', 2),
        answer('e', null),
        answer('f', false, []),
      ],
    });
    expect((await progressOf(learner)).weakAreas[0]).toMatchObject({ incorrect: 2, total: 4, unanswered: 1 });
  });
});

describe('recent attempts and receipts', () => {
  test('the ten newest', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, quizapi);
    const made: string[] = [];
    for (let day = 10; day < 22; day++) {
      made.unshift(
        attemptId(await addAttempt(app.db, { learner, activity, source: quizapi, doneAt: `2026-04-${day}T10:00:00Z` })),
      );
    }
    const { recentAttempts } = await progressOf(learner);
    expect(recentAttempts.map(({ id }) => id)).toEqual(made.slice(0, 10));
  });

  test('the newest attempts are cut by the time the summary counts by', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, quizapi);
    const shared = { learner, activity, source: quizapi, percentage: 50 };
    const across = await addAttempt(app.db, {
      ...shared,
      openedAt: '2026-03-31T23:00:00Z',
      doneAt: '2026-04-01T01:00:00Z',
    });
    await addAttempt(app.db, { ...shared, openedAt: '2026-04-30T23:00:00Z', doneAt: '2026-05-01T01:00:00Z' });
    const april = await progressOf(learner, '?from=2026-04-01T00:00:00Z&to=2026-05-01T00:00:00Z');
    expect(april.summary.attemptsCompleted).toBe(1);
    expect(april.recentAttempts.map(({ id }) => id)).toEqual([attemptId(across)]);
  });

  test('basis.receipts lists the receipts of the attempts that count, and works', async () => {
    const learner = await addLearner(app.db);
    const activity = await addActivity(app.db, quizapi);
    const shared = { learner, activity, source: quizapi, percentage: 50 };
    const fact = (seq: number) => ({
      t: 'attempt.completed',
      s: seq,
      r: seq.toString(16).padStart(32, '0'),
      v: 'signature',
    });
    await addAttempt(app.db, { ...shared, doneAt: '2026-04-01T10:00:00Z', facts: [fact(1), fact(2), fact(2)] });
    await addAttempt(app.db, { ...shared, doneAt: '2026-04-02T10:00:00Z', facts: [fact(3)] });
    await addAttempt(app.db, { ...shared, test: true, facts: [fact(4)] });
    // A receipt names the source that it came from, which need not be the one its attempt came from first.
    const another = await addSource(app.db, 'testpress', 'testpress-of-receipts');
    await app.db.query(
      `INSERT INTO receipts (workspace, seq, received_at, key, source_id, verification, headers, body)
       VALUES (1, 3, '2026-04-02T10:00:01Z', '\\x00', $1, 'signature', '{}', '{}')`,
      [another],
    );
    const { basis: whole } = await progressOf(learner);
    expect(whole.receipts).toMatch(/^http:\/\/127\.0\.0\.1:8080\/api\/v1\/learners\//);
    const told = shaped(pageOf(figureReceiptSchema), (await app.call('GET', whole.receipts)).json);
    expect(told.data.map(({ source, provider }) => [source.slug, provider])).toEqual([
      ['testpress-of-receipts', 'testpress'],
      ['quizapi', 'quizapi'],
      ['quizapi', 'quizapi'],
    ]);
    const receiptsOf = async (query: string): Promise<(string | null)[][]> => {
      const { basis } = await progressOf(learner, query);
      const rows: (string | null)[][] = [];
      let cursor: string | null = null;
      do {
        const url: string = `${basis.receipts}&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`;
        const page = shaped(pageOf(figureReceiptSchema), (await app.call('GET', url)).json);
        rows.push(...page.data.map(({ id, receivedAt }) => [id.slice(-1), receivedAt]));
        cursor = page.nextCursor;
      } while (cursor !== null);
      return rows;
    };
    expect(await receiptsOf('')).toEqual([
      ['3', '2026-04-02T10:00:01.000Z'],
      ['2', null],
      ['1', null],
    ]);
    expect(await receiptsOf('?from=2026-04-02T00:00:00%2B05:30')).toEqual([['3', '2026-04-02T10:00:01.000Z']]);
    expect(await receiptsOf('?to=2026-04-02T00:00:00Z')).toEqual([
      ['2', null],
      ['1', null],
    ]);
  });
});
