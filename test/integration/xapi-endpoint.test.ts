/** Real events of all six platforms, as statements, to an LRS over HTTP. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS, adapterFor } from '../../src/adapters/registry.ts';
import { type EventType, type Json, type JsonObject, PROVIDERS, type Provider } from '../../src/core/vocabulary.ts';
import type { Endpoint } from '../../src/delivery/endpoint.ts';
import { eventRecords } from '../../src/delivery/event-records.ts';
import type { Try } from '../../src/delivery/kinds/kind.ts';
import { xapi } from '../../src/delivery/kinds/xapi/xapi.ts';
import { type EventObject, readEvents } from '../../src/live/events.ts';
import { person } from '../../src/simulator/people.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { scenario } from '../../src/simulator/scenario.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { type Lrs, type LrsOptions, startLrs } from '../helpers/lrs.ts';
import { endpointOf, keyOf, kindTools, outgoing } from '../helpers/outgoing.ts';
import { addSources, projectAll, type StoredWebhook, storeReceipts, webhookOf } from '../helpers/receipts.ts';
import { recordingServer } from '../helpers/recording-server.ts';
import { statementProblems } from '../helpers/xapi-rules.ts';

const ADL = 'http://adlnet.gov/expapi/verbs';
let test: TestDatabase;
let events: EventObject[];
let lrs: Lrs | undefined;
const { signal } = new AbortController();

beforeAll(async () => {
  test = await createTestDatabase();
  await addSources(test.db);
  const webhooks: StoredWebhook[] = [];
  const start = Date.UTC(2026, 8, 1, 8);
  const played = scenario({ seed: 'xapi', adapters: Object.values(ADAPTERS), learners: 8, start, rhythm: 'history' });
  for (const event of played) {
    webhooks.push(webhookOf(event));
    if (webhooks.length === 300) break;
  }
  await storeReceipts(test.db, [...webhooks, ...corrections(webhooks), inCourse(start)]);
  await projectAll(test.db);
  events = (await readEvents(test.db, { workspace: 1, after: 0, limit: 1000 })).map(({ event }) => event);
});
afterAll(() => test.drop());
afterEach(async () => {
  await lrs?.close();
  lrs = undefined;
});

/** The completions of Testpress again, with other figures and then with others still: twice corrected. */
function corrections(webhooks: readonly StoredWebhook[]): StoredWebhook[] {
  const completed = webhooks.filter(
    ({ provider, body }) => provider === 'testpress' && body.toString().includes('"attempt_state":"completed"'),
  );
  return [1, 2].flatMap((round) =>
    completed.slice(0, 2).map((webhook) => {
      const body = JSON.parse(webhook.body.toString()) as { percentage: string; score: string };
      return {
        ...webhook,
        body: Buffer.from(JSON.stringify({ ...body, score: `${round}.50`, percentage: `${round}.00` })),
      };
    }),
  );
}

/** A video in a course, which the simulator does not play. */
function inCourse(at: number): StoredWebhook {
  const learner = { externalId: '501', name: 'Lia', email: 'lia@school.example' };
  const body = adapterFor('testpress').example({
    ...{ event: 'content.started', learner, activity: { externalId: '502', title: 'Chapter 1' }, attemptId: '503' },
    ...{ startedAt: at, at, ability: 0.5, random: seededRandom('course'), index: 0, total: 4 },
  });
  return webhookOf({
    ...{ at, provider: 'testpress', event: 'content.started', learner: person(0), messageId: 'course', body },
  });
}

async function start(options: LrsOptions = {}): Promise<Endpoint> {
  lrs = await startLrs(options);
  return endpointOf('xapi', { url: lrs.url });
}

function tools() {
  return kindTools({ records: eventRecords(test.db, keyOf) });
}

async function send(endpoint: Endpoint, given: readonly EventObject[], about = {}): Promise<Try[]> {
  const tries: Try[] = [];
  for (let at = 0; at < given.length; at += xapi.batch) {
    const batch = given.slice(at, at + xapi.batch).map((event) => outgoing(endpoint, event, about));
    tries.push(...(await xapi.send(endpoint, batch, tools(), signal)));
  }
  return tries;
}

const held = () => [...(lrs?.statements.values() ?? [])];
/** A part of a statement, by its path. */
const at = (statement: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((part, name) => (part as JsonObject | undefined)?.[name], statement);
const verbOf = (statement: JsonObject) => String((statement.verb as JsonObject).id);
const ofVerb = (verb: string) => held().filter((statement) => verbOf(statement) === verb);
const ofType = (type: EventType) => events.filter((event) => event.type === type);
const kinds = (tries: readonly Try[]) => [...new Set(tries.map(({ outcome }) => outcome.kind))].sort();

describe('simulated events of all platforms', () => {
  it.each(['full', 'pseudonym', 'none'] as const)(
    'are taken by an LRS, with personal data %s',
    async (personalData) => {
      const endpoint = { ...(await start()), personalData };
      expect(new Set(events.map(({ source }) => source?.provider))).toEqual(new Set<Provider>(PROVIDERS));
      const tries = await send(endpoint, events);
      expect(kinds(tries)).toEqual(['delivered', 'skipped']);
      expect(held().flatMap(statementProblems)).toEqual([]);
      for (const [i, { outcome }] of tries.entries()) {
        if (outcome.kind === 'skipped') expect(events[i]?.type).toMatch(/^(environment|invite)\.|^attempt\.submitted$/);
      }
      // Everything that the webhooks told: answers and areas stand in no event.
      expect(ofVerb(`${ADL}/answered`).length).toBeGreaterThan(ofType('question.answered').length);
      expect(ofVerb(`${ADL}/scored`).length).toBeGreaterThan(0);
      // Again, as after a lost answer: the same statements.
      const before = new Set(lrs?.statements.keys());
      expect(kinds(await send(endpoint, events))).toEqual(['delivered', 'skipped']);
      expect(new Set(lrs?.statements.keys())).toEqual(before);
      if (personalData === 'full') return;
      const people = await test.db.query<{ text: string }>(
        'SELECT external_id AS text FROM identities UNION SELECT name FROM learners UNION SELECT email FROM learners',
      );
      // Names and addresses of platforms are long enough to be found by themselves; ids are looked for as accounts.
      const actors = JSON.stringify(held().map(({ actor }) => actor));
      for (const { text } of people) if (text !== null) expect(actors).not.toContain(JSON.stringify(text));
    },
  );

  it('name the source, the attempt and what they lie in', async () => {
    await send(await start(), events);
    const answered = ofVerb(`${ADL}/answered`)[0]?.context as JsonObject;
    expect(answered.platform).toBe('quizapi');
    expect(answered.registration).toMatch(/-5[0-9a-f]{3}-/);
    expect(answered.contextActivities).toMatchObject({ parent: [{ definition: { name: expect.anything() } }] });
    const grouped = held().filter((one) => JSON.stringify(one.context ?? {}).includes('"grouping"'));
    expect(grouped.length).toBeGreaterThan(0);
  });
});

describe('corrections', () => {
  it.each(['full', 'pseudonym'] as const)(
    'take back what bore the grade before, and say it anew (%s)',
    async (personalData) => {
      const regraded = ofType('attempt.regraded');
      expect(regraded.length).toBeGreaterThan(0);
      const endpoint = { ...(await start()), personalData };
      await send(endpoint, events);
      for (const registration of new Set(
        ofVerb(`${ADL}/voided`).map(({ context }) => (context as JsonObject).registration),
      )) {
        const standing = held().filter(
          (one) =>
            (one.context as JsonObject).registration === registration &&
            verbOf(one) !== `${ADL}/voided` &&
            lrs?.voided.has(String(one.id)) !== true,
        );
        // One completion stands, with the newest score; the score of the attempt itself once too.
        const completions = standing.filter((one) => verbOf(one) === `${ADL}/completed`);
        expect(completions).toHaveLength(1);
        const score = at(completions[0], 'result', 'score', 'raw');
        const objectId = at(completions[0], 'object', 'id');
        const scored = standing.filter(
          (one) => verbOf(one) === `${ADL}/scored` && (one.object as JsonObject).id === objectId,
        );
        expect(scored).toHaveLength(1);
        expect(at(scored[0], 'result', 'score', 'raw')).toBe(score);
        // And each area once.
        const areas = standing
          .filter((one) => verbOf(one) === `${ADL}/scored`)
          .map((one) => (one.object as JsonObject).id);
        expect(new Set(areas).size).toBe(areas.length);
      }
      expect([...(lrs?.voided ?? [])].every((id) => lrs?.statements.has(id))).toBe(true);
      expect(lrs?.voided.size).toBeGreaterThanOrEqual(2 * regraded.length);
      // Told again after it was taken back, a statement is still the same.
      expect(kinds(await send(endpoint, ofType('attempt.completed')))).toEqual(['delivered']);
    },
  );

  it('a withdrawn attempt leaves nothing standing of its result', async () => {
    const endpoint = await start();
    const [completed] = ofType('attempt.completed').filter(({ source }) => source?.provider === 'synap');
    if (completed === undefined) throw new Error('No attempt of Synap is completed.');
    const record = (await tools().records?.of(endpoint, [completed]))?.[0];
    expect(record?.fact?.type).toBe('attempt.completed');
    // The platform's own word for it, through the whole way.
    const adapter = adapterFor('synap');
    expect(adapter.provider).toBe('synap');
    const [row] = await test.db.query<{ body: Buffer; event: string | null }>(
      `SELECT r.body, r.event_name AS event FROM receipts r
       WHERE encode(substring(r.key from 1 for 16), 'hex') = $1`,
      [completed.receiptId?.slice(4)],
    );
    const body = JSON.parse(row?.body.toString() ?? '{}') as { attempt: JsonObject; meta?: JsonObject };
    const state = { ...(body.attempt.state as JsonObject | undefined), isRevoked: true };
    const meta = { ...body.meta, timestamp: '2027-01-01T00:00:00.000Z' };
    await storeReceipts(test.db, [
      {
        provider: 'synap',
        eventName: row?.event ?? null,
        body: Buffer.from(JSON.stringify({ ...body, meta, attempt: { ...body.attempt, state } })),
      },
    ]);
    await projectAll(test.db);
    const all = (await readEvents(test.db, { workspace: 1, after: 0, limit: 2000 })).map(({ event }) => event);
    const revoked = all.filter(
      ({ type, attempt }) => type === 'attempt.revoked' && attempt?.id === completed.attempt?.id,
    );
    expect(revoked).toHaveLength(1);
    await send(endpoint, [completed, ...revoked]);
    const bearing = held().filter((one) =>
      ['completed', 'passed', 'failed'].some((verb) => verbOf(one) === `${ADL}/${verb}`),
    );
    expect(bearing.length).toBeGreaterThan(0);
    expect(bearing.every(({ id }) => lrs?.voided.has(String(id)))).toBe(true);
  });
});

describe('what an LRS answers', () => {
  const some = () => ofType('attempt.started').slice(0, 12);

  it('one bad statement among many: only its delivery is refused', async () => {
    const bad = some()[5];
    const endpoint = await start({ refuses: ({ timestamp }) => timestamp === bad?.occurredAt });
    const tries = await send(endpoint, some());
    const expected = some().map(({ occurredAt }) => (occurredAt === bad?.occurredAt ? 'refused' : 'delivered'));
    expect(expected).toContain('refused');
    expect(tries.map(({ outcome }) => outcome.kind)).toEqual(expected);
    const refused = tries.find(({ outcome }) => outcome.kind === 'refused')?.outcome;
    expect(refused).toMatchObject({ error: expect.stringMatching(/refused the statement \(400\): .*does not like/) });
  });

  it('409: the same statement is done, another is refused with what differs', async () => {
    const endpoint = await start();
    await send(endpoint, some());
    const [first, second] = some();
    if (first === undefined || second === undefined) throw new Error('Two starts are needed.');
    // The LRS holds another meaning of the first, and holds the second only as to its names.
    for (const statement of held()) {
      if (statement.timestamp === first.occurredAt) statement.timestamp = '2001-01-01T00:00:00Z';
      if (statement.timestamp === second.occurredAt)
        statement.verb = { id: verbOf(statement), display: { de: 'begann' } };
    }
    const tries = await send(endpoint, some());
    expect(tries.map(({ outcome }) => outcome.kind)).toEqual(some().map((_, i) => (i === 0 ? 'refused' : 'delivered')));
    expect(tries[0]?.outcome).toMatchObject({
      error: expect.stringMatching(/another statement.*\(timestamp differ\)/),
    });
  });

  it('429 and 503 are tried again as they ask', async () => {
    for (const [status, after, seconds] of [
      [429, '7', 7],
      [503, undefined, null],
    ] as const) {
      const headers = after === undefined ? {} : { 'retry-after': after };
      const endpoint = await start({ before: () => ({ status, headers }) });
      const tries = await send(endpoint, some());
      expect(lrs?.answers).toHaveLength(1);
      for (const { outcome, statusCode } of tries) {
        expect(outcome).toMatchObject({ kind: 'failed', retryAfterSeconds: seconds });
        expect(statusCode).toBe(status);
      }
      await lrs?.close();
    }
    lrs = undefined;
  });

  it('credentials go along and stay out of the log', async () => {
    const authorization = `Basic ${Buffer.from('key:a secret').toString('base64')}`;
    const endpoint = await start({ authorization });
    const config = { auth: { type: 'basic', username: 'key', password: 'a secret' } };
    const [sent] = await send({ ...endpoint, config }, some());
    expect(sent).toMatchObject({ outcome: { kind: 'delivered' }, statusCode: 200 });
    expect(sent?.requestHeaders.authorization).toBe('Basic [redacted]');
    const [wrong] = await send({ ...endpoint, config: {} }, some());
    expect(wrong).toMatchObject({ outcome: { kind: 'failed', error: expect.stringMatching(/credentials/) } });
  });

  it('200 of something that is no LRS is a failure: it names no statement', async () => {
    const page = await recordingServer((_, response) => void response.end('<!doctype html><title>Sign in</title>'));
    const [sent] = await send(endpointOf('xapi', { url: page.url }), some().slice(0, 1));
    await page.close();
    expect(sent?.outcome).toMatchObject({ kind: 'failed', error: expect.stringMatching(/without the ids/) });
  });

  it('410 ends it; an LRS that is gone is a failure that says so', async () => {
    const endpoint = await start({ before: () => ({ status: 410 }) });
    expect((await send(endpoint, some().slice(0, 1)))[0]?.outcome).toEqual({ kind: 'gone' });
    await lrs?.close();
    lrs = undefined;
    expect((await send(endpoint, some().slice(0, 1)))[0]?.outcome).toMatchObject({
      kind: 'failed',
      error: expect.stringMatching(/refused the connection/),
    });
  });
});
