/** Files to take away, and results vouched for. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicId, type Uuid } from '../../src/core/ids.ts';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addActivity, addAttempt, addLearner, addSource } from '../helpers/progress-rows.ts';
import { addSources, projectAll, type StoredWebhook, storeReceipts } from '../helpers/receipts.ts';
import { unzipped } from '../helpers/unzipped.ts';

const API = '/api/v1';

let app: TestApp;
let ann: Uuid;
let source: Uuid;
let activity: Uuid;
beforeAll(async () => {
  app = await createTestApp();
  await addSources(app.db);
  source = await addSource(app.db, 'quizapi', 'exports');
  ann = await addLearner(app.db, { name: '=HYPERLINK("http://evil.example")' });
  activity = await addActivity(app.db, source, { title: '+1 "quoted", ü\n' });
  const about = { learner: ann, activity, source };
  await addAttempt(app.db, { ...about, score: -5, percentage: -12.5, doneAt: '2026-04-08T12:00:00Z' });
  await addAttempt(app.db, { ...about, externalId: '-2+3', score: null, doneAt: '2026-04-07T12:00:00Z' });
  await addAttempt(app.db, { ...about, state: 'started', openedAt: '2026-04-09T12:00:00Z' });
});
afterAll(() => app.close());

function fileName(headers: Record<string, unknown>): string {
  return /^attachment; filename="([^"]+)"$/.exec(String(headers['content-disposition']))?.[1] ?? '';
}

describe('attempts as a file', () => {
  it('as CSV: formulas escaped, numbers kept, one line a row', async () => {
    const answer = await app.call('GET', `${API}/export/attempts?format=csv`);
    expect(answer.headers['content-type']).toMatch(/^text\/csv/);
    expect(fileName(answer.headers)).toMatch(/^gradewire-attempts-\d{4}-\d\d-\d\d\.csv$/);
    const rows = parse(answer.text, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(3);
    expect(rows.map((row) => row.state)).toEqual(['started', 'completed', 'completed']);
    expect(rows[1]).toMatchObject({
      learnerId: publicId('lrn', ann),
      learnerName: `'=HYPERLINK("http://evil.example")`,
      activityTitle: `'+1 "quoted", ü\n`,
      score: '-5',
      percentage: '-12.5',
      completedAt: '2026-04-08T12:00:00.000Z',
      test: 'false',
    });
    expect(rows[2]).toMatchObject({ externalId: `'-2+3`, score: '' });
  });

  it('as NDJSON: the attempt of the API, one a line', async () => {
    const answer = await app.call('GET', `${API}/export/attempts?format=ndjson&state=completed`);
    const lines = answer.text.trimEnd().split('\n');
    const list = await app.call('GET', `${API}/attempts?state=completed`);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(at(list.json, 'data'));
  });

  it('as a spreadsheet: numbers and times are such, no formula is one', async () => {
    const response = await app.app.inject({
      url: `${API}/export/attempts?format=xlsx`,
      headers: { authorization: `Bearer ${await app.keyFor('admin')}` },
    });
    expect(fileName(response.headers)).toMatch(/\.xlsx$/);
    const files = unzipped(response.rawPayload);
    expect([...files.keys()].sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
    expect(sheet.match(/<row /g)).toHaveLength(4);
    expect(sheet).not.toContain('<f>');
    expect(sheet).toContain('<t xml:space="preserve">\'=HYPERLINK(&quot;http://evil.example&quot;)</t>');
    expect(sheet).toMatch(/<c r="L3"><v>-5<\/v><\/c>/);
    expect(sheet).toMatch(/<c r="W3" s="1"><v>46120.5<\/v><\/c>/);
  });

  it('takes the filters of the list, and refuses what is none', async () => {
    const lines = async (query: string) =>
      (await app.call('GET', `${API}/export/attempts?format=ndjson&${query}`)).text.split('\n').length - 1;
    expect(await lines('from=2026-04-08T00:00:00Z')).toBe(2);
    expect(await lines(`learner=${publicId('lrn', ann)}&activity=${publicId('act', activity)}`)).toBe(3);
    expect(await lines('source=quizapi')).toBe(0);
    expect((await app.call('GET', `${API}/export/attempts?format=pdf`)).status).toBe(400);
    expect((await app.call('GET', `${API}/export/attempts?learner=ann`)).status).toBe(400);
    const key = await app.keyFor('learner', publicId('lrn', ann));
    expect((await app.call('GET', `${API}/export/attempts`, { key })).status).toBe(403);
  });

  it('shows an instructor of a class that class only', async () => {
    const cohort = textAt((await app.call('POST', `${API}/cohorts`, { body: { name: 'Class 9' } })).json, 'id');
    const made = await app.call('POST', `${API}/keys`, { body: { name: 'k', role: 'instructor', cohorts: [cohort] } });
    const key = textAt(made.json, 'key');
    const lines = async () =>
      (await app.call('GET', `${API}/export/attempts?format=ndjson`, { key })).text.split('\n').length - 1;
    expect(await lines()).toBe(0);
    await app.call('POST', `${API}/cohorts/${cohort}/members`, { body: { learners: [publicId('lrn', ann)] } });
    expect(await lines()).toBe(3);
  });

  it('reads no further than its reader takes, and stops when the reader is gone', async () => {
    const other = await addLearner(app.db);
    await app.db.query(
      `INSERT INTO attempts (workspace, id, source_id, provider, learner_id, activity_id, state, opened_at, last_at, verification, facts, platform)
       SELECT 1, gen_random_uuid(), $1, 'quizapi', $2, $3, 'completed', now() - n * interval '1 second', now(), 'signature', '[]', '{}'
       FROM generate_series(1, 12000) n`,
      [source, other, activity],
    );
    let pages = 0;
    const { query } = app.db;
    app.db.query = (text: string, values?: readonly unknown[]) => {
      if (/ORDER BY a.opened_at DESC/.test(text)) pages += 1;
      return query(text, values);
    };
    const server = http.createServer(app.app.routing).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const headers = { authorization: `Bearer ${await app.keyFor('admin')}` };
      for (const format of ['csv', 'ndjson', 'xlsx']) {
        pages = 0;
        const request = http.get({ port, path: `${API}/export/attempts?format=${format}`, headers });
        const [response] = (await once(request, 'response')) as [http.IncomingMessage];
        request.destroy();
        await once(request, 'close');
        expect(response.statusCode).toBe(200);
        // 13 pages there are; all of them would be read if nobody cared whether they are taken.
        expect(pages).toBeLessThan(13);
      }
      const all = await fetch(`http://127.0.0.1:${port}${API}/export/attempts?format=ndjson`, { headers });
      expect((await all.text()).split('\n')).toHaveLength(12_004);
    } finally {
      app.db.query = query;
      server.close();
      server.closeAllConnections();
    }
  });
});

describe('everything about one person', () => {
  it('is one JSON file, as an attachment, for administrators', async () => {
    const id = publicId('lrn', ann);
    const answer = await app.call('GET', `${API}/learners/${id}/export`);
    expect(answer.status).toBe(200);
    expect(fileName(answer.headers)).toBe(`gradewire-${id}.json`);
    expect(at(answer.json, 'learner.id')).toBe(id);
    expect(at(answer.json, 'attempts')).toHaveLength(3);
    const key = await app.keyFor('instructor');
    expect((await app.call('GET', `${API}/learners/${id}/export`, { key })).status).toBe(403);
  });

  it('holds the webhooks as they came', async () => {
    const webhook = course('u_export', 70);
    await storeReceipts(app.db, [webhook]);
    await projectAll(app.db);
    const lookup = await app.call('GET', `${API}/learners/lookup?externalId=u_export`);
    const answer = await app.call('GET', `${API}/learners/${textAt(lookup.json, 'id')}/export`);
    expect(at(answer.json, 'receipts.0.body')).toBe(webhook.body.toString());
    expect(at(answer.json, 'events')).toHaveLength(1);
    expect(at(answer.json, 'identities.0.externalId')).toBe('u_export');
  });
});

/** A result that only a secret URL proves. */
function course(user: string, score: number): StoredWebhook {
  const body = { courseId: 'course-1', learnerId: user, score, finishedOn: '2026-04-08T10:00:00Z', status: 'failed' };
  return { provider: 'easygenerator', eventName: null, body: Buffer.from(JSON.stringify(body)) };
}

describe('vouching for an unverified attempt', () => {
  it('makes it count as verified, until another webhook changes the result; a rebuild keeps it', async () => {
    await storeReceipts(app.db, [course('u_vouch', 40)]);
    await projectAll(app.db);
    const learner = textAt((await app.call('GET', `${API}/learners/lookup?externalId=u_vouch`)).json, 'id');
    const list = await app.call('GET', `${API}/attempts?learner=${learner}`);
    const attempt = textAt(list.json, 'data.0.id');
    expect(at(list.json, 'data.0.verification')).toBe('token');
    const figures = async () => {
      const { json } = await app.call('GET', `${API}/learners/${learner}/progress?unverified=exclude`);
      return [
        at(json, 'summary.attemptsCompleted'),
        at(json, 'basis.unverified'),
        at(json, 'basis.excluded.unverified'),
      ];
    };
    expect(await figures()).toEqual([0, 0, 1]);

    const key = await app.keyFor('instructor');
    const answer = await app.call('POST', `${API}/attempts/${attempt}/confirm`, { body: { note: 'I was there' }, key });
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'confirmed.by')).toBe('test instructor');
    expect(await figures()).toEqual([1, 0, 0]);

    await rebuildAll(app.db, 1);
    await projectAll(app.db);
    expect(at((await app.call('GET', `${API}/attempts/${attempt}`)).json, 'confirmed.by')).toBe('test instructor');
    expect(await figures()).toEqual([1, 0, 0]);

    await storeReceipts(app.db, [course('u_vouch', 35)]);
    await projectAll(app.db);
    const changed = await app.call('GET', `${API}/attempts/${attempt}`);
    expect([at(changed.json, 'score'), at(changed.json, 'confirmed')]).toEqual([35, null]);
    expect(await figures()).toEqual([0, 0, 1]);
  });

  it('is refused where nothing is to be vouched for, and to learners', async () => {
    const signed = await addAttempt(app.db, { learner: ann, activity, source });
    const attempt = publicId('att', signed);
    expect((await app.call('POST', `${API}/attempts/${attempt}/confirm`)).status).toBe(409);
    const nobody = publicId('att', '00000000-0000-8000-8000-000000000000');
    expect((await app.call('POST', `${API}/attempts/${nobody}/confirm`)).status).toBe(404);
    const key = await app.keyFor('learner', publicId('lrn', ann));
    expect((await app.call('POST', `${API}/attempts/${attempt}/confirm`, { key })).status).toBe(403);
  });
});
