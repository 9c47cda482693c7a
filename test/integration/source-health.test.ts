/** Sources: silent by their own rhythm or as the workspace says, mostly refused, told once each. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepSourceHealth } from '../../src/attention/keep-source-health.ts';
import { publicId } from '../../src/core/ids.ts';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';
import { addSources, sourceIdOf } from '../helpers/receipts.ts';
import { happened, told } from '../helpers/school.ts';

let school: TestApp;
beforeEach(async () => {
  school = await createTestApp();
  await addSources(school.db);
});
afterEach(() => school.close());

const id = publicId('src', sourceIdOf('standard'));

async function look(): Promise<void> {
  while ((await keepSourceHealth(school.db)) === 'again');
}

async function health(): Promise<unknown> {
  return (await school.call('GET', `/api/v1/sources/${id}/health`)).json;
}

async function troubles(): Promise<unknown[]> {
  const answer = await school.call('GET', '/api/v1/events?type=source.silent,source.rejecting');
  return (at(answer.json, 'data') as { type: string; data: object }[]).map(({ type, data }) => ({ type, data }));
}

/** A webhook each at these times, in hours ago. */
async function came(hoursAgo: readonly number[]): Promise<void> {
  await happened(
    school.db,
    ...hoursAgo.map((_, i) =>
      told('attempt.completed', { learner: `L${i}`, activity: 'Q', percentage: 50, ago: i + 1 }),
    ),
  );
  for (const [i, hours] of hoursAgo.entries()) {
    await school.db.query(
      `UPDATE receipts SET received_at = now() - make_interval(secs => $2::float8 * 3600)
       WHERE seq = (SELECT seq FROM receipts ORDER BY seq OFFSET $1 LIMIT 1)`,
      [i, hours],
    );
  }
}

/** Twice a day for ten days, the last so many hours ago. */
const twiceADay = (last: number): number[] => Array.from({ length: 20 }, (_, i) => last + 12 * (19 - i));

describe('silence', () => {
  test('longer than one and a half times the longest pause; told once; ended by the next webhook', async () => {
    await came(twiceADay(20));
    await look();
    expect(await health()).toMatchObject({ silent: true, expectedEveryHours: 18, receipts24h: 1, rejections24h: 0 });
    await look();
    expect(await troubles()).toEqual([
      { type: 'source.silent', data: { expectedEveryHours: 18, lastReceiptAt: expect.any(String) } },
    ]);
    await happened(school.db, told('attempt.completed', { learner: 'Ada', activity: 'Q', percentage: 50, ago: 0 }));
    // Shown at once, before it is counted.
    expect(await health()).toMatchObject({ silent: false, receipts24h: 2 });
  });

  test('within the rhythm, or without one, nothing is silent', async () => {
    await came(twiceADay(13));
    await look();
    expect(await health()).toMatchObject({ silent: false, expectedEveryHours: 18 });
    expect(await troubles()).toEqual([]);
  });

  test('few webhooks make no rhythm; the workspace may say what silence is', async () => {
    await came([30, 29]);
    await look();
    expect(await health()).toMatchObject({ silent: false, expectedEveryHours: null });
    await school.call('PATCH', '/api/v1/workspace', { body: { silenceHours: 24 } });
    await look();
    expect(await health()).toMatchObject({ silent: true, expectedEveryHours: 24 });
    const unset = await school.call('PATCH', '/api/v1/workspace', { body: { silenceHours: null } });
    expect(unset.json).toMatchObject({ silenceHours: null });
    await look();
    expect(await health()).toMatchObject({ silent: false, expectedEveryHours: null });
  });
});

test('mostly refused: told once, with the reason, and over when it is taken again', async () => {
  const refuse = (count: number) =>
    school.db.query(
      `INSERT INTO rejections (workspace, source_id, at, reason, hint, headers, body, body_bytes)
       SELECT 1, $1, now(), 'invalid_signature', 'Signed with another key.', '{}', '', 0 FROM generate_series(1, $2::int)`,
      [sourceIdOf('standard'), count],
    );
  await refuse(4);
  await look();
  expect(await troubles()).toEqual([]);
  await refuse(2);
  await look();
  await look();
  expect(await troubles()).toEqual([
    { type: 'source.rejecting', data: { reason: 'invalid_signature', refused: 6, accepted: 0 } },
  ]);
  expect(await health()).toMatchObject({
    rejecting: true,
    rejections24h: 6,
    lastRejection: { reason: 'invalid_signature', explanation: 'Signed with another key.' },
  });
  await came(Array.from({ length: 8 }, () => 0.02));
  await look();
  expect(await health()).toMatchObject({ rejecting: false, receipts24h: 8 });
});

test('the health of no source is a 404', async () => {
  expect((await school.call('GET', `/api/v1/sources/src_${'0'.repeat(32)}/health`)).status).toBe(404);
  expect((await school.call('GET', `/api/v1/sources/src_${'0'.repeat(32)}/watch`)).status).toBe(404);
  expect(
    (await school.call('GET', `/api/v1/sources/${id}/health`, { key: await school.keyFor('instructor') })).status,
  ).toBe(403);
});
