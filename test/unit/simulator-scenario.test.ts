import { expect, test } from 'vitest';
import type { Adapter } from '../../src/adapters/adapter.ts';
import { ADAPTERS, adapterFor } from '../../src/adapters/registry.ts';
import { PROVIDERS, type Provider } from '../../src/core/vocabulary.ts';
import { activitiesOf } from '../../src/simulator/activities.ts';
import { person } from '../../src/simulator/people.ts';
import type { PlayedEvent } from '../../src/simulator/play.ts';
import { type ScenarioOptions, scenario, scenarioSpan } from '../../src/simulator/scenario.ts';
import { secretsFor } from '../helpers/simulated.ts';

const START = Date.UTC(2026, 0, 12, 8);

function class_(providers: readonly Provider[], more: Partial<ScenarioOptions> = {}): ScenarioOptions {
  return {
    seed: 'monday',
    adapters: providers.map(adapterFor),
    learners: 12,
    start: START,
    rhythm: 'history',
    ...more,
  };
}

function take(options: ScenarioOptions, count: number): PlayedEvent[] {
  return [...scenario(options).take(count)];
}

/** The bytes as they go over the wire. */
function bytes(events: readonly PlayedEvent[]): string[] {
  return events.map((event) => {
    const adapter = adapterFor(event.provider);
    const signed = adapter.sign(event.body, secretsFor(event.provider), {
      id: event.messageId,
      at: START,
      event: event.event,
    });
    return `${event.learner.index} ${signed.query} ${JSON.stringify(signed.headers)} ${signed.body.toString()}`;
  });
}

test('the same seed, start and class send the same bytes; another seed does not', () => {
  const first = bytes(take(class_(PROVIDERS), 400));
  expect(bytes(take(class_(PROVIDERS), 400))).toEqual(first);
  expect(bytes(take(class_(PROVIDERS, { seed: 'tuesday' }), 400))).not.toEqual(first);
});

test('no two webhooks of a scenario have the same body or the same message id', () => {
  for (const provider of PROVIDERS) {
    const events = take(class_([provider]), 400);
    // The events of a Synap exam differ in their URL; the rest of the line holds it.
    expect(new Set(bytes(events)).size, provider).toBe(events.length);
    expect(new Set(events.map((event) => event.messageId)).size, provider).toBe(events.length);
  }
});

test('what one learner does is the same in a larger class', () => {
  const few = take(class_(['quizapi'], { learners: 3 }), 200).filter((event) => event.learner.index === 1);
  const many = take(class_(['quizapi'], { learners: 9 }), 600).filter((event) => event.learner.index === 1);
  const shared = Math.min(few.length, many.length);
  expect(shared).toBeGreaterThan(20);
  expect(bytes(many.slice(0, shared))).toEqual(bytes(few.slice(0, shared)));
});

test('the stream is in the order of time, from its start on', () => {
  const times = take(class_(PROVIDERS), 1000).map((event) => event.at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(START);
});

test.each(PROVIDERS)('%s: the adapter verifies what was signed and understands all of it', (provider) => {
  const adapter = adapterFor(provider);
  for (const event of take(class_([provider]), 500)) understands(adapter, event);
});

test.each(PROVIDERS)('%s: every event of the adapter can be asked for alone', (provider) => {
  const adapter = adapterFor(provider);
  for (const event of adapter.events) {
    const told = take(class_([provider], { event }), 5);
    expect(told.map((one) => one.event)).toEqual(Array.from({ length: 5 }, () => event));
    for (const one of told) verifies(adapter, one);
  }
});

test('harder questions are answered worse, and able learners score better', () => {
  const events = take(class_(['quizapi'], { learners: 200, event: 'quiz.completed' }), 4000);
  const questions = activitiesOf('quizapi').flatMap((activity) => activity.questions);
  const asked = new Map<string, { n: number; right: number }>();
  const scores = new Map<number, number[]>();
  for (const event of events) {
    const data = event.body.data as { percentage: number; answers: { questionId: string; correct: boolean }[] };
    scores.set(event.learner.index, [...(scores.get(event.learner.index) ?? []), data.percentage]);
    for (const { questionId, correct } of data.answers) {
      const count = asked.get(questionId) ?? { n: 0, right: 0 };
      asked.set(questionId, { n: count.n + 1, right: count.right + (correct ? 1 : 0) });
    }
  }
  const byDifficulty = questions.toSorted((a, b) => a.difficulty - b.difficulty);
  const facility = byDifficulty.map(({ id }) => (asked.get(id)?.right ?? 0) / (asked.get(id)?.n ?? 1));
  const third = Math.floor(facility.length / 3);
  expect(mean(facility.slice(0, third))).toBeGreaterThan(mean(facility.slice(-third)) + 0.2);

  const learners = [...scores.keys()].toSorted((a, b) => person(a).ability - person(b).ability);
  const average = learners.map((index) => mean(scores.get(index) ?? []));
  const half = Math.floor(average.length / 2);
  expect(mean(average.slice(half))).toBeGreaterThan(mean(average.slice(0, half)) + 10);
});

test('people retake what they did, and do better', () => {
  const completed = take(class_(['quizapi'], { learners: 300, event: 'quiz.completed' }), 6000);
  const first: number[] = [];
  const third: number[] = [];
  const goes = new Map<string, number>();
  for (const event of completed) {
    const { userId, quizId, percentage } = event.body.data as { userId: string; quizId: string; percentage: number };
    const go = (goes.get(`${userId} ${quizId}`) ?? 0) + 1;
    goes.set(`${userId} ${quizId}`, go);
    if (go === 1) first.push(percentage);
    if (go === 3) third.push(percentage);
  }
  expect(third.length).toBeGreaterThan(200);
  expect(mean(third)).toBeGreaterThan(mean(first) + 5);
});

test('somebody gets stuck at a challenge: three failed tries of one step', () => {
  const events = take(class_(['instruqt'], { learners: 10 }), 1500);
  const failed = new Map<string, number>();
  for (const event of events) {
    if (event.event !== 'track.challenge_attempted' || event.body.completed === true) continue;
    const step = `${event.body.participant_id} ${event.body.challenge_id}`;
    failed.set(step, (failed.get(step) ?? 0) + 1);
  }
  expect(Math.max(...failed.values())).toBeGreaterThanOrEqual(3);
});

test('a Testpress exam adds up: subjects and difficulties count the same answers as the whole', () => {
  let seen = 0;
  for (const told of take(class_(['testpress']), 200)) {
    if (told.event !== 'completed') continue;
    const body = JSON.parse(JSON.stringify(told.body)) as Record<string, unknown>;
    seen += 1;
    const whole = [body.correct_answers_count, body.incorrect_answers_count, body.unanswered_answers_count];
    for (const parts of [body.subject_stats, Object.values(body.difficulty_level_stats as object)]) {
      const sums = ['correct_answers_count', 'incorrect_answers_count', 'unanswered_count'].map((name) =>
        (parts as Record<string, number>[]).reduce((sum, part) => sum + (part[name] ?? 0), 0),
      );
      expect(sums).toEqual(whole);
    }
  }
  expect(seen).toBeGreaterThan(50);
});

test('the span of a scenario is about what playing it takes', () => {
  const options = class_(['quizapi']);
  const last = take(options, 9000).at(-1);
  const real = (last?.at ?? 0) - START;
  expect(scenarioSpan(options, 9000) / real).toBeGreaterThan(0.8);
  expect(scenarioSpan(options, 9000) / real).toBeLessThan(1.25);
});

test('learners have names, and e-mail addresses of their own in ASCII', () => {
  const people = Array.from({ length: 3000 }, (_, i) => person(i));
  expect(new Set(people.map((one) => one.email)).size).toBe(people.length);
  for (const one of people) expect(one.email).toMatch(/^[a-z]+\.[a-z]+\d*@northfield\.example$/);
  for (const provider of PROVIDERS) expect(new Set(people.map((one) => one.ids[provider])).size).toBe(people.length);
});

function verifies(adapter: Adapter, event: PlayedEvent): { body: unknown; eventName: string | null } {
  const secrets = secretsFor(adapter.provider);
  const now = Date.now();
  const signed = adapter.sign(event.body, secrets, { id: event.messageId, at: now, event: event.event });
  const headers = Object.fromEntries(
    Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  expect(adapter.verify({ headers, body: signed.body, receivedAt: now }, secrets)).toMatchObject({ ok: true });
  return { body: JSON.parse(signed.body.toString()), eventName: new URLSearchParams(signed.query).get('event') };
}

function understands(adapter: Adapter, event: PlayedEvent): void {
  const { body, eventName } = verifies(adapter, event);
  const meaning = adapter.toMeaning({ body, eventName, receivedAt: Date.now() });
  expect(meaning, `${event.event} ${JSON.stringify(body)}`).toMatchObject({ status: 'facts' });
  if (meaning.status !== 'facts') return;
  for (const fact of meaning.facts) {
    // The learner of the scenario, at the time of the scenario: nothing of the example's own shines through.
    if (fact.learner !== null) expect(fact.learner.externalId).toBe(event.learner.ids[adapter.provider]);
    expect(Math.abs(Date.parse(fact.at) - event.at)).toBeLessThan(1000 * 3600 * 26);
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length);
}

test('every platform has a script and activities', () => {
  for (const provider of Object.keys(ADAPTERS) as Provider[]) expect(activitiesOf(provider).length).toBeGreaterThan(1);
});
