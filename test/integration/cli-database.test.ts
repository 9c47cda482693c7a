import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Uuid } from '../../src/core/ids.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { addActivity, addAttempt, addLearner, learnerId } from '../helpers/progress-rows.ts';
import { unzipped } from '../helpers/unzipped.ts';

let test_: TestDatabase;
let cwd = '';
let env: Record<string, string> = {};

beforeAll(async () => {
  test_ = await createTestDatabase();
  cwd = mkdtempSync(path.join(tmpdir(), 'gradewire-cli-'));
  env = {
    DATABASE_URL: test_.url,
    GRADEWIRE_DATA_DIR: path.join(cwd, 'data'),
    GRADEWIRE_ADMIN_KEY: 'an admin key of forty characters or so'.replaceAll(' ', '-'),
    GRADEWIRE_ENCRYPTION_KEY: 'an encryption key of forty characters'.replaceAll(' ', '-'),
    PUBLIC_URL: 'https://hooks.example.com',
  };
});

afterAll(async () => {
  await test_.drop();
  rmSync(cwd, { recursive: true, force: true });
});

/** Runs a command that must work, and reads what it printed. */
async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli([...words, '--json'], { cwd, env });
  expect({ code, stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

function run(...words: string[]): Promise<CliResult> {
  return cli(words, { cwd, env });
}

interface ShownSource {
  id: string;
  slug: string;
  provider: string;
  name: string;
  ingestUrl: string;
  verification: string;
  secret?: string;
}

test('sources: add, list, rotate, remove', async () => {
  const added = await json<ShownSource>(
    'sources',
    'add',
    'quizapi',
    '--secret',
    'a secret of the platform',
    '--name',
    'Quiz',
  );
  expect(added).toMatchObject({
    provider: 'quizapi',
    slug: 'quizapi',
    name: 'Quiz',
    ingestUrl: 'https://hooks.example.com/webhooks/quizapi',
    verification: 'signature',
  });
  expect(JSON.stringify(added)).not.toContain('a secret of the platform');

  const open = await json<ShownSource>('sources', 'add', 'easygenerator', '--slug', 'courses');
  expect(open.ingestUrl).toMatch(/^https:\/\/hooks\.example\.com\/webhooks\/courses\/[\w-]{20,}$/);
  expect(open.verification).toBe('token');

  const listed = await json<ShownSource[]>('sources', 'list');
  expect(listed).toEqual([open, added]);
  const table = await run('sources', 'list');
  expect(table.stdout).toContain(added.ingestUrl);
  expect(table.stdout).toContain('secret URL only');

  const rotated = await json<ShownSource>('sources', 'rotate', 'courses', '--overlap', '0');
  expect(rotated.ingestUrl).not.toBe(open.ingestUrl);
  const made = await json<ShownSource>('sources', 'rotate', added.id, '--generate-secret');
  expect(made.secret).toMatch(/^[0-9a-f]{48}$/);

  expect(await json('sources', 'remove', 'courses')).toEqual({ removed: open.id });
  expect(await json<ShownSource[]>('sources', 'list')).toHaveLength(1);
});

test('a secret can come from standard input, so that no process list shows it', async () => {
  const { code, stdout } = await cli(['sources', 'add', 'standard', '--secret', '-', '--json'], {
    cwd,
    env,
    stdin: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n',
  });
  expect(code).toBe(0);
  expect(stdout).not.toContain('MfKQ9r8');
});

test('what the platform needs and did not get is said in the words of the options, with exit code 2', async () => {
  const missing = await run('sources', 'add', 'testpress');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('--public-key');
  expect(missing.stderr).toContain('--secret');
  const slug = await run('sources', 'add', 'quizapi', '--secret', 'long enough secret', '--slug', 'Not A Slug');
  expect(slug).toMatchObject({ code: 2, stderr: expect.stringContaining('--slug') });
  expect(await run('sources', 'add', 'synap', '--generate-secret')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('signs nothing'),
  });
});

test('what is not there is exit code 1 and a way on', async () => {
  for (const words of [
    ['sources', 'rotate', 'nobody'],
    ['sources', 'remove', 'nobody'],
    ['replay', '--source', 'nobody'],
  ]) {
    expect(await run(...words)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('`gradewire sources list`'),
    });
  }
  const receipt = `rcp_${'0'.repeat(32)}`;
  expect(await run('replay', receipt)).toMatchObject({ code: 1, stderr: expect.stringContaining(receipt) });
  const key = `key_${'0'.repeat(32)}`;
  expect(await run('keys', 'remove', key)).toMatchObject({ code: 1, stderr: expect.stringContaining(key) });
});

interface ShownKey {
  id: string;
  name: string;
  role: string;
  hint: string;
  expiresAt: string | null;
  key?: string;
}

test('keys: add, list, remove; the key itself shows once', async () => {
  const made = await json<ShownKey>(
    'keys',
    'add',
    '--name',
    'Nightly',
    '--role',
    'integration',
    '--expires',
    '2099-01-01',
  );
  expect(made).toMatchObject({ name: 'Nightly', role: 'integration', expiresAt: '2099-01-01T00:00:00.000Z' });
  expect(made.key).toMatch(/^gw_[\w-]{40,}$/);
  const { key, ...rest } = made;
  const listed = await json<ShownKey[]>('keys', 'list');
  expect(listed).toEqual([rest]);
  expect(key?.startsWith(made.hint)).toBe(true);
  expect((await run('keys', 'list')).stdout).toContain('Nightly');
  expect(await json('keys', 'remove', made.id)).toEqual({ removed: made.id });
  expect(await json('keys', 'list')).toEqual([]);
});

test('names cannot play tricks on the terminal', async () => {
  await json('keys', 'add', '--name', 'evil\u001b[2J\u202ename', '--role', 'admin');
  const { stdout } = await run('keys', 'list');
  expect(stdout).toContain('evil·[2J·name');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is what this is about.
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
});

test('replay says how many receipts are queued', async () => {
  expect(await json('replay', '--all')).toEqual({ count: 0 });
  expect((await run('replay', '--status', 'failed')).stdout).toBe('No receipt fits; nothing was queued.\n');
});

test('export writes what the API would, to standard output or a file', async () => {
  await json('sources', 'add', 'synap', '--slug', 'exported');
  const [made] = await test_.db.query<{ id: Uuid }>("SELECT id FROM sources WHERE slug = 'exported'");
  if (made === undefined) throw new Error('The source is missing.');
  const source = made.id;
  const learner = await addLearner(test_.db, { name: '=1+1' });
  const activity = await addActivity(test_.db, source, { provider: 'synap' });
  await addAttempt(test_.db, { learner, activity, source, provider: 'synap', score: -2 });
  expect(await json('export', '--source', 'exported')).toMatchObject({ learner: { name: '=1+1' }, score: -2 });
  const { code, stdout } = await run('export', '--learner', learnerId(learner));
  expect(code).toBe(0);
  expect(stdout.split('\r\n')).toHaveLength(3);
  expect(stdout).toMatch(/,'=1\+1,.*,-2,/);
  const file = path.join(cwd, 'attempts.xlsx');
  expect(await run('export', '--format', 'xlsx', '--out', file)).toMatchObject({ code: 0, stdout: '' });
  expect(unzipped(readFileSync(file)).get('xl/worksheets/sheet1.xml')).toContain('<v>-2</v>');
});

test('tail without --follow prints what there is and ends', async () => {
  expect(await run('tail', '--no-follow', '--json')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('migrate: says what it applied, and nothing the second time', async () => {
  const empty = await createTestDatabase({ migrated: false });
  try {
    const on = { cwd, env: { ...env, DATABASE_URL: empty.url } };
    const refused = await cli(['sources', 'list'], on);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Run `gradewire migrate` first') });
    const first = await cli(['migrate', '--json'], on);
    const { applied } = JSON.parse(first.stdout) as { applied: string[] };
    expect(applied[0]).toMatch(/^000001-/);
    expect(await cli(['migrate', '--json'], on)).toMatchObject({ code: 0, stdout: '{\n  "applied": []\n}\n' });
    expect((await cli(['migrate'], on)).stdout).toContain('up to date');
  } finally {
    await empty.drop();
  }
});

interface Report {
  ok: boolean;
  findings: { name: string; ok: boolean; detail: string }[];
}

test('doctor: good is exit code 0; what somebody changed by hand is found, exit code 1', async () => {
  await json('sources', 'list');
  const good = await json<Report>('doctor');
  expect(good.ok).toBe(true);
  expect(good.findings.map((finding) => finding.name)).toContain('schema');
  await test_.db.query('CREATE TABLE by_hand (x integer)');
  const { code, stdout } = await run('doctor', '--json');
  await test_.db.query('DROP TABLE by_hand');
  expect(code).toBe(1);
  const { findings } = JSON.parse(stdout) as Report;
  expect(findings.find((finding) => !finding.ok)).toMatchObject({
    name: 'schema',
    detail: expect.stringContaining('by_hand'),
  });
  expect((await run('doctor')).stdout).toContain('Everything is as it should be.');
});

test('another encryption key than the database’s is refused', async () => {
  await json('sources', 'list');
  const other = { ...env, GRADEWIRE_ENCRYPTION_KEY: 'another-encryption-key-of-forty-characters' };
  const { code, stderr } = await cli(['sources', 'list'], { cwd, env: other });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^gradewire: GRADEWIRE_ENCRYPTION_KEY .*\n$/);
});
