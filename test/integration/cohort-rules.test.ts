/** Rules and custom parameters that fill cohorts as webhooks come in. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../src/core/vocabulary.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addSources, emptyAll, projectAll, sourceIdOf, storeReceipts } from '../helpers/receipts.ts';
import { until } from '../helpers/until.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
  await addSources(app.db);
});
afterAll(() => app.close());
afterEach(async () => {
  await emptyAll(app.db);
  await app.db.query('TRUNCATE cohorts, cohort_members, cohort_removals, learner_invites');
});

let second = 0;

async function arrives(...bodies: Record<string, Json>[]): Promise<void> {
  await storeReceipts(
    app.db,
    bodies.map((body) => ({
      provider: 'instruqt',
      eventName: null,
      body: Buffer.from(
        JSON.stringify({
          organization_id: 'org',
          timestamp: new Date(Date.UTC(2026, 3, 8) + 1000 * second++),
          ...body,
        }),
      ),
    })),
  );
  await projectAll(app.db);
}

const play = (user: string, more: Record<string, Json> = {}): Record<string, Json> => ({
  type: 'track.started',
  track_id: 'track-1',
  participant_id: `play-${user}-${second}`,
  user_id: user,
  ...more,
});

async function make(body: object): Promise<string> {
  const made = await app.call('POST', '/api/v1/cohorts', { body });
  expect(made.status, made.text).toBe(201);
  return textAt(made.json, 'id');
}

/** External ids of the members. */
async function membersOf(cohort: string): Promise<unknown[]> {
  const data = at((await app.call('GET', `/api/v1/learners?cohort=${cohort}`)).json, 'data');
  return Array.isArray(data) ? data.map((learner) => at(learner, 'identities.0.externalId')).toSorted() : [];
}

test('people join and leave by their custom parameters', async () => {
  await arrives(play('before', { custom_parameters: { team: 'red' } }));
  const id = await make({ name: 'Red', rule: { any: [{ kind: 'parameter', name: 'team', value: 'red' }] } });
  expect(await membersOf(id)).toEqual(['before']);
  await arrives(
    play('after', { custom_parameters: { team: 'red' } }),
    play('blue', { custom_parameters: { team: 'blue' } }),
    play('tester', { custom_parameters: { team: 'red' }, is_developer_play: true }),
  );
  expect(await membersOf(id)).toEqual(['after', 'before', 'tester']);
  await arrives(play('before', { custom_parameters: { team: 'blue' } }));
  expect(await membersOf(id)).toEqual(['after', 'tester']);
});

test('a rule that is written while a batch is half way misses nobody of the batch', async () => {
  const waiting = (lock: number): Promise<boolean> =>
    until(`somebody waits for the lock ${lock}`, async () => {
      const rows = await app.db.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND NOT granted`,
        [lock],
      );
      return rows.length > 0;
    });
  const feed = await app.db.pool.connect();
  try {
    // Before its end the batch needs the feed's lock: by then it has looked which rules there are.
    await feed.query('SELECT pg_advisory_lock(7301, 1)');
    const batch = arrives(play('halfway', { custom_parameters: { team: 'red' } }));
    await waiting(7301);
    const made = make({ name: 'Red', rule: { any: [{ kind: 'parameter', name: 'team', value: 'red' }] } });
    await Promise.race([waiting(7303), made]);
    await feed.query('SELECT pg_advisory_unlock(7301, 1)');
    await batch;
    expect(await membersOf(await made)).toEqual(['halfway']);
  } finally {
    feed.release(true);
  }
});

test('people join by the invitation they claimed or play by', async () => {
  await arrives({ type: 'invite.claimed', invite_id: 'inv-1', claim_id: 'c1', user_id: 'claims', track_id: 'track-1' });
  const id = await make({ name: 'Invited', rule: { any: [{ kind: 'invite', value: 'inv-1' }] } });
  expect(await membersOf(id)).toEqual(['claims']);
  await arrives(
    play('plays', { invite_id: 'inv-1' }),
    play('other', { invite_id: 'inv-2' }),
    play('none', { invite_id: null }),
  );
  expect(await membersOf(id)).toEqual(['claims', 'plays']);
});

test('people join by an activity as their attempt comes in', async () => {
  await arrives(play('first'));
  const activity = textAt((await app.call('GET', '/api/v1/activities')).json, 'data.0.id');
  const id = await make({ name: 'Track', rule: { any: [{ kind: 'activity', activity }] } });
  await arrives(play('second'), play('elsewhere', { track_id: 'track-2' }));
  expect(await membersOf(id)).toEqual(['first', 'second']);
});

test('a parameter that the source names as the cohort makes and fills it, and follows it when it is renamed', async () => {
  const named = await make({ name: 'evening' });
  await app.db.query(`UPDATE sources SET identity_from = '{"cohort": "class"}' WHERE id = $1`, [
    sourceIdOf('instruqt'),
  ]);
  try {
    await arrives(
      play('ada', { custom_parameters: { class: ' Morning ' } }),
      play('ben', { custom_parameters: { class: 'MORNING' } }),
      play('eve', { custom_parameters: { class: 'Evening' } }),
      play('non', { custom_parameters: { class: '' } }),
      play('obj', { custom_parameters: { class: { x: 1 } } }),
    );
    const listed = await app.call('GET', '/api/v1/cohorts');
    expect(at(listed.json, 'data')).toMatchObject([
      { id: named, name: 'evening', members: 1 },
      { name: 'Morning', members: 2 },
    ]);
    const morning = textAt(listed.json, 'data.1.id');
    await app.call('PATCH', `/api/v1/cohorts/${morning}`, { body: { name: 'Early class' } });
    await arrives(
      play('cem', { custom_parameters: { class: 'Morning' } }),
      play('ben', { custom_parameters: { class: 'evening' } }),
    );
    expect(await membersOf(morning)).toEqual(['ada', 'cem']);
    expect(await membersOf(named)).toEqual(['ben', 'eve']);
    expect(at((await app.call('GET', '/api/v1/cohorts')).json, 'data')).toHaveLength(2);
  } finally {
    await app.db.query(`UPDATE sources SET identity_from = '{}'`);
  }
});

test('a roster before the first webhook: the person is known, and the webhook is theirs, whatever realm it tells', async () => {
  const body = {
    rows: [
      { provider: 'instruqt', externalId: 'ada', name: 'Ada L.', email: 'ada@roster.example', cohort: 'Autumn' },
      { provider: 'instruqt', externalId: 'ben', name: 'Ben', cohort: 'Autumn' },
    ],
  };
  const imported = await app.call('POST', '/api/v1/learners/import', { body });
  expect(imported.json, imported.text).toMatchObject({ total: 2, created: 2, cohortsCreated: ['Autumn'], errors: [] });
  const before = at((await app.call('GET', '/api/v1/learners?sort=name')).json, 'data');
  expect(before).toMatchObject([
    { name: 'Ada L.', started: false, attemptsCompleted: 0, lastActivityAt: null },
    { name: 'Ben', started: false },
  ]);
  await arrives(play('ada', { custom_parameters: {} }));
  const after = at((await app.call('GET', '/api/v1/learners?sort=name')).json, 'data');
  expect(after).toMatchObject([
    { id: at(before, '0.id'), name: 'Ada L.', started: true, identities: [{ realm: 'org', externalId: 'ada' }] },
    { id: at(before, '1.id'), name: 'Ben', started: false },
  ]);
  // The realm is known now: the same roster again means the same people.
  const again = await app.call('POST', '/api/v1/learners/import', { body });
  expect(again.json).toMatchObject({ created: 0, updated: 0, unchanged: 2, cohortsCreated: [], errors: [] });
});
