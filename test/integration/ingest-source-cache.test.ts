/** Sources are cached, but a new one is never a 404 and an old one is dead within 5 s. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSource } from '../../src/sources/create-source.ts';
import { deleteSource } from '../../src/sources/delete-source.ts';
import { patchSource } from '../../src/sources/patch-source.ts';
import { rotateSource } from '../../src/sources/rotate-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { box, type IngestServer, post, startIngest, until, webhook } from '../helpers/ingest-server.ts';

/** The contract's promise. */
const LONGEST_LIFE_MS = 5000;

let database: TestDatabase;
let servers: IngestServer[];
let number = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  servers = [await startIngest(database.url), await startIngest(database.url)];
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await database.drop();
});

const workspace = 1;
const make = (slug: string): Promise<Source> =>
  createSource(database.db, box, { workspace, provider: 'quizapi', slug, secret: 'secret' });

async function status(server: IngestServer, source: Source): Promise<number> {
  number += 1;
  const res = await post(server, source, webhook(source, number));
  await res.arrayBuffer();
  return res.status;
}

/** Polls both servers until they answer so; returns when the last of the other answers came, counted from `since`. */
async function lastOther(source: Source, wanted: number, since: number): Promise<number> {
  let last = 0;
  const done = servers.map(() => false);
  await until(async () => {
    for (const [index, server] of servers.entries()) {
      const startedAt = performance.now();
      done[index] = (await status(server, source)) === wanted;
      // What counts is when a request was sent that was still answered the old way.
      if (done[index] !== true) last = startedAt - since;
    }
    return done.every(Boolean);
  }, `${wanted} on both`);
  return last;
}

it('finds a source made a moment ago, also under a slug that was asked for before, also under a flood', async () => {
  const ghost = { ...(await make('template')), slug: 'not-yet' };
  let flooding = true;
  const [server] = servers;
  if (server === undefined) throw new Error('No server.');
  const flood = Array.from({ length: 8 }, async (_, lane) => {
    for (let n = 0; flooding; n += 1) {
      const res = await fetch(`${server.origin}/webhooks/flood-${lane}-${n}`, { method: 'POST', body: '{}' });
      if (res.status !== 404) throw new Error(`An unknown slug was answered ${res.status}.`);
      await res.arrayBuffer();
    }
  });
  try {
    for (let round = 0; round < 10; round += 1) {
      const slug = `not-yet-${round}`;
      for (const one of servers) expect(await status(one, { ...ghost, slug })).toBe(404);
      const source = await make(slug);
      for (const one of servers) expect(await status(one, source)).toBe(200);
    }
  } finally {
    flooding = false;
    await Promise.all(flood);
  }
  expect(await server.registry.getSingleMetricAsString('gradewire_ingest_unknown_sources_total')).toMatch(
    / [1-9]\d+$/m,
  );
});

it('a removed source is a 404 on every process within 5 s, while it is used and after a rest', async () => {
  const busy = await make('removed-busy');
  const resting = await make('removed-resting');
  for (const source of [busy, resting]) for (const server of servers) expect(await status(server, source)).toBe(200);
  const since = performance.now();
  await deleteSource(database.db, box, workspace, busy.id);
  await deleteSource(database.db, box, workspace, resting.id);
  expect(await lastOther(busy, 404, since)).toBeLessThan(LONGEST_LIFE_MS);
  await sleep(Math.max(0, LONGEST_LIFE_MS - (performance.now() - since)));
  for (const server of servers) expect(await status(server, resting)).toBe(404);
});

it('a slug that moves to another source is that source’s within 5 s', async () => {
  const before = await make('moves');
  for (const server of servers) expect(await status(server, before)).toBe(200);
  const since = performance.now();
  await patchSource(database.db, box, workspace, before.id, { slug: 'moved-away' });
  const after = await createSource(database.db, box, {
    workspace,
    provider: 'quizapi',
    slug: 'moves',
    secret: 'another',
  });
  expect(await lastOther(after, 200, since)).toBeLessThan(LONGEST_LIFE_MS);
  for (const server of servers) expect(await status(server, before)).toBe(401);
});

it('a rotation without overlap ends the old secret within 5 s; with overlap both hold', async () => {
  const old = await make('rotated');
  for (const server of servers) expect(await status(server, old)).toBe(200);
  const both = await rotateSource(database.db, box, workspace, old.id, { secret: 'second' });
  if (both === null) throw new Error('No source.');
  await lastOther(both, 200, performance.now());
  for (const server of servers) expect(await status(server, old)).toBe(200);
  const since = performance.now();
  const fresh = await rotateSource(database.db, box, workspace, old.id, { secret: 'third', overlapSeconds: 0 });
  if (fresh === null) throw new Error('No source.');
  expect(await lastOther(old, 401, since)).toBeLessThan(LONGEST_LIFE_MS);
  for (const server of servers) {
    expect(await status(server, fresh)).toBe(200);
    expect(await status(server, both)).toBe(401);
  }
});

it('a new secret or URL token holds at once on every process, however lately the source was read', async () => {
  for (const provider of ['quizapi', 'easygenerator'] as const) {
    const slug = `at-once-${provider}`;
    const secret = provider === 'quizapi' ? { secret: 'first' } : {};
    let source = await createSource(database.db, box, { workspace, provider, slug, ...secret });
    for (let round = 0; round < 5; round += 1) {
      for (const server of servers) expect(await status(server, source)).toBe(200);
      const change = provider === 'quizapi' ? { secret: `next ${round}` } : {};
      const rotated = await rotateSource(database.db, box, workspace, source.id, change);
      if (rotated === null) throw new Error('No source.');
      source = rotated;
      for (const server of servers) expect(await status(server, source)).toBe(200);
    }
  }
});

it('a rotated URL token: both URLs hold during the overlap, then the old one is a 404', async () => {
  const old = await createSource(database.db, box, { workspace, provider: 'easygenerator', slug: 'token' });
  const both = await rotateSource(database.db, box, workspace, old.id, { overlapSeconds: 1 });
  if (both === null) throw new Error('No source.');
  const since = performance.now();
  for (const server of servers) for (const source of [old, both]) expect(await status(server, source)).toBe(200);
  expect(await lastOther(old, 404, since + 1000)).toBeLessThan(LONGEST_LIFE_MS);
  for (const server of servers) expect(await status(server, both)).toBe(200);
});

it('a source whose secrets cannot be opened is our fault: 503, and in the log', async () => {
  const source = await make('broken');
  await database.db.query(`UPDATE sources SET secrets = '\\x00' WHERE id = $1`, [source.id]);
  const [server] = servers;
  if (server === undefined) throw new Error('No server.');
  expect(await status(server, source)).toBe(503);
  expect(server.logged.join()).toContain('cannot be opened');
});
