/** Receipts and rejections over the API: pages, filters, one whole, replay. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicId, receiptId } from '../../src/core/ids.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { addSources, projectAll, sourceIdOf, storeReceipts } from '../helpers/receipts.ts';

let test: TestApp;

/** A completion, by whom and when; `seconds` makes bodies differ. */
function completion(user: string, seconds: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      event: 'quiz.completed',
      timestamp: `2026-04-08T14:30:${String(seconds).padStart(2, '0')}Z`,
      data: {
        userId: user,
        quizId: 'quiz_1',
        quizTitle: 'Fractions',
        score: 8,
        totalQuestions: 10,
        percentage: 80,
        timeSpentSeconds: 60,
      },
    }),
  );
}

beforeAll(async () => {
  test = await createTestApp();
  await addSources(test.db);
  await storeReceipts(test.db, [
    ...Array.from({ length: 5 }, (_, i) => ({
      provider: 'quizapi' as const,
      eventName: null,
      body: completion(`user_${i}`, i),
    })),
    {
      provider: 'quizapi',
      eventName: null,
      body: Buffer.from('{"event":"quiz.published","timestamp":"2026-04-08T14:30:00Z","data":{"quizId":"quiz_1"}}'),
    },
    {
      provider: 'quizapi',
      eventName: null,
      body: Buffer.from('{"event":"quiz.exploded","timestamp":"2026-04-08T14:30:00Z","data":{}}'),
    },
    {
      provider: 'quizapi',
      eventName: null,
      body: Buffer.from('{"event":"quiz.completed","timestamp":"never","data":{}}'),
    },
  ]);
  await projectAll(test.db);
  await storeReceipts(test.db, [
    { provider: 'easygenerator', eventName: null, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) },
  ]);
});
afterAll(() => test.close());

async function ids(query: string): Promise<string[]> {
  const answer = await test.call('GET', `/api/v1/receipts${query}`);
  expect([query, answer.status]).toEqual([query, 200]);
  return (Object(at(answer.json, 'data')) as object[]).map((receipt) => textAt(receipt, 'id'));
}

async function stored(): Promise<{ id: string; seq: number; at: string }[]> {
  const rows = await test.db.query<{ key: Buffer; seq: number; at: string }>(
    `SELECT key, seq, to_char(received_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM receipts ORDER BY seq DESC`,
  );
  return rows.map(({ key, ...row }) => ({ ...row, id: receiptId(key) }));
}

describe('receipts', () => {
  it('are listed newest first, page by page, each once', async () => {
    const seen: string[] = [];
    for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
      const page = await test.call('GET', `/api/v1/receipts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...(Object(at(page.json, 'data')) as object[]).map((receipt) => textAt(receipt, 'id')));
      cursor = at(page.json, 'nextCursor');
    }
    expect(seen).toEqual((await stored()).map(({ id }) => id));
  });

  it('are filtered by status, source and half-open times', async () => {
    const all = await stored();
    expect(await ids('?status=pending')).toEqual([all[0]?.id]);
    expect(await ids('?status=failed')).toEqual([all[1]?.id]);
    expect(await ids('?status=unmapped')).toEqual([all[2]?.id]);
    expect(await ids('?status=ignored')).toEqual([all[3]?.id]);
    expect(await ids('?status=processed')).toEqual(all.slice(4).map(({ id }) => id));
    expect(await ids('?status=processed&limit=2')).toHaveLength(2);
    expect(await ids('?source=easygenerator')).toEqual([all[0]?.id]);
    expect(await ids(`?source=${publicId('src', sourceIdOf('quizapi'))}&status=failed`)).toEqual([all[1]?.id]);
    expect(await ids('?source=synap')).toEqual([]);
    // Those stored together have one time; the newest came later.
    const [newest, ...earlier] = all;
    const first = earlier.at(-1);
    expect(await ids(`?to=${first?.at}`)).toEqual([]);
    expect(await ids(`?from=${first?.at}&to=${newest?.at}`)).toEqual(earlier.map(({ id }) => id));
    expect(await ids(`?from=${newest?.at}`)).toEqual([newest?.id]);
    expect(await ids(`?from=${newest?.at}&status=processed`)).toEqual([]);
  });

  it('tell where they stand, and one whole tells what it meant', async () => {
    const all = await stored();
    const processed = await test.call('GET', `/api/v1/receipts/${all[8]?.id}`);
    expect(processed.json).toMatchObject({
      id: all[8]?.id,
      source: { id: publicId('src', sourceIdOf('quizapi')), slug: 'quizapi' },
      provider: 'quizapi',
      status: 'processed',
      verification: 'signature',
      covers: null,
      duplicates: 0,
      error: null,
      headers: {},
      body: completion('user_0', 0).toString(),
      test: false,
    });
    expect(at(processed.json, 'bodyBase64')).toBeUndefined();
    expect(
      (Object(at(processed.json, 'events')) as object[]).map((event) => [at(event, 'type'), at(event, 'receiptId')]),
    ).toEqual([['attempt.completed', all[8]?.id]]);
    const failed = await test.call('GET', `/api/v1/receipts/${all[1]?.id}`);
    expect(at(failed.json, 'status')).toBe('failed');
    expect(textAt(failed.json, 'error').length).toBeGreaterThan(10);
    expect(at(failed.json, 'events')).toEqual([]);
    const bytes = await test.call('GET', `/api/v1/receipts/${all[0]?.id}`);
    expect(at(bytes.json, 'body')).toBe('{"\uFFFD":1}');
    expect(Buffer.from(textAt(bytes.json, 'bodyBase64'), 'base64')).toEqual(
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    );
    // Such bytes never get past ingest; what reads the queue relies on that.
    await test.db.query('DELETE FROM receipt_queue');
    for (const id of ['rcp_0', `rcp_${'0'.repeat(32)}`, 'x']) {
      expect((await test.call('GET', `/api/v1/receipts/${id}`)).status).toBe(404);
      expect((await test.call('POST', `/api/v1/receipts/${id}/replay`)).status).toBe(404);
    }
  });

  it('are read again, one or those that fit, and nothing counts twice', async () => {
    const all = await stored();
    const before = await test.db.query('SELECT * FROM attempts ORDER BY id');
    const events = await test.db.query('SELECT seq FROM events');
    const wakes: string[] = [];
    const listener = await test.db.pool.connect();
    try {
      await listener.query('LISTEN gradewire_receipts');
      listener.on('notification', ({ channel }) => wakes.push(channel));

      const one = await test.call('POST', `/api/v1/receipts/${all[1]?.id}/replay`);
      expect([one.status, one.json]).toEqual([202, { count: 1 }]);
      expect(await ids('?status=failed')).toEqual([]);
      expect(await ids('?status=pending')).toEqual([all[1]?.id]);
      await expect.poll(() => wakes).toEqual(['gradewire_receipts']);
    } finally {
      await listener.query('UNLISTEN *');
      listener.removeAllListeners('notification');
      listener.release();
    }

    const asked = await test.call('POST', '/api/v1/receipts/replay', {
      body: { source: 'quizapi', status: 'processed', dryRun: true },
    });
    expect([asked.status, asked.json]).toEqual([202, { count: 5, more: false }]);
    expect(await ids('?source=quizapi&status=pending')).toEqual([all[1]?.id]);
    const many = await test.call('POST', '/api/v1/receipts/replay', {
      body: { source: 'quizapi', status: 'processed' },
    });
    expect([many.status, many.json]).toEqual([202, { count: 5 }]);
    expect(await ids('?source=quizapi&status=processed')).toEqual([]);
    const modes = await test.db.query<{ mode: string; n: number }>(
      'SELECT mode, count(*) AS n FROM receipt_queue GROUP BY 1 ORDER BY 1',
    );
    expect(modes).toEqual([{ mode: 'replay', n: 6 }]);
    expect((await test.call('POST', '/api/v1/receipts/replay', { body: { source: 'quizapi' } })).json).toEqual({
      count: 8,
    });
    expect((await test.call('POST', '/api/v1/receipts/replay', { body: { to: '2020-01-01T00:00:00Z' } })).json).toEqual(
      { count: 0 },
    );

    await projectAll(test.db);
    expect(await ids('?status=failed')).toContain(all[1]?.id);
    expect(await test.db.query('SELECT * FROM attempts ORDER BY id')).toEqual(before);
    expect(await test.db.query('SELECT seq FROM events')).toEqual(events);
    const wrong = await test.call('POST', '/api/v1/receipts/replay', { body: { status: 'gone', since: 'x' } });
    expect(wrong.status).toBe(400);
  });

  it('are read again without a body too (every receipt), and take `deliver`', async () => {
    const everything = { count: 9 };
    expect((await test.call('POST', '/api/v1/receipts/replay')).json).toEqual(everything);
    expect((await test.call('POST', '/api/v1/receipts/replay', { body: { deliver: true } })).json).toEqual(everything);
    const one = `/api/v1/receipts/${(await ids(''))[0]}/replay`;
    expect((await test.call('POST', one, { body: { deliver: true } })).json).toEqual({ count: 1 });
    expect((await test.call('POST', one, { body: { deliver: 'yes' } })).status).toBe(400);
    expect((await test.call('POST', one, { body: { dlver: true } })).status).toBe(400);
    await projectAll(test.db);
  });
});

describe('events', () => {
  it('come oldest first, and the cursor never runs dry', async () => {
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const page = await test.call('GET', `/api/v1/events?limit=2${after === '' ? '' : `&after=${after}`}`);
      const data = Object(at(page.json, 'data')) as object[];
      after = textAt(page.json, 'nextCursor');
      if (data.length === 0) break;
      seen.push(...data.map((event) => textAt(event, 'learner.identities.0.externalId')));
    }
    expect(seen).toEqual(['user_0', 'user_1', 'user_2', 'user_3', 'user_4']);
    const again = await test.call('GET', `/api/v1/events?after=${after}`);
    expect(again.json).toEqual({ data: [], nextCursor: after });
  });

  it('of a rare type: the cursor goes on to the end of the feed, and never beyond a full page', async () => {
    const end = textAt((await test.call('GET', '/api/v1/events')).json, 'nextCursor');
    const rare = await test.call('GET', '/api/v1/events?type=step.started');
    expect(rare.json).toEqual({ data: [], nextCursor: end });
    const full = await test.call('GET', '/api/v1/events?type=attempt.completed&limit=2');
    expect(Number(textAt(full.json, 'nextCursor'))).toBeLessThan(Number(end));
    const rest = await test.call(
      'GET',
      `/api/v1/events?type=attempt.completed&after=${textAt(full.json, 'nextCursor')}`,
    );
    expect([(Object(at(rest.json, 'data')) as []).length, textAt(rest.json, 'nextCursor')]).toEqual([3, end]);
  });

  it('are filtered by types and learner', async () => {
    const all = (await test.call('GET', '/api/v1/events')).json;
    const count = async (query: string) =>
      (Object(at((await test.call('GET', `/api/v1/events?${query}`)).json, 'data')) as []).length;
    expect(await count('type=attempt.completed')).toBe(5);
    expect(await count('type=attempt.started&type=attempt.completed')).toBe(5);
    expect(await count('type=attempt.started,step.started')).toBe(0);
    expect(await count(`learner=${textAt(all, 'data.0.learner.id')}`)).toBe(1);
    for (const query of ['type=attempt.finished', 'learner=user_0', 'after=x', 'after=-1']) {
      expect([query, (await test.call('GET', `/api/v1/events?${query}`)).status]).toEqual([query, 400]);
    }
  });
});

describe('rejections', () => {
  it('are listed newest first, by source and reason', async () => {
    await test.db.query(
      `INSERT INTO rejections (workspace, source_id, at, reason, hint, headers, body, body_bytes)
       SELECT 1, CASE n % 2 WHEN 0 THEN $1::uuid ELSE $2::uuid END, now(), CASE WHEN n < 3 THEN 'invalid_signature' ELSE 'malformed_json' END,
         'hint ' || n, '{"user-agent":"x"}', convert_to('{"n":' || n, 'UTF8'), 100 FROM generate_series(1, 6) n`,
      [sourceIdOf('quizapi'), sourceIdOf('synap')],
    );
    const hints = async (query: string) => {
      const answer = await test.call('GET', `/api/v1/rejections${query}`);
      return (Object(at(answer.json, 'data')) as object[]).map((rejection) => textAt(rejection, 'hint'));
    };
    expect(await hints('')).toEqual(['hint 6', 'hint 5', 'hint 4', 'hint 3', 'hint 2', 'hint 1']);
    expect(await hints('?source=quizapi')).toEqual(['hint 6', 'hint 4', 'hint 2']);
    expect(await hints('?reason=invalid_signature&source=synap')).toEqual(['hint 1']);
    const page = await test.call('GET', '/api/v1/rejections?limit=4');
    expect(await hints(`?cursor=${textAt(page.json, 'nextCursor')}`)).toEqual(['hint 2', 'hint 1']);
    expect(at(page.json, 'data.0')).toMatchObject({
      source: { slug: 'quizapi' },
      provider: 'quizapi',
      reason: 'malformed_json',
      headers: { 'user-agent': 'x' },
      body: '{"n":6',
      bytes: 100,
    });
    expect((await test.call('GET', '/api/v1/rejections?reason=because')).status).toBe(400);
  });
});
