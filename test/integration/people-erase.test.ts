/** An erased person leaves no trace, and nothing brings them back. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { ROWS_OF_LEARNERS } from '../../src/people/delete-everywhere.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addSources, projectAll, type StoredWebhook, sourceIdOf, storeReceipts } from '../helpers/receipts.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await addSources(app.db);
});
afterAll(() => app.close());

const API = '/api/v1';

/** Stands in everything that is about one person and in nothing else. */
const MARK = 'zyxmarked';

function quiz(user: string, minute: number, event = 'quiz.completed'): StoredWebhook {
  const timestamp = new Date(Date.UTC(2026, 3, 8, 10, minute)).toISOString();
  const data = {
    userId: user,
    quizId: 'quiz_1',
    quizTitle: 'Fractions',
    score: 3,
    totalQuestions: 4,
    percentage: 75,
    timeSpentSeconds: 60,
    answers: [{ questionId: 'q1', selectedAnswerId: `answer of ${user}`, correct: true }],
  };
  return { provider: 'quizapi', eventName: null, body: Buffer.from(JSON.stringify({ event, timestamp, data })) };
}

function standard(user: string, id: string, email = `${MARK}@example.org`): StoredWebhook {
  const body = {
    type: 'attempt.completed',
    timestamp: '2026-04-08T10:00:00Z',
    data: {
      learner: { externalId: user, name: `${user} Person`, email },
      activity: { externalId: 'course-1', title: 'Course', kind: 'course' },
      attempt: { externalId: id, score: 8, maxScore: 10 },
    },
  };
  return { provider: 'standard', eventName: null, body: Buffer.from(JSON.stringify(body)) };
}

async function send(...webhooks: StoredWebhook[]): Promise<void> {
  await storeReceipts(app.db, webhooks);
  await projectAll(app.db);
}

/** Every table whose rows hold the text, however it is stored. */
async function tracesOf(text: string): Promise<string[]> {
  const tables = await app.db.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'gradewire' AND c.relkind = 'r' ORDER BY 1`,
  );
  const hex = Buffer.from(text).toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await app.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${name} t WHERE strpos(lower(t::text), $1) > 0 OR strpos(t::text, $2) > 0`,
      [text, hex],
    );
    if ((row?.n ?? 0) > 0) found.push(`${name}: ${row?.n}`);
  }
  return found;
}

async function learnerOf(externalId: string): Promise<string> {
  return textAt((await app.call('GET', `${API}/learners/lookup?externalId=${externalId}`)).json, 'id');
}

describe('erasing a person', () => {
  it('leaves no trace in any table, spares the others, and reports', async () => {
    await send(quiz('anna', 1), quiz(MARK, 2), quiz(MARK, 3, 'quiz.started'), standard(`${MARK}-std`, 'att-1'));
    // Not understood, waiting, refused: nothing links these to the person.
    await send({ ...quiz(MARK, 4, 'quiz.invented') });
    await storeReceipts(app.db, [quiz(MARK, 5)]);
    await app.db.query(
      `INSERT INTO rejections (workspace, source_id, at, reason, hint, headers, body, body_bytes)
       VALUES (1, $1, now(), 'invalid_signature', 'h', '{}', $2, 10), (1, $1, now(), 'invalid_signature', 'h', '{}', $3, 10)`,
      [sourceIdOf('quizapi'), quiz(MARK, 6).body, quiz('anna', 6).body],
    );
    const [one, other] = [await learnerOf(MARK), await learnerOf(`${MARK}-std`)];
    await app.call('PATCH', `${API}/learners/${one}`, { body: { name: `${MARK} Senior` } });
    await app.keyFor('learner', one);
    const cohort = textAt((await app.call('POST', `${API}/cohorts`, { body: { name: 'Class 8a' } })).json, 'id');
    await app.call('POST', `${API}/cohorts/${cohort}/members`, { body: { learners: [one] } });
    await app.call('POST', `${API}/learners/${other}/merge`, { body: { into: one } });
    expect((await tracesOf(MARK)).length).toBeGreaterThan(5);

    const answer = await app.call('DELETE', `${API}/learners/${other}`);
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'erased')).toMatchObject({
      learner: one,
      learners: 2,
      identities: 2,
      receipts: 5,
      rejections: 1,
      cohorts: 1,
      keys: 1,
    });
    expect(at(answer.json, 'tombstones')).toBeGreaterThanOrEqual(3);
    expect(at(answer.json, 'endpoints')).toEqual([]);
    expect(await tracesOf(MARK)).toEqual([]);
    expect((await app.call('GET', `${API}/learners/${one}`)).status).toBe(404);
    expect((await app.call('GET', `${API}/learners/${other}`)).status).toBe(404);
    expect((await app.call('DELETE', `${API}/learners/${one}`)).status).toBe(404);
    expect((await app.db.query('SELECT 1 FROM api_keys WHERE role = $1', ['learner'])).length).toBe(0);
    const anna = await learnerOf('anna');
    expect(at((await app.call('GET', `${API}/attempts?learner=${anna}`)).json, 'data')).toHaveLength(1);
    const feed = await app.call('GET', `${API}/events?type=learner.erased`);
    expect(at(feed.json, 'data.0.learner')).toEqual({ id: one, name: null, email: null, identities: [] });
    const receipts = await app.call('GET', `${API}/receipts?status=ignored`);
    expect(at(receipts.json, 'data')).toHaveLength(5);
    const receipt = await app.call('GET', `${API}/receipts/${textAt(receipts.json, 'data.0.id')}`);
    expect(at(receipt.json, 'body')).toBe('{"erased":true}');
    expect(at(receipt.json, 'error')).toContain('erased');
  });

  it('is for good: retries, new webhooks, replays, rebuilds and rosters bring nobody back', async () => {
    const learners = await app.db.query('SELECT id FROM learners ORDER BY id');
    // The same again is a duplicate by its key; something new is not kept.
    const keys = await app.db.query<{ n: number }>('SELECT count(*)::int AS n FROM receipt_keys');
    await send(quiz(MARK, 2));
    expect(await app.db.query('SELECT count(*)::int AS n FROM receipt_keys')).toEqual(keys);
    await send(quiz(MARK, 40), standard(`${MARK}-std`, 'att-2'));
    expect(await tracesOf(MARK)).toEqual([]);
    // By the same address at another platform, as somebody nobody knows.
    await send(standard('stranger', 'att-3'));
    expect(await tracesOf(MARK)).toEqual([]);
    await app.call('POST', `${API}/receipts/replay`, { body: {} });
    await projectAll(app.db);
    await rebuildAll(app.db, 1);
    await projectAll(app.db);
    expect(await tracesOf(MARK)).toEqual([]);
    expect(await app.db.query('SELECT id FROM learners ORDER BY id')).toEqual(learners);
    const roster = await app.call('POST', `${API}/learners/import`, {
      body: {
        rows: [
          { provider: 'quizapi', source: 'quizapi', externalId: MARK, name: `${MARK} Again` },
          { email: `${MARK.toUpperCase()}@Example.org`, name: 'Somebody' },
        ],
      },
    });
    expect(roster.status).toBe(200);
    expect(at(roster.json, 'errors')).toHaveLength(2);
    expect(await tracesOf(MARK)).toEqual([]);
    expect(await app.db.query('SELECT id FROM learners ORDER BY id')).toEqual(learners);
  });

  it('keeps hashes that nobody can find by trying', async () => {
    const rows = await app.db.query<{ hash: Buffer }>('SELECT hash FROM erased_people');
    expect(rows.length).toBeGreaterThan(2);
    const plain = createHmac('sha256', '').update(`${MARK}@example.org`).digest('hex');
    expect(rows.map(({ hash }) => hash.toString('hex'))).not.toContain(plain);
  });

  it('leaves another learner with the same address alone', async () => {
    await send(standard('twin', 'att-8', 'shared@example.org'), standard('sibling', 'att-9', 'shared@example.org'));
    const sibling = await learnerOf('sibling');
    expect((await app.call('DELETE', `${API}/learners/${await learnerOf('twin')}`)).status).toBe(200);
    expect(at((await app.call('GET', `${API}/learners/${sibling}`)).json, 'email')).toBe('shared@example.org');
    await send(standard('sibling', 'att-10', 'shared@example.org'));
    expect(at((await app.call('GET', `${API}/attempts?learner=${sibling}`)).json, 'data')).toHaveLength(2);
  });

  it('knows every table with rows of learners', async () => {
    const rows = await app.db.query<{ name: string }>(
      `SELECT c.table_name AS name FROM information_schema.columns c
       JOIN pg_class p ON p.oid = (c.table_schema || '.' || c.table_name)::regclass AND NOT p.relispartition
       WHERE c.table_schema = 'gradewire' AND c.column_name = 'learner_id' ORDER BY 1`,
    );
    // Beside the list: those that are deleted by name, the tombstones, and deliveries, which keep the id and nothing else. Figures the worker makes anew (markDirty).
    const others = [
      ...['identities', 'attempts', 'events', 'cohort_members', 'api_keys', 'members', 'invitations'],
      'erased_people',
      'deliveries',
    ];
    const names = rows.map(({ name }) => name).filter((name) => !/^(figure|rollup)_/.test(name));
    expect(names).toEqual([...ROWS_OF_LEARNERS, ...others].sort());
  });

  it('is for administrators', async () => {
    const key = await app.keyFor('instructor');
    expect((await app.call('DELETE', `${API}/learners/${await learnerOf('anna')}`, { key })).status).toBe(403);
  });
});
