import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterFor } from '../../src/adapters/registry.ts';
import { secretBox } from '../../src/core/encryption.ts';
import { GradewireError } from '../../src/core/errors.ts';
import { newUuid } from '../../src/core/ids.ts';
import { createSource, type NewSource } from '../../src/sources/create-source.ts';
import { deleteSource } from '../../src/sources/delete-source.ts';
import { findSourcesBySlug } from '../../src/sources/find-sources-by-slug.ts';
import { getSource } from '../../src/sources/get-source.ts';
import { ingestUrl } from '../../src/sources/ingest-url.ts';
import { listSources } from '../../src/sources/list-sources.ts';
import { patchSource } from '../../src/sources/patch-source.ts';
import { rotateSource } from '../../src/sources/rotate-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { sourceVerification } from '../../src/sources/source-verification.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { box } from '../helpers/ingest-server.ts';

let database: TestDatabase;
const workspace = 1;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const create = (input: Omit<NewSource, 'workspace'>): Promise<Source> =>
  createSource(database.db, box, { workspace, ...input });

async function refusal(work: Promise<unknown>): Promise<{ code: string; paths: string[]; text: string }> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof GradewireError)) throw new Error(`Expected a GradewireError, got ${String(error)}.`);
  return {
    code: error.code,
    paths: (error.details ?? []).map((detail) => detail.path),
    text: JSON.stringify([error.message, error.details, String(error.stack)]),
  };
}

function mustBe(source: Source | null): Source {
  if (source === null) throw new Error('There is no such source.');
  return source;
}

describe('creating a source', () => {
  it('keeps what was given and gives it back decrypted', async () => {
    const made = await create({
      provider: 'synap',
      slug: 'synap-a',
      name: 'Synap, north',
      basicAuth: { username: 'gradewire', password: 'a password' },
      identityFrom: { email: 'mail', cohort: 'class' },
      rateLimit: 50,
    });
    const read = mustBe(await getSource(database.db, box, workspace, { slug: 'synap-a' }));
    expect(read).toEqual(made);
    expect(read.secrets.basicAuth).toEqual([{ username: 'gradewire', password: 'a password' }]);
    expect(read.identityFrom).toEqual({ email: 'mail', cohort: 'class' });
    expect(read.rateLimit).toBe(50);
    expect(read.tokens).toHaveLength(1);
    expect(ingestUrl('https://grades.example', read)).toBe(`https://grades.example/webhooks/synap-a/${read.tokens[0]}`);
    expect(sourceVerification(adapterFor('synap'), read)).toBe('basic');
    expect(await getSource(database.db, box, workspace, { id: made.id })).toEqual(made);
    expect(await getSource(database.db, box, workspace + 1, { id: made.id })).toBeNull();
  });

  it('stores no secret in the clear', async () => {
    const secret = 'a secret to look for';
    const source = await create({ provider: 'quizapi', slug: 'clear', secret });
    const [row] = await database.db.query<{ all: string; secrets: Buffer }>(
      `SELECT s::text AS all, secrets FROM sources s WHERE id = $1`,
      [source.id],
    );
    expect(row?.all).not.toContain(secret);
    expect(row?.all).not.toContain(Buffer.from(secret).toString('hex'));
    expect(row?.secrets.includes(secret)).toBe(false);
  });

  it('names slugs after the platform and counts on when they are taken', async () => {
    const input = { provider: 'easygenerator' } as const;
    const slugs = [await create(input), await create(input), await create(input)].map((source) => source.slug);
    expect(slugs).toEqual(['easygenerator', 'easygenerator-2', 'easygenerator-3']);
    const many = await Promise.all(Array.from({ length: 8 }, () => create(input)));
    expect(new Set(many.map((source) => source.slug)).size).toBe(8);
  });

  it('answers a conflict when a slug is taken, whoever has it', async () => {
    await create({ provider: 'quizapi', slug: 'taken', secret: 's' });
    expect((await refusal(create({ provider: 'easygenerator', slug: 'taken' }))).code).toBe('conflict');
  });

  const wrong: [string, Omit<NewSource, 'workspace'>, string[]][] = [
    ['no secret', { provider: 'quizapi' }, ['body/secret']],
    ['no secret (instruqt)', { provider: 'instruqt' }, ['body/secret']],
    ['no secret (standard)', { provider: 'standard' }, ['body/secret']],
    ['nothing for testpress', { provider: 'testpress' }, ['body/secret', 'body/publicKey']],
    ['an empty secret', { provider: 'quizapi', secret: '' }, ['body/secret']],
    ['a secret that is not base64', { provider: 'instruqt', secret: 'whsec_not base64!' }, ['body/secret']],
    ['an empty whsec_', { provider: 'standard', secret: 'whsec_' }, ['body/secret']],
    ['a secret where nothing is signed', { provider: 'synap', secret: 'x' }, ['body/secret']],
    ['a public key where there is none', { provider: 'quizapi', secret: 'x', publicKey: 'k' }, ['body/publicKey']],
    ['a slug with a slash', { provider: 'quizapi', secret: 'x', slug: 'a/b' }, ['body/slug']],
    ['a slug of 64', { provider: 'quizapi', secret: 'x', slug: 'a'.repeat(64) }, ['body/slug']],
    ['an upper-case slug', { provider: 'quizapi', secret: 'x', slug: 'Quiz' }, ['body/slug']],
    ['a name with a NUL', { provider: 'quizapi', secret: 'x', name: 'a\0b' }, ['body/name']],
    [
      'credentials nobody sends',
      { provider: 'quizapi', secret: 'x', basicAuth: { username: 'a', password: 'b' } },
      ['body/basicAuth'],
    ],
    [
      'a colon in the user name',
      { provider: 'synap', basicAuth: { username: 'a:b', password: 'b' } },
      ['body/basicAuth/username'],
    ],
    [
      'an origin with a path',
      { provider: 'easygenerator', allowedOrigins: ['https://a.example/x'] },
      ['body/allowedOrigins/0'],
    ],
    [
      'an origin that is none',
      { provider: 'easygenerator', allowedOrigins: ['https://a.example', 'nonsense'] },
      ['body/allowedOrigins/1'],
    ],
    ['a rate of nothing', { provider: 'quizapi', secret: 'x', rateLimit: 0 }, ['body/rateLimit']],
  ];
  it.each(wrong)('refuses %s and says where', async (_, input, paths) => {
    const seen = await refusal(create(input));
    expect(seen.code).toBe('invalid_request');
    expect(seen.paths).toEqual(paths);
  });

  it('takes secrets of any length behind whsec_, with and without the prefix', async () => {
    for (const secret of [`whsec_${randomBytes(8).toString('base64')}`, randomBytes(32).toString('base64')]) {
      expect((await create({ provider: 'standard', secret })).secrets.secrets).toEqual([secret]);
    }
  });

  it('keeps the secret out of the error it makes', async () => {
    const seen = await refusal(create({ provider: 'instruqt', secret: 'whsec_%%%a-very-secret-text' }));
    expect(seen.text).not.toContain('a-very-secret-text');
  });
});

describe('listing sources', () => {
  it('gives the newest first, a page at a time, without those of others and those removed', async () => {
    const own = await createTestDatabase();
    try {
      const made: string[] = [];
      for (let n = 0; n < 5; n += 1)
        made.push((await createSource(own.db, box, { workspace, provider: 'easygenerator' })).id);
      await deleteSource(own.db, box, workspace, made[1] ?? '');
      const first = await listSources(own.db, box, workspace, { limit: 3 });
      const last = first.at(-1);
      const second = await listSources(own.db, box, workspace, {
        limit: 3,
        after: last === undefined ? undefined : { createdAt: last.createdAt, id: last.id },
      });
      const seen = [...first, ...second].map((source) => source.id);
      expect(first).toHaveLength(3);
      expect(new Set(seen)).toEqual(new Set([made[0], made[2], made[3], made[4]]));
      expect(await listSources(own.db, box, 2, { limit: 10 })).toEqual([]);
    } finally {
      await own.drop();
    }
  });
});

describe('patching a source', () => {
  it('changes what is named and leaves the rest', async () => {
    const source = await create({
      provider: 'easygenerator',
      slug: 'patch-me',
      allowedOrigins: ['https://a.example'],
      rateLimit: 5,
    });
    const changed = mustBe(await patchSource(database.db, box, workspace, source.id, { name: 'New', rateLimit: null }));
    expect(changed).toEqual({ ...source, name: 'New', rateLimit: null });
    const origins = mustBe(await patchSource(database.db, box, workspace, source.id, { allowedOrigins: null }));
    expect(origins.allowedOrigins).toBeNull();
  });

  it('moves to a new slug and frees the old one', async () => {
    const source = await create({ provider: 'easygenerator', slug: 'old-slug' });
    await patchSource(database.db, box, workspace, source.id, { slug: 'new-slug' });
    const found = await findSourcesBySlug(database.db, box, ['old-slug', 'new-slug']);
    expect([...found.keys()]).toEqual(['new-slug']);
    await create({ provider: 'easygenerator', slug: 'old-slug' });
    expect((await refusal(patchSource(database.db, box, workspace, source.id, { slug: 'old-slug' }))).code).toBe(
      'conflict',
    );
    expect(mustBe(await getSource(database.db, box, workspace, { id: source.id })).slug).toBe('new-slug');
  });

  it('sets and takes away Basic credentials', async () => {
    const source = await create({ provider: 'synap' });
    expect(sourceVerification(adapterFor('synap'), source)).toBe('token');
    const login = { username: 'u', password: 'p' };
    const set = mustBe(await patchSource(database.db, box, workspace, source.id, { basicAuth: login }));
    expect(set.secrets.basicAuth).toEqual([login]);
    expect(set.tokens).toEqual(source.tokens);
    const unset = mustBe(await patchSource(database.db, box, workspace, source.id, { basicAuth: null }));
    expect(unset.secrets.basicAuth).toEqual([]);
  });

  it('says null for a source that is not there', async () => {
    expect(await patchSource(database.db, box, workspace, newUuid(), { name: 'x' })).toBeNull();
  });
});

describe('rotating a source', () => {
  it('lets old and new hold for a day, and not longer', async () => {
    const source = await create({ provider: 'quizapi', secret: 'old' });
    const both = mustBe(await rotateSource(database.db, box, workspace, source.id, { secret: 'new' }));
    expect(both.secrets.secrets).toEqual(['new', 'old']);
    const [row] = await database.db.query<{ secrets: Buffer }>(`SELECT secrets FROM sources WHERE id = $1`, [
      source.id,
    ]);
    const stored: unknown = JSON.parse(box.open(row?.secrets ?? Buffer.alloc(0), source.id));
    const day = 24 * 3600 * 1000;
    expect(stored).toMatchObject({ secrets: [{ value: 'new', expiresAt: null }, { value: 'old' }] });
    const until = Date.parse((stored as { secrets: { expiresAt: string }[] }).secrets[1]?.expiresAt ?? '');
    expect(until).toBeGreaterThan(Date.now() + day - 60_000);
    expect(until).toBeLessThanOrEqual(Date.now() + day);
  });

  it('ends the old one at once with an overlap of 0', async () => {
    const source = await create({ provider: 'quizapi', secret: 'old' });
    const rotated = mustBe(
      await rotateSource(database.db, box, workspace, source.id, { secret: 'new', overlapSeconds: 0 }),
    );
    expect(rotated.secrets.secrets).toEqual(['new']);
  });

  it('does not lengthen the life of one that is already leaving, and forgets what has ended', async () => {
    const source = await create({ provider: 'quizapi', secret: 'one' });
    await rotateSource(database.db, box, workspace, source.id, { secret: 'two', overlapSeconds: 1 });
    await rotateSource(database.db, box, workspace, source.id, { secret: 'three', overlapSeconds: 3600 });
    const deadline = Date.now() + 10_000;
    let secrets: readonly string[] = [];
    do {
      secrets = mustBe(await getSource(database.db, box, workspace, { id: source.id })).secrets.secrets;
    } while (secrets.includes('one') && Date.now() < deadline);
    expect(secrets).toEqual(['three', 'two']);
  });

  it('makes a new token for platforms that sign nothing, and a new password where one is given', async () => {
    const source = await create({ provider: 'synap', basicAuth: { username: 'u', password: 'p1' } });
    const token = mustBe(await rotateSource(database.db, box, workspace, source.id, {}));
    expect(token.tokens).toHaveLength(2);
    expect(token.tokens[1]).toBe(source.tokens[0]);
    expect(ingestUrl('x', token)).not.toBe(ingestUrl('x', source));
    const password = mustBe(await rotateSource(database.db, box, workspace, source.id, { secret: 'p2' }));
    expect(password.secrets.basicAuth).toEqual([
      { username: 'u', password: 'p2' },
      { username: 'u', password: 'p1' },
    ]);
  });

  it('loses none of two rotations at once', async () => {
    const source = await create({ provider: 'easygenerator' });
    await Promise.all([1, 2, 3].map(() => rotateSource(database.db, box, workspace, source.id, {})));
    expect(mustBe(await getSource(database.db, box, workspace, { id: source.id })).tokens).toHaveLength(4);
  });

  it('needs a secret where the platform makes it, and refuses one where there is none', async () => {
    const signing = await create({ provider: 'quizapi', secret: 'x' });
    expect((await refusal(rotateSource(database.db, box, workspace, signing.id, {}))).paths).toEqual(['body/secret']);
    const open = await create({ provider: 'easygenerator' });
    expect((await refusal(rotateSource(database.db, box, workspace, open.id, { secret: 'x' }))).paths).toEqual([
      'body/secret',
    ]);
    expect((await refusal(rotateSource(database.db, box, workspace, open.id, { overlapSeconds: -1 }))).paths).toEqual([
      'body/overlapSeconds',
    ]);
    expect(await rotateSource(database.db, box, workspace, newUuid(), {})).toBeNull();
  });
});

describe('removing a source', () => {
  it('takes its slug and its secrets away, and keeps the row for its receipts', async () => {
    const source = await create({ provider: 'quizapi', slug: 'gone', secret: 'x' });
    expect(await deleteSource(database.db, box, workspace, source.id)).toBe(true);
    expect(await deleteSource(database.db, box, workspace, source.id)).toBe(false);
    expect(await getSource(database.db, box, workspace, { id: source.id })).toBeNull();
    expect((await findSourcesBySlug(database.db, box, ['gone'])).size).toBe(0);
    const [row] = await database.db.query<{ provider: string; secrets: Buffer }>(
      `SELECT provider, secrets FROM sources WHERE id = $1`,
      [source.id],
    );
    expect(row?.provider).toBe('quizapi');
    expect(JSON.parse(box.open(row?.secrets ?? Buffer.alloc(0), source.id))).toEqual({
      secrets: [],
      basicAuth: [],
      tokens: [],
    });
    expect((await create({ provider: 'quizapi', slug: 'gone', secret: 'y' })).id).not.toBe(source.id);
  });
});

describe('finding by slug', () => {
  it('keeps a source that cannot be opened from hiding the others', async () => {
    const other = secretBox('another encryption key, of another instance');
    await createSource(database.db, other, { workspace, provider: 'quizapi', slug: 'foreign', secret: 'z' });
    await create({ provider: 'quizapi', slug: 'ours', secret: 'x' });
    const found = await findSourcesBySlug(database.db, box, ['foreign', 'ours', 'nobody']);
    expect([...found.keys()].sort()).toEqual(['foreign', 'ours']);
    expect(found.get('foreign')).toBeInstanceOf(GradewireError);
    expect(found.get('ours')).toMatchObject({ slug: 'ours' });
  });
});
