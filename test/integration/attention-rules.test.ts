/** Who needs attention: each rule raises its flag from webhooks, raises none by chance, and lets go when it no longer holds. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attentionEvaluator } from '../../src/attention/evaluate.ts';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { rollUp } from '../../src/progress/rollups/roll-up.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addSources, projectAll } from '../helpers/receipts.ts';
import { DAY, failing, happened, told } from '../helpers/school.ts';

let school: TestApp;
let look: () => Promise<void>;

beforeEach(async () => {
  school = await createTestApp();
  await addSources(school.db);
  const evaluate = attentionEvaluator();
  look = async () => {
    while ((await evaluate(school.db)) === 'again');
  };
  await look();
});

afterEach(() => school.close());

interface Shown {
  id: string;
  rule: string;
  learner: { id: string; name: string };
  activity: { title: string } | null;
  facts: Record<string, unknown>;
  state: string;
  rank: number;
}

async function flags(query = ''): Promise<Shown[]> {
  const answer = await school.call('GET', `/api/v1/attention${query}`);
  return at(answer.json, 'data') as Shown[];
}

async function rules(): Promise<string[]> {
  return (await flags()).map((flag) => `${flag.rule} ${flag.learner.name}`);
}

async function raisedEvents(): Promise<string[]> {
  const answer = await school.call('GET', '/api/v1/events?type=learner.needs_attention');
  return (at(answer.json, 'data') as { data: { flag: Shown } }[]).map(
    ({ data }) => `${data.flag.rule} ${data.flag.learner.name}`,
  );
}

describe('stuck by three failed tries', () => {
  const ada = { learner: 'Ada', activity: 'Linux', step: 2, ago: 5 };

  test('two failed tries raise nothing, the third does, and finishing the step takes it back', async () => {
    await happened(school.db, ...failing(ada, 2));
    await look();
    expect(await flags()).toEqual([]);
    await happened(school.db, told('step.attempted', { ...ada, ago: 2, passed: false }));
    await look();
    const [flag] = await flags();
    expect(flag).toMatchObject({
      rule: 'stuck_tries',
      learner: { name: 'Ada' },
      activity: { title: 'Linux' },
      facts: { step: 'step-2', stepIndex: 2, tries: 3 },
      state: 'open',
    });
    await happened(school.db, told('step.completed', { ...ada, ago: 1 }));
    await look();
    expect(await flags()).toEqual([]);
    expect(await raisedEvents()).toEqual(['stuck_tries Ada']);
  });

  test('a fourth try changes the facts and raises no second event', async () => {
    await happened(school.db, ...failing(ada, 3));
    await look();
    const before = await flags();
    await happened(school.db, told('step.attempted', { ...ada, ago: 1, passed: false }));
    await look();
    const [flag] = await flags();
    expect(flag?.facts.tries).toBe(4);
    expect(flag?.id).toBe(before[0]?.id);
    expect(await raisedEvents()).toHaveLength(1);
  });

  test('who went on to another step is not stuck at the first', async () => {
    await happened(school.db, ...failing(ada, 3), told('step.started', { ...ada, step: 3, ago: 1 }));
    await look();
    expect(await flags()).toEqual([]);
  });

  test('tests and test persons raise nothing', async () => {
    await happened(school.db, ...failing({ ...ada, test: true }, 3), ...failing({ ...ada, learner: 'Ben' }, 3));
    await look();
    const [ben] = await flags();
    expect(await rules()).toEqual(['stuck_tries Ben']);
    const learners = await school.call('GET', '/api/v1/learners?search=Ben');
    await school.call('PATCH', `/api/v1/learners/${textAt(learners.json, 'data.0.id')}`, { body: { excluded: true } });
    expect(await flags()).toEqual([]);
    await look();
    const again = await school.call('PATCH', `/api/v1/learners/${ben?.learner.id}`, { body: { excluded: false } });
    expect(again.status).toBe(200);
    expect(await flags()).toEqual([]);
    await look();
    expect((await flags()).map((flag) => flag.id)).toEqual([ben?.id]);
  });
});

describe('stuck by silence', () => {
  /** A class that pauses for two minutes at a time. */
  const classOf = (activity: string, pause = 2) =>
    ['Cleo', 'Dan', 'Eve'].flatMap((learner) =>
      [1, 2, 3].map((step) => told('step.completed', { learner, activity, step, ago: 60 - step * pause })),
    );

  test('longer than ten minutes and three median pauses; the next sign takes it back, the next silence is another', async () => {
    await happened(
      school.db,
      ...classOf('Linux').map((webhook) => webhook),
      told('attempt.started', { learner: 'Ada', activity: 'Linux', ago: 20 }),
    );
    // The class has finished: only Ada still runs.
    await happened(
      school.db,
      ...['Cleo', 'Dan', 'Eve'].map((learner) => told('attempt.completed', { learner, activity: 'Linux', ago: 53 })),
    );
    await look();
    expect(await rules()).toEqual(['stuck_silence Ada']);
    expect((await flags())[0]?.facts).toMatchObject({ minutes: 20, gaps: 9 });
    const first = (await flags())[0]?.id;
    await happened(school.db, told('step.started', { learner: 'Ada', activity: 'Linux', step: 1, ago: 12 }));
    await look();
    const [second] = await flags();
    expect(second?.rule).toBe('stuck_silence');
    expect(second?.id).not.toBe(first);
    await happened(school.db, told('step.completed', { learner: 'Ada', activity: 'Linux', step: 1, ago: 0 }));
    await look();
    expect(await flags()).toEqual([]);
  });

  test('a pause that is usual at the activity is none, and without a class nothing is known', async () => {
    await happened(
      school.db,
      ...classOf('Reading', 15),
      ...['Cleo', 'Dan', 'Eve'].map((learner) => told('attempt.completed', { learner, activity: 'Reading', ago: 1 })),
      told('attempt.started', { learner: 'Ada', activity: 'Reading', ago: 20 }),
      told('attempt.started', { learner: 'Ben', activity: 'New', ago: 20 }),
    );
    await look();
    expect(await flags()).toEqual([]);
  });

  test('an attempt whose time is over is not silent', async () => {
    const done = ['Cleo', 'Dan', 'Eve'].map((learner) =>
      told('attempt.completed', { learner, activity: 'Exam', ago: 1 }),
    );
    const ada = { learner: 'Ada', activity: 'Exam', ago: 20, kind: 'exam' as const };
    await happened(school.db, ...classOf('Exam'), ...done, told('attempt.started', { ...ada, dueAgo: 5 }));
    await look();
    expect((await rules()).filter((rule) => rule.startsWith('stuck'))).toEqual([]);
  });
});

describe('idle, abandoned twice, overdue', () => {
  test('a week without activity and something unfinished; a sign ends it', async () => {
    await happened(
      school.db,
      told('attempt.started', { learner: 'Ada', activity: 'Linux', ago: 8 * DAY }),
      told('attempt.started', { learner: 'Ben', activity: 'Linux', ago: 6 * DAY }),
      told('attempt.started', { learner: 'Cleo', activity: 'Linux', ago: 9 * DAY }),
      told('attempt.completed', { learner: 'Cleo', activity: 'Linux', ago: 8 * DAY, percentage: 50 }),
      told('attempt.started', { learner: 'Dan', activity: 'Linux', ago: 200 * DAY }),
    );
    await look();
    expect(await rules()).toEqual(['idle Ada']);
    expect((await flags())[0]?.facts).toEqual({ days: 8, unfinished: 1 });
    await happened(school.db, told('attempt.started', { learner: 'Ada', activity: 'Other', ago: 1 }));
    await look();
    expect(await flags()).toEqual([]);
  });

  test('given up twice; completing the activity ends it', async () => {
    const ada = (attempt: string, ago: number) => ({ learner: 'Ada', activity: 'Linux', attempt, ago });
    await happened(school.db, told('attempt.started', ada('1', 60)), told('attempt.abandoned', ada('1', 50)));
    await look();
    expect(await flags()).toEqual([]);
    await happened(school.db, told('attempt.started', ada('2', 40)), told('attempt.abandoned', ada('2', 30)));
    await look();
    expect(await rules()).toEqual(['abandoned_twice Ada']);
    expect((await flags())[0]?.facts).toEqual({ times: 2 });
    await happened(
      school.db,
      told('attempt.started', ada('3', 20)),
      told('attempt.completed', { ...ada('3', 10), percentage: 80 }),
    );
    await look();
    expect(await flags()).toEqual([]);
  });

  test('due, begun and not completed; moving the due time ends it', async () => {
    await happened(
      school.db,
      told('attempt.started', { learner: 'Ada', activity: 'Essay', ago: 3 * DAY, dueAgo: DAY }),
      told('attempt.started', { learner: 'Ben', activity: 'Essay', ago: 3 * DAY }),
      told('attempt.completed', { learner: 'Ben', activity: 'Essay', ago: 2 * DAY, percentage: 70 }),
    );
    await look();
    expect(await rules()).toEqual(['overdue Ada']);
    expect((await flags())[0]?.facts).toMatchObject({ days: 1 });
    const activities = await school.call('GET', '/api/v1/activities');
    const dueAt = new Date(Date.now() + 86_400_000).toISOString();
    await school.call('PATCH', `/api/v1/activities/${textAt(activities.json, 'data.0.id')}`, { body: { dueAt } });
    // Silence and sweeps are looked at every ten seconds only, by a new evaluator at once.
    const evaluate = attentionEvaluator();
    await evaluate(school.db);
    expect(await flags()).toEqual([]);
  });
});

describe('below the class', () => {
  const CLASS = ['Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hana'];
  const QUIZZES = ['Q1', 'Q2', 'Q3'];
  /** Each of the class at each quiz: 70, 74, … 90. */
  const classResults = () =>
    QUIZZES.flatMap((activity, q) =>
      CLASS.map((learner, i) => told('attempt.completed', { learner, activity, percentage: 70 + 4 * i, ago: 300 - q })),
    );
  const ada = (scores: readonly number[]) =>
    scores.map((percentage, i) =>
      told('attempt.completed', { learner: 'Ada', activity: `Q${i + 1}`, percentage, ago: 200 - i }),
    );

  test('the last three far under the class raise it, a better result ends it', async () => {
    await happened(school.db, ...classResults(), ...ada([40, 35]));
    await look();
    expect(await flags()).toEqual([]);
    await happened(school.db, told('attempt.completed', { learner: 'Ada', activity: 'Q3', percentage: 45, ago: 100 }));
    await look();
    expect(await rules()).toEqual(['below_class Ada']);
    // The class: 70, 74, 78, 82, 86, 90; mean 80, standard deviation 7.48; Ada: 40, 35, 45.
    expect((await flags())[0]?.facts).toEqual({
      mean: 40,
      classMean: 80,
      difference: 40,
      deviations: 5.3,
      activities: 3,
      classSize: 6,
    });
    await happened(
      school.db,
      told('attempt.completed', { learner: 'Ada', activity: 'Q3', attempt: 'again 3', percentage: 100, ago: 50 }),
    );
    await happened(
      school.db,
      told('attempt.completed', { learner: 'Ada', activity: 'Q2', attempt: 'again 2', percentage: 95, ago: 40 }),
    );
    await look();
    expect(await flags()).toEqual([]);
  });

  test('neither nine points nor one deviation nor a class of four is enough', async () => {
    // Mean 69 against 80: eleven points, but 1.47 deviations.
    await happened(school.db, ...classResults(), ...ada([69, 69, 69]));
    // Four others at these.
    const few = ['R1', 'R2', 'R3'].flatMap((activity) => [
      ...CLASS.slice(0, 4).map((learner) => told('attempt.completed', { learner, activity, percentage: 90, ago: 30 })),
      told('attempt.completed', { learner: 'Ivy', activity, percentage: 20, ago: 20 }),
    ]);
    await happened(school.db, ...few);
    await look();
    expect(await flags()).toEqual([]);
  });

  test('a large class is the same whether its results stand in the rows for figures yet or not', async () => {
    const many = Array.from({ length: 120 }, (_, i) => `Learner ${i}`);
    const results = QUIZZES.flatMap((activity, q) =>
      many.map((learner, i) =>
        told('attempt.completed', { learner, activity, percentage: 70 + 4 * (i % 6), ago: 300 - q }),
      ),
    );
    await happened(school.db, ...results, ...ada([40, 35, 45]));
    // One who is taken out of figures is none of the class.
    const learners = await school.call('GET', '/api/v1/learners?search=Learner%205&limit=200');
    const out = (at(learners.json, 'data') as { id: string; name: string }[]).find(({ name }) => name === 'Learner 5');
    await school.call('PATCH', `/api/v1/learners/${out?.id}`, { body: { excluded: true } });
    const facts = { mean: 40, classMean: 79.9, difference: 39.9, deviations: 5.8, activities: 3, classSize: 119 };
    await look();
    expect((await flags())[0]?.facts).toEqual(facts);
    while (await rollUp(school.db, 1));
    // A new evaluator remembers no class.
    await school.db.query('UPDATE attention_flags SET facts = $1', [{}]);
    await school.db.query('UPDATE attention_position SET sweep_began_at = NULL');
    await attentionEvaluator()(school.db);
    expect((await flags())[0]?.facts).toEqual(facts);
  });

  test('the class is who shares a cohort with the learner', async () => {
    await happened(school.db, ...classResults(), ...ada([40, 35, 45]));
    const learners = await school.call('GET', '/api/v1/learners?limit=200');
    const ids = (at(learners.json, 'data') as { id: string; name: string }[])
      .filter(({ name }) => name === 'Ada' || CLASS.slice(0, 2).includes(name))
      .map(({ id }) => id);
    const cohort = await school.call('POST', '/api/v1/cohorts', { body: { name: 'Small' } });
    await school.call('POST', `/api/v1/cohorts/${textAt(cohort.json, 'id')}/members`, { body: { learners: ids } });
    await look();
    expect(await flags()).toEqual([]);
  });
});

test('ranked: who is stuck before who is overdue before who is idle', async () => {
  await happened(
    school.db,
    told('attempt.started', { learner: 'Idle', activity: 'Linux', ago: 8 * DAY }),
    told('attempt.started', { learner: 'Late', activity: 'Essay', ago: 3 * DAY, dueAgo: DAY }),
    ...failing({ learner: 'Stuck', activity: 'Track', step: 1, ago: 5 }, 3),
  );
  await look();
  expect((await flags()).map((flag) => flag.learner.name)).toEqual(['Stuck', 'Late', 'Idle']);
});

test('a rebuild and a replay raise nothing anew and resolve nothing', async () => {
  await happened(school.db, ...failing({ learner: 'Ada', activity: 'Linux', step: 2, ago: 5 }, 3));
  await look();
  const before = await flags();
  await rebuildAll(school.db, 1);
  await look();
  expect(await flags()).toEqual(before);
  await projectAll(school.db);
  await attentionEvaluator()(school.db);
  await school.call('POST', '/api/v1/receipts/replay', { body: {} });
  await projectAll(school.db);
  await attentionEvaluator()(school.db);
  expect((await flags()).map((flag) => flag.id)).toEqual(before.map((flag) => flag.id));
  expect(await raisedEvents()).toHaveLength(1);
});

test('acknowledged, snoozed and opened again, with who and when', async () => {
  await happened(school.db, ...failing({ learner: 'Ada', activity: 'Linux', step: 2, ago: 5 }, 3));
  await look();
  const id = (await flags())[0]?.id ?? '';
  const seen = await school.call('POST', `/api/v1/attention/${id}/acknowledge`, { body: { note: 'I go there' } });
  expect(seen.json).toMatchObject({ state: 'acknowledged', acknowledged: { note: 'I go there' } });
  expect(textAt(seen.json, 'acknowledged.by')).not.toBe('');
  expect(await flags('?state=open')).toEqual([]);
  expect(await flags('?state=acknowledged')).toHaveLength(1);
  await look();
  expect(await flags('?state=acknowledged')).toHaveLength(1);
  const snoozed = await school.call('POST', `/api/v1/attention/${id}/snooze`, { body: { minutes: 30 } });
  expect(snoozed.json).toMatchObject({ state: 'snoozed', acknowledged: null });
  await school.db.query(`UPDATE attention_flags SET snoozed_until = now() - interval '1 second'`);
  await look();
  expect((await flags('?state=open'))[0]).toMatchObject({ id, state: 'open' });
  expect((await school.call('POST', `/api/v1/attention/${id}/snooze`, { body: {} })).status).toBe(400);
  expect(
    (await school.call('POST', `/api/v1/attention/${id}/snooze`, { body: { until: '2020-01-01T00:00:00Z' } })).status,
  ).toBe(400);
  await school.call('POST', `/api/v1/attention/${id}/acknowledge`);
  expect((await school.call('POST', `/api/v1/attention/${id}/reopen`)).json).toMatchObject({ state: 'open' });
  await happened(school.db, told('step.completed', { learner: 'Ada', activity: 'Linux', step: 2, ago: 1 }));
  await look();
  expect((await school.call('POST', `/api/v1/attention/${id}/acknowledge`)).status).toBe(404);
});
