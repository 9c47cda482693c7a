/** Roster import: what rows mean, what is refused and why, and that saying the same again changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { shareRebuildLock } from '../../src/normalise/queue/rebuild-lock.ts';
import { ADMIN_KEY, type Answer, at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addIdentity, addLearner, addSource, learnerId } from '../helpers/progress-rows.ts';
import { until } from '../helpers/until.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
  const synap = await addSource(app.db, 'synap', 'synap');
  await addSource(app.db, 'quizapi', 'quiz-north');
  await addSource(app.db, 'quizapi', 'quiz-south');
  const known = await addLearner(app.db, { name: 'As the portal says' });
  await addIdentity(app.db, known, synap, 'known-1', { provider: 'synap', realm: 'portal-9' });
});
afterAll(() => app.close());

async function importRows(rows: object[], more: object = {}): Promise<Answer> {
  const answer = await app.call('POST', '/api/v1/learners/import', { body: { rows, ...more } });
  expect(answer.status, answer.text).toBe(200);
  return answer;
}

async function importCsv(text: string | Buffer, query = ''): Promise<{ status: number; json: unknown }> {
  const answer = await app.app.inject({
    method: 'POST',
    url: `/api/v1/learners/import${query}`,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/csv; charset=utf-8' },
    payload: text,
  });
  return { status: answer.statusCode, json: answer.json() };
}

async function learners(search: string): Promise<unknown> {
  return at((await app.call('GET', `/api/v1/learners?sort=name&search=${encodeURIComponent(search)}`)).json, 'data');
}

test('regression: the name of somebody whose first webhook is being projected meanwhile is not lost', async () => {
  const [source] = await app.db.query<{ id: Uuid }>("SELECT id FROM sources WHERE slug = 'quiz-north'");
  if (source === undefined) throw new Error('The source is missing.');
  let imported: Promise<Answer> | undefined;
  await app.db.transaction(async (batch) => {
    await shareRebuildLock(batch, 1);
    await addIdentity(batch, await addLearner(batch), source.id, 'racing-1');
    imported = importRows([
      { source: 'quiz-north', externalId: 'racing-1', name: 'Rae Racing', email: 'rae@racing.example' },
    ]);
    await until('the import waits for the batch', async () => {
      const waiting = await app.db.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
      return waiting.length > 0;
    });
  });
  expect((await imported)?.json).toMatchObject({ created: 0, updated: 1 });
  expect(await learners('racing.example')).toMatchObject([
    { name: 'Rae Racing', identities: [{ externalId: 'racing-1' }] },
  ]);
});

describe('rows', () => {
  test('make people who are seen without an attempt, in the cohorts they name', async () => {
    const rows = [
      { email: 'Ada@one.example', name: ' Ada One ', cohort: 'Autumn' },
      { email: 'ada@one.example', cohort: 'Spring' },
      { provider: 'synap', externalId: 'new-1', name: 'Ben One', email: 'ben@one.example', cohort: 'autumn' },
    ];
    const dry = await importRows(rows, { dryRun: true });
    expect(dry.json).toMatchObject({
      total: 3,
      created: 2,
      updated: 0,
      unchanged: 1,
      cohortsCreated: ['Autumn', 'Spring'],
      errors: [],
      preview: [
        { row: 1, action: 'create', name: 'Ada One', email: 'Ada@one.example', cohort: 'Autumn', provider: null },
        { row: 2, action: 'unchanged', cohort: 'Spring' },
        { row: 3, action: 'create', externalId: 'new-1', provider: 'synap' },
      ],
    });
    expect(await learners('one.example')).toEqual([]);
    expect((await importRows(rows)).json).toEqual(dry.json);
    const made = await learners('one.example');
    expect(made).toMatchObject([
      {
        name: 'Ada One',
        email: 'Ada@one.example',
        identities: [],
        started: false,
        attemptsCompleted: 0,
        averagePercentage: null,
      },
      { name: 'Ben One', identities: [{ provider: 'synap', realm: 'portal-9', externalId: 'new-1' }] },
    ]);
    expect([at(made, '0.cohorts.length'), at(made, '1.cohorts.length')]).toEqual([2, 1]);
    expect((await importRows(rows)).json).toMatchObject({ created: 0, updated: 0, unchanged: 3, cohortsCreated: [] });
  });

  test('name people whom platforms know, and platforms no longer overwrite them', async () => {
    const rows = [{ source: 'synap', externalId: 'known-1', name: 'Her Name', email: 'her@two.example' }];
    expect((await importRows(rows)).json).toMatchObject({ created: 0, updated: 1, preview: [{ action: 'update' }] });
    const [row] = await app.db.query<{ name_by: string; email_by: string }>(
      `SELECT name_by, email_by FROM learners WHERE email = 'her@two.example'`,
    );
    expect(row).toEqual({ name_by: 'person', email_by: 'roster' });
    expect((await importRows([{ source: 'synap', externalId: 'known-1' }])).json).toMatchObject({ unchanged: 1 });
    expect((await importRows([{ email: 'HER@two.example', cohort: 'Two' }])).json).toMatchObject({
      updated: 1,
      created: 0,
    });
    expect(await learners('two.example')).toMatchObject([
      { name: 'Her Name', identities: [{ externalId: 'known-1' }] },
    ]);
  });

  test('an id goes to whom a roster named by the e-mail before; the e-mail alone merges no two whom platforms know', async () => {
    await importRows([{ email: 'late@three.example', name: 'Late' }]);
    await importRows([{ source: 'quiz-north', externalId: 'late-7', email: 'late@three.example' }]);
    expect(await learners('late')).toMatchObject([{ name: 'Late', identities: [{ externalId: 'late-7' }] }]);
    await importRows([{ source: 'quiz-south', externalId: 'late-8', email: 'late@three.example' }]);
    expect(at(await learners('late@three'), 'length')).toBe(2);
    expect((await importRows([{ email: 'late@three.example', name: 'Who' }])).json).toMatchObject({
      errors: [{ row: 1, message: '2 learners have the e-mail late@three.example. Say which with an external id.' }],
    });
  });

  test('that do not fit are left out, each with a sentence; the others are imported', async () => {
    const rows = [
      { name: 'Nobody' },
      { email: 'no address' },
      { provider: 'moodle', externalId: 'x' },
      { provider: 'quizapi', externalId: 'x' },
      { provider: 'testpress', externalId: 'x' },
      { source: 'nowhere', externalId: 'x' },
      { source: 'synap', provider: 'quizapi', externalId: 'x' },
      { externalId: 'x' },
      { source: 'synap', externalId: 'y', name: 'First' },
      { source: 'synap', externalId: 'y', name: 'Second' },
      { email: 'half@four.example', name: '\ud800' },
      { email: 'good@four.example', cohort: 'c'.repeat(201) },
      { email: 'good@four.example' },
    ];
    const { json } = await importRows(rows);
    expect(json).toMatchObject({ total: 13, created: 2 });
    const errors = at(json, 'errors');
    expect(Array.isArray(errors) ? errors.map((error) => at(error, 'row')) : null).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12,
    ]);
    expect(textAt(errors, '0.message')).toBe('This row names nobody. Give an e-mail or an external id.');
    expect(textAt(errors, '3.message')).toContain('More than one source');
    expect(textAt(errors, '8.message')).toBe('Row 9 gives this person the name "First". Keep one of the two.');
    expect(at(json, 'preview.9')).toMatchObject({ action: 'error', message: textAt(errors, '8.message') });
  });

  test('lift people known only from tests into the figures', async () => {
    const tried = await addLearner(app.db, { name: 'Tried', excluded: true });
    await app.db.query(`UPDATE learners SET excluded_by = 'test', email = 'tried@five.example' WHERE id = $1`, [tried]);
    expect((await importRows([{ email: 'tried@five.example' }])).json).toMatchObject({ updated: 1 });
    expect((await app.call('GET', `/api/v1/learners/${learnerId(tried)}`)).json).toMatchObject({ excluded: false });
  });

  test('only administrators may, and what is no roster is refused', async () => {
    const key = await app.keyFor('instructor');
    expect((await app.call('POST', '/api/v1/learners/import', { body: { rows: [] }, key })).status).toBe(403);
    for (const body of [{}, { rows: [{ e_mail: 'x' }] }, { rows: 'x' }])
      expect((await app.call('POST', '/api/v1/learners/import', { body })).status).toBe(400);
  });
});

describe('CSV', () => {
  test('as spreadsheets write it: byte order mark, semicolons, quotes, columns known by their names', async () => {
    const text = '\ufeffName;E-Mail;Class\r\n"Six; Ada";ada@six.example;Sechs\r\n\r\n;;\r\nBen Six;ben@six.example\r\n';
    expect(await importCsv(text, '?dryRun=true')).toMatchObject({
      status: 200,
      json: { total: 2, created: 2, cohortsCreated: ['Sechs'] },
    });
    expect(await importCsv(text)).toMatchObject({ status: 200, json: { total: 2, created: 2, errors: [] } });
    expect(await learners('six.example')).toMatchObject([{ name: 'Ben Six' }, { name: 'Six; Ada' }]);
  });

  test('with a mapping; what it does not name is not read', async () => {
    const text = 'Student,Adresse,Name\nAda Seven,ada@seven.example,ignored\n';
    const mapping = encodeURIComponent(JSON.stringify({ email: 'Adresse', name: 'Student' }));
    expect(await importCsv(text, `?mapping=${mapping}`)).toMatchObject({ status: 200, json: { created: 1 } });
    expect(await learners('seven.example')).toMatchObject([{ name: 'Ada Seven' }]);
    const wrong = await importCsv(text, `?mapping=${encodeURIComponent('{"email":"Mail"}')}`);
    expect(wrong).toMatchObject({ status: 400, json: { details: [{ path: 'body' }] } });
    expect(textAt(wrong.json, 'details.0.message')).toBe(
      'There is no column "Mail". The file has: "Student", "Adresse", "Name".',
    );
    for (const mapping of ['x', '[]', '{"mail":"Adresse"}'])
      expect((await importCsv(text, `?mapping=${encodeURIComponent(mapping)}`)).status).toBe(400);
  });

  test('that cannot be read is refused as a whole, with what to do', async () => {
    const told = async (text: string | Buffer) => textAt((await importCsv(text)).json, 'details.0.message');
    expect(await told('')).toContain('empty');
    expect(await told('Name,Class\nAda,A\n')).toContain('No column is an e-mail');
    expect(await told(Buffer.from('email,name\nm@x.example,M\xfcller\n', 'latin1'))).toContain('UTF-8');
    expect(await told('email,name\n"a@x.example,A\n')).toContain('cannot be read as CSV');
  });

  test('by the thousand, and again without a change; more than 50,000 rows are refused', async () => {
    const lines = ['source,externalId,email,name,cohort'];
    for (let i = 0; i < 12_000; i++) lines.push(`quiz-north,many-${i},p${i}@many.example,Person ${i},Class ${i % 40}`);
    const text = lines.join('\n');
    const first = await importCsv(text);
    expect(first).toMatchObject({ status: 200, json: { total: 12_000, created: 12_000, errors: [] } });
    expect(at(first.json, 'cohortsCreated.length')).toBe(40);
    expect(await importCsv(text)).toMatchObject({ status: 200, json: { created: 0, updated: 0, unchanged: 12_000 } });
    const counted = await app.call('GET', '/api/v1/cohorts?search=class+7');
    expect(at(counted.json, 'data')).toMatchObject([{ name: 'Class 7', members: 300 }]);
    const tooMany = await importCsv(`email\n${'a@b.example\n'.repeat(50_001)}`);
    expect(textAt(tooMany.json, 'details.0.message')).toContain('more than 50000 rows');
  }, 120_000);
});
