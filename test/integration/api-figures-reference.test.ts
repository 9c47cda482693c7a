/** The SQL of figures against a naive computation in TypeScript, over random attempts. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { parseInstant } from '../../src/core/time.ts';
import type { AttemptState } from '../../src/core/vocabulary.ts';
import { RETAKE_POLICIES, type RetakePolicy } from '../../src/progress/figures/retake-policy.ts';
import { activityFigures } from '../../src/progress/queries/activity-figures.ts';
import type { FigureFilter } from '../../src/progress/queries/counted-attempts.ts';
import { guideSummary } from '../../src/progress/queries/guide-summary.ts';
import { guideWeakAreas } from '../../src/progress/queries/guide-weak-areas.ts';
import { learnerAreas } from '../../src/progress/queries/learner-areas.ts';
import { learnerSummary } from '../../src/progress/queries/learner-summary.ts';
import { learnerTimeline } from '../../src/progress/queries/learner-timeline.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { addActivity, addAttempt, addIdentity, addLearner, addSource, answer } from '../helpers/progress-rows.ts';

let test_: TestDatabase;
let source: Uuid;
const learners: Uuid[] = [];
const activities: Uuid[] = [];

/** Learner 2 is a test person; activity 2 has a retake policy of its own. */
const EXCLUDED = 2;
const OWN_POLICY: (RetakePolicy | null)[] = [null, null, 'best'];

beforeAll(async () => {
  test_ = await createTestDatabase();
  source = await addSource(test_.db);
  for (let i = 0; i < 3; i++) {
    learners.push(await addLearner(test_.db, { excluded: i === EXCLUDED }));
    await addIdentity(test_.db, idOf(learners, i), source, `user ${i}`);
    const policy = OWN_POLICY[i];
    activities.push(
      await addActivity(test_.db, source, {
        title: `Quiz ${i}`,
        ...(policy === null || policy === undefined ? {} : { policy }),
      }),
    );
  }
});
afterAll(() => test_.drop());

interface Told {
  learner: number;
  activity: number;
  state: AttemptState;
  /** Minutes after 2026-04-01, at which it opened and was done. */
  opened: number;
  done: number;
  percentage: number | null;
  seconds: number | null;
  wallClock: boolean;
  test: boolean;
  token: boolean;
  /** By question: right, wrong, or null for unanswered. */
  answers: (boolean | null)[] | null;
  counts: { correct: number; incorrect: number } | null;
}

const minutes = fc.integer({ min: 0, max: 4000 });

const told: fc.Arbitrary<Told> = fc
  .record({
    learner: fc.nat(2),
    activity: fc.nat(2),
    state: fc.constantFrom<AttemptState>(
      'started',
      'submitted',
      'completed',
      'completed',
      'completed',
      'abandoned',
      'stopped',
      'revoked',
    ),
    opened: minutes,
    length: fc.integer({ min: 0, max: 1500 }),
    percentage: fc.option(
      fc.integer({ min: -400, max: 2000 }).map((n) => n / 20),
      { freq: 5 },
    ),
    seconds: fc.option(
      fc.integer({ min: 0, max: 100_000 }).map((n) => n / 8),
      { freq: 4 },
    ),
    wallClock: fc.boolean(),
    test: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    token: fc.boolean(),
    answers: fc.option(fc.array(fc.option(fc.boolean(), { freq: 6 }), { minLength: 1, maxLength: 6 })),
    counts: fc.option(fc.record({ correct: fc.nat(9), incorrect: fc.nat(9) })),
  })
  .map(({ length, ...rest }) => ({ ...rest, done: rest.opened + length }));

/** Seldom: most ranges of two random ends are empty. */
const bound = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: minutes });

const scenario = fc
  .record({
    // Enough for several tries at each activity: retakes are what goes wrong.
    attempts: fc.array(told, { maxLength: 60, size: 'max' }),
    from: bound,
    to: bound,
    policy: fc.option(fc.constantFrom(...RETAKE_POLICIES), { freq: 3 }),
    fallback: fc.constantFrom(...RETAKE_POLICIES),
    excludeUnverified: fc.boolean(),
  })
  // Which of two attempts done at one moment is the last, is decided by ids, which the reference does not know.
  .map(({ attempts, ...rest }) => ({
    ...rest,
    attempts: attempts.map((a, i) => ({ ...a, done: a.done * 64 + i, opened: a.opened * 64 })),
  }));

type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

const START = Date.UTC(2026, 3, 1);
/** 1/64 minute. */
const TICK = 60_000 / 64;

function timeOf(tick: number): string {
  return new Date(START + Math.round(tick * TICK)).toISOString();
}

function idOf(list: readonly Uuid[], i: number): Uuid {
  const id = list[i];
  if (id === undefined) throw new Error(`There is no number ${i}.`);
  return id;
}

async function write(attempts: readonly Told[]): Promise<void> {
  await test_.db.query('DELETE FROM attempts');
  for (const a of attempts) {
    const isDone = !['started', 'submitted'].includes(a.state);
    await addAttempt(test_.db, {
      learner: idOf(learners, a.learner),
      activity: idOf(activities, a.activity),
      source,
      state: a.state,
      percentage: a.percentage,
      seconds: a.seconds,
      timeKind: a.seconds === null ? null : a.wallClock ? 'wall_clock' : 'reported',
      openedAt: timeOf(a.opened),
      doneAt: isDone ? timeOf(a.done) : null,
      lastAt: timeOf(a.done),
      verification: a.token ? 'token' : 'signature',
      test: a.test,
      responses:
        a.answers?.map((correct, q) => answer(`q${q}`, correct ?? false, correct === null ? [] : ['a'])) ?? null,
      correct: a.counts?.correct ?? null,
      incorrect: a.counts?.incorrect ?? null,
    });
  }
}

function filterOf(s: Scenario, policy: RetakePolicy | null): FigureFilter {
  const instant = (minute: number | null) => (minute === null ? null : parseInstant(timeOf(minute * 64)));
  return {
    from: instant(s.from),
    to: instant(s.to),
    excludeUnverified: s.excludeUnverified,
    policy,
    fallback: s.fallback,
  };
}

const within = (s: Scenario, tick: number): boolean =>
  (s.from === null || tick >= s.from * 64) && (s.to === null || tick < s.to * 64);

const isDone = (a: Told): boolean => !['started', 'submitted'].includes(a.state);

function whyLeftOut(s: Scenario, a: Told): 'test' | 'revoked' | 'unverified' | null {
  if (a.test || a.learner === EXCLUDED) return 'test';
  if (a.state === 'revoked') return 'revoked';
  return s.excludeUnverified && a.token ? 'unverified' : null;
}

function excludedOf(s: Scenario, attempts: readonly Told[]): object {
  const of = (why: string) =>
    attempts.filter((a) => whyLeftOut(s, a) === why && within(s, isDone(a) ? a.done : a.opened)).length;
  return { excludedTest: of('test'), excludedRevoked: of('revoked'), excludedUnverified: of('unverified') };
}

/** The naive way: group, sort, take. */
function choose(finished: readonly Told[], policyOf: (a: Told) => RetakePolicy): Told[] {
  const groups = Map.groupBy(finished, (a) => `${a.learner} ${a.activity}`);
  return [...groups.values()].flatMap((group) => {
    const [any] = group;
    if (any === undefined) return [];
    const policy = policyOf(any);
    if (policy === 'all') return group;
    const scored = group.filter((a) => a.percentage !== null);
    const inTime = (scored.length > 0 ? scored : group).toSorted((a, b) => a.done - b.done);
    if (policy === 'first') return inTime.slice(0, 1);
    if (policy === 'last') return inTime.slice(-1);
    const top = Math.max(...inTime.map((a) => a.percentage ?? Number.NEGATIVE_INFINITY));
    return inTime.filter((a) => (a.percentage ?? Number.NEGATIVE_INFINITY) === top).slice(0, 1);
  });
}

function mean(chosen: readonly Told[]): number | null {
  const values = chosen.flatMap((a) => (a.percentage === null ? [] : [a.percentage]));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function close(value: number | null | undefined, expected: number | null): void {
  if (expected === null || value === null || value === undefined) expect(value).toBe(expected);
  else expect(value).toBeCloseTo(expected, 9);
}

const counts = (a: Told): boolean => !(a.state === 'abandoned' && a.wallClock);

function basisOf(chosen: readonly Told[], finished: readonly Told[]): object {
  const scored = chosen.filter((a) => a.percentage !== null);
  return {
    n: scored.length,
    learners: new Set(scored.map((a) => a.learner)).size,
    unverified: chosen.filter((a) => a.token).length,
    noScore: finished.filter((a) => a.percentage === null).length,
  };
}

test('a learner’s and the activities’ figures equal the naive computation', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (s) => {
      await write(s.attempts);
      for (const [number, learner] of learners.entries()) {
        const own = s.attempts.filter((a) => a.learner === number);
        await checkLearner(s, own, learner);
        await checkGuide(s, own, learner);
      }
      await checkActivities(s);
    }),
    // Making a counterexample small takes longer than finding it: it is shown as far as it got.
    { numRuns: 40, interruptAfterTimeLimit: 100_000 },
  );
}, 180_000);

async function checkLearner(s: Scenario, own: readonly Told[], learner: Uuid): Promise<void> {
  const filter = filterOf(s, s.policy);
  const counted = own.filter((a) => whyLeftOut(s, a) === null);
  const finished = counted.filter((a) => a.state === 'completed' && within(s, a.done));
  const chosen = choose(finished, () => s.policy ?? s.fallback);
  const done = counted.filter((a) => isDone(a) && within(s, a.done));
  const timed = done.filter(counts).filter((a) => a.seconds !== null);
  const summary = await learnerSummary(test_.db, 1, learner, filter);
  expect(summary).toMatchObject({
    attemptsStarted: counted.filter((a) => within(s, a.opened)).length,
    attemptsCompleted: finished.length,
    attemptsAbandoned: done.filter((a) => a.state === 'abandoned').length,
    timeKinds: [...new Set(timed.map((a) => (a.wallClock ? 'wall_clock' : 'reported')))].toSorted(),
    ...basisOf(chosen, finished),
    ...excludedOf(s, own),
  });
  close(summary.averagePercentage, mean(chosen));
  close(
    summary.totalTimeSeconds,
    timed.reduce((sum, a) => sum + (a.seconds ?? 0), 0),
  );
  const moments = counted.flatMap((a) => [a.opened, a.done]).filter((tick) => within(s, tick));
  expect(summary.lastActivityAt?.toISOString() ?? null).toBe(
    moments.length === 0 ? null : timeOf(Math.max(...moments)),
  );

  const timeline = await learnerTimeline(test_.db, 1, learner, filter, 'Asia/Kolkata');
  const dayOf = (a: Told) => new Date(Date.parse(timeOf(a.done)) + 5.5 * 3_600_000).toISOString().slice(0, 10);
  const days = [...new Set([...finished, ...timed].map(dayOf))].toSorted();
  expect(timeline.map(({ date }) => date)).toEqual(days);
  for (const day of timeline) {
    expect(day.attemptsCompleted).toBe(finished.filter((a) => dayOf(a) === day.date).length);
    close(day.averagePercentage, mean(chosen.filter((a) => dayOf(a) === day.date)));
    close(
      day.timeSeconds,
      timed.filter((a) => dayOf(a) === day.date).reduce((sum, a) => sum + (a.seconds ?? 0), 0),
    );
  }

  const expected = areasOf(chosen);
  const { areas, ownRate } = await learnerAreas(test_.db, 1, learner, filter);
  expect(
    areas.map(({ name, wrong, total, unanswered }) => ({ name, wrong, total, unanswered })).toSorted(byName),
  ).toEqual(expected);
  const wrong = expected.reduce((sum, area) => sum + area.wrong, 0);
  const total = expected.reduce((sum, area) => sum + area.total, 0);
  close(ownRate, total === 0 ? 0 : wrong / total);
}

interface Area {
  name: string;
  wrong: number;
  total: number;
  unanswered: number;
}

const byName = (a: Area, b: Area): number => (a.name < b.name ? -1 : 1);

/** An answer counts as unanswered only where the attempt's other answers show that the platform tells choices. */
function answersOf(a: Told): (boolean | null)[] {
  const tells = a.answers?.some((correct) => correct !== null) ?? false;
  return (a.answers ?? []).map((correct) => (correct === null && !tells ? false : correct));
}

function areasOf(chosen: readonly Told[]): Area[] {
  return activities
    .map((_, activity) => {
      const area: Area = { name: `Quiz ${activity}`, wrong: 0, total: 0, unanswered: 0 };
      const latest = new Map<number, boolean | null>();
      for (const a of chosen.filter((b) => b.activity === activity).toSorted((b, c) => b.done - c.done)) {
        const answers = answersOf(a);
        for (const [q, correct] of answers.entries()) if (correct !== null || !latest.has(q)) latest.set(q, correct);
        if (answers.every((correct) => correct === null) && a.counts !== null) {
          area.wrong += a.counts.incorrect;
          area.total += a.counts.correct + a.counts.incorrect;
        }
      }
      for (const correct of latest.values()) {
        if (correct === null) area.unanswered += 1;
        else area.total += 1;
        if (correct === false) area.wrong += 1;
      }
      return area;
    })
    .filter((area) => area.total > 0)
    .toSorted(byName);
}

async function checkGuide(s: Scenario, own: readonly Told[], learner: Uuid): Promise<void> {
  const always = { ...s, from: null, to: null, excludeUnverified: false };
  const finished = own.filter((a) => a.state === 'completed' && whyLeftOut(always, a) === null);
  const summary = await guideSummary(test_.db, 1, learner);
  expect(summary.quizzes_completed).toBe(finished.length);
  const average = mean(finished);
  // Half a tenth may fall either way in binary; the sum of twentieths is exact in the database.
  if (average === null) expect(summary.average_score).toBeNull();
  else expect(Math.abs((summary.average_score ?? 1e9) - average)).toBeLessThanOrEqual(0.05 + 1e-9);
  const timed = finished.flatMap((a) => (a.seconds === null ? [] : [a.seconds]));
  close(summary.total_time_seconds, timed.length === 0 ? null : timed.reduce((sum, value) => sum + value, 0));
  const worst = activities
    .map((_, activity) => {
      let wrong = 0;
      let total = 0;
      for (const a of finished.filter((b) => b.activity === activity)) {
        const known = answersOf(a).filter((correct) => correct !== null);
        wrong += known.length > 0 ? known.filter((correct) => !correct).length : (a.counts?.incorrect ?? 0);
        total += known.length > 0 ? known.length : (a.counts?.correct ?? 0) + (a.counts?.incorrect ?? 0);
      }
      return { quiz_title: `Quiz ${activity}`, incorrect_count: wrong, total_answers: total };
    })
    .filter((area) => area.incorrect_count > 0);
  const got = await guideWeakAreas(test_.db, 1, learner);
  const key = (area: { quiz_title: string | null }): string => area.quiz_title ?? '';
  expect(got.toSorted((a, b) => key(a).localeCompare(key(b)))).toEqual(worst);
  const shares = got.map((area) => area.incorrect_count / area.total_answers);
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
}

async function checkActivities(s: Scenario): Promise<void> {
  const figures = await activityFigures(test_.db, 1, activities, filterOf(s, s.policy), null);
  for (const [number, activity] of activities.entries()) {
    const all = s.attempts.filter((a) => a.activity === number);
    const finished = all.filter((a) => whyLeftOut(s, a) === null && a.state === 'completed' && within(s, a.done));
    const policy = s.policy ?? OWN_POLICY[number] ?? s.fallback;
    const chosen = choose(finished, () => policy);
    const got = figures.get(activity);
    expect(got).toMatchObject({
      policy,
      attemptsCompleted: finished.length,
      learnersCompleted: new Set(finished.map((a) => a.learner)).size,
      ...basisOf(chosen, finished),
      ...excludedOf(s, all),
    });
    close(got?.averagePercentage, mean(chosen));
  }
}
