/** Refused requests are kept apart: bounded, best effort, never waited for, and without secrets. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSource } from '../../src/sources/create-source.ts';
import { ingestUrl } from '../../src/sources/ingest-url.ts';
import type { Source } from '../../src/sources/source.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { box, type IngestServer, post, quizapiHeaders, startIngest, until, webhook } from '../helpers/ingest-server.ts';

let database: TestDatabase;
let server: IngestServer;
let quizapi: Source;
let synap: Source;

beforeEach(async () => {
  database = await createTestDatabase();
  const { db } = database;
  quizapi = await createSource(db, box, { workspace: 1, provider: 'quizapi', secret: 'the secret of the source' });
  synap = await createSource(db, box, {
    workspace: 1,
    provider: 'synap',
    basicAuth: { username: 'u', password: 'the password' },
  });
  server = await startIngest(database.url);
});
afterEach(async () => {
  await server.close();
  await database.drop();
});

interface Row {
  source_id: string;
  reason: string;
  hint: string;
  headers: string;
  body: Buffer;
  body_bytes: number;
}
const rows = (): Promise<Row[]> => database.db.query<Row>(`SELECT * FROM rejections ORDER BY id`);

async function forge(source: Source, body: string): Promise<number> {
  const headers = { ...quizapiHeaders(source, Buffer.from(body)), 'x-quizapi-signature': 'sha256=00', cookie: 'c=1' };
  const res = await post(server, source, { headers, body: Buffer.from(body), query: '' });
  await res.arrayBuffer();
  return res.status;
}

it('keeps reason, hint, headers and the head of the body', async () => {
  const long = JSON.stringify({ long: 'x'.repeat(5000) });
  expect(await forge(quizapi, long)).toBe(401);
  const cut = Buffer.from('{"cut');
  await post(server, quizapi, { headers: quizapiHeaders(quizapi, cut), body: cut, query: '' });
  const login = webhook(synap, 1);
  await post(server, synap, { ...login, headers: { ...login.headers, authorization: 'Basic eDp5' } });
  await fetch(`${server.origin}/webhooks/synap/wrong-token`, { method: 'POST', body: '{}' });
  await until(async () => (await rows()).length === 4, 'four rejections');

  const kept = await rows();
  expect(kept.map((row) => row.reason)).toEqual([
    'invalid_signature',
    'malformed_json',
    'invalid_credentials',
    'unknown_source',
  ]);
  expect(kept[0]).toMatchObject({ source_id: quizapi.id, body_bytes: long.length });
  expect(kept[0]?.body.toString()).toBe(long.slice(0, 2048));
  expect(JSON.parse(kept[0]?.headers ?? '')).toMatchObject({
    'x-quizapi-signature': 'sha256=00',
    cookie: '[redacted]',
  });
  expect(kept.every((row) => row.hint.endsWith('.') && row.hint.length > 10)).toBe(true);
  const everything = JSON.stringify(kept.map((row) => [row.hint, row.headers]));
  expect(everything).not.toContain('the secret of the source');
  expect(everything).not.toContain('the password');
  expect(everything).not.toContain('eDp5');
  expect(everything).not.toContain(synap.tokens[0]);
});

it('keeps nothing of unknown slugs, checks and what is taken', async () => {
  await fetch(`${server.origin}/webhooks/nobody`, { method: 'POST', body: '{}' });
  await fetch(ingestUrl(server.origin, quizapi));
  await post(server, quizapi, webhook(quizapi, 1));
  await server.ingest.drain();
  expect(await rows()).toEqual([]);
});

it('keeps a sample under a flood, and counts what it leaves out', async () => {
  const lanes = Array.from({ length: 20 }, async (_, lane) => {
    for (let n = 0; n < 40; n += 1) expect(await forge(quizapi, `{"n":${lane * 100 + n}}`)).toBe(401);
  });
  await Promise.all(lanes);
  await server.ingest.drain();
  const kept = (await rows()).length;
  // 200 a minute and one in a hundred of the rest; a minute may have turned meanwhile.
  expect(kept).toBeGreaterThanOrEqual(200);
  expect(kept).toBeLessThanOrEqual(420);
  const dropped = await server.registry.getSingleMetricAsString('gradewire_ingest_rejections_dropped_total');
  expect(Number(/ (\d+)$/m.exec(dropped)?.[1])).toBe(800 - kept);
});

it('keeps at most 10,000 a source, the newest ones, and leaves those of others', async () => {
  await database.db.query(
    `INSERT INTO rejections (workspace, source_id, at, reason, hint, headers, body, body_bytes)
     SELECT 1, s, now(), 'old', 'Old.', '{}', '', 0 FROM generate_series(1, 10500), unnest($1::uuid[]) AS s`,
    [[quizapi.id, synap.id]],
  );
  await forge(quizapi, '{"n":1}');
  const count = async (source: Source): Promise<number> =>
    (await database.db.query(`SELECT 1 FROM rejections WHERE source_id = $1`, [source.id])).length;
  await until(async () => (await count(quizapi)) <= 10_000, 'the trim');
  expect(await count(synap)).toBe(10_500);
  expect((await rows()).at(-1)?.reason).toBe('invalid_signature');
});

it('answers all the same when rejections cannot be written', async () => {
  await database.db.query(`ALTER TABLE rejections RENAME TO hidden`);
  for (let n = 0; n < 5; n += 1) expect(await forge(quizapi, `{"n":${n}}`)).toBe(401);
  expect((await post(server, quizapi, webhook(quizapi, 1))).status).toBe(200);
  await server.ingest.drain();
  expect(await server.registry.getSingleMetricAsString('gradewire_ingest_rejections_dropped_total')).toMatch(/ 5$/m);
});
