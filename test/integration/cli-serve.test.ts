import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PROVIDERS } from '../../src/core/vocabulary.ts';
import type { Summary } from '../../src/simulator/tally.ts';
import { type CliResult, cli, type RunningCli, startCli } from '../helpers/cli.ts';
import { dataFolder } from '../helpers/memory.ts';
import { until } from '../helpers/until.ts';

let cwd = '';
let env: Record<string, string> = {};
const running: RunningCli[] = [];

beforeAll(() => {
  cwd = dataFolder('gradewire-cli-');
  env = { GRADEWIRE_DATA_DIR: path.join(cwd, 'data'), PORT: '0' };
});

afterEach(async () => {
  for (const one of running.splice(0)) {
    one.child.kill('SIGTERM');
    await one.ended;
  }
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function run(...words: string[]): Promise<CliResult> {
  return cli(words, { cwd, env });
}

async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...words, '--json');
  expect({ code, stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

/** Starts `serve` or `demo` and waits for what it says when it is up. */
async function started(words: readonly string[], sign: RegExp): Promise<{ server: RunningCli; url: string }> {
  const server = startCli(words, { cwd, env });
  running.push(server);
  const found = await until('the server to say where it is', () => {
    if (server.child.exitCode !== null) throw new Error(`It ended: ${server.stderr()}`);
    return sign.exec(server.stdout());
  });
  return { server, url: found[1] ?? '' };
}

/** Up to the last of the start lines: they are written one by one. */
const READY = /is ready at (http:\/\/127\.0\.0\.1:\d+)\n(?:.*\n)*? +npx gradewire tail\n/;

interface Progress {
  state: string;
  percentage: number | null;
  externalId: string | null;
}

test('a server, its sources, simulated classes on all platforms, tail, replay and rebuild, and the end', async () => {
  const { server, url } = await started(['serve'], READY);
  const key = readFileSync(path.join(cwd, 'data', 'admin-key'), 'utf8').trim();
  // The key shows at the first start, in full, with where it is kept.
  expect(server.stdout()).toContain(key);
  expect(server.stdout()).toContain('npx gradewire simulate --source quizapi');

  // The first administrator's way in: the link that the start printed.
  const link = /^ {2}(http:\/\/\S+\/setup\?token=[\w-]{43})$/m.exec(server.stdout())?.[1] ?? '';
  const token = new URL(link).searchParams.get('token');
  const account = { token, name: 'Asha Rao', email: 'asha@example.org', password: 'correct horse battery' };
  const setup = await fetch(`${url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(account),
  });
  expect(setup.status).toBe(201);
  const cookie = setup.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const me = await fetch(`${url}/api/v1/me`, { headers: { cookie } });
  expect(await me.json()).toMatchObject({ role: 'admin', user: { email: 'asha@example.org' } });

  const again = await run('serve');
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toMatch(/^gradewire: .*\.\n$/);

  const extra: Record<string, string[]> = {
    testpress: ['--generate-secret', '--public-key', 'YDRAXrgV3STf7EH5'],
    synap: ['--basic', 'gradewire:a-long-password'],
    easygenerator: [],
  };
  for (const provider of PROVIDERS) {
    const source = await json<{ ingestUrl: string }>(
      'sources',
      'add',
      provider,
      ...(extra[provider] ?? ['--generate-secret']),
    );
    // The commands know where the running server listens, though PORT is 0.
    expect(source.ingestUrl).toContain(`${url}/webhooks/${provider}`);
  }

  const faults = ['--faults', 'duplicate,reorder,tamper,late,malformed', '--seed', 'a week', '--count', '60'];
  for (const provider of PROVIDERS) {
    const summary = await json<Summary>('simulate', '--source', provider, ...faults);
    expect(summary, provider).toMatchObject({ accepted: 60, wronglyAccepted: 0, failed: [], asExpected: true });
    expect(summary.duplicates).toBe(summary.faults.duplicate ?? 0);
  }
  // The same seed sends the same bytes, and here there are no faults: all of them are known already.
  const known = await json<Summary>('simulate', '--source', 'quizapi', '--seed', 'a week', '--count', '60');
  expect(known).toMatchObject({ sent: 60, accepted: 0, duplicates: 60, asExpected: true });

  const attempts = async (): Promise<Progress[]> => {
    const response = await fetch(`${url}/api/v1/attempts?limit=200`, { headers: { authorization: `Bearer ${key}` } });
    expect(response.status).toBe(200);
    return ((await response.json()) as { data: Progress[] }).data;
  };
  await run('replay', '--status', 'pending', '--wait');
  const before = await attempts();
  expect(before.length).toBeGreaterThan(50);

  const { count } = await json<{ count: number }>('replay', '--all', '--rebuild', '--wait');
  expect(count).toBe(60 * PROVIDERS.length);
  expect(await attempts()).toEqual(before);

  const tail = await run('tail', '--no-follow', '--last', '5', '--json', '--type', 'attempt.completed');
  const events = tail.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; id: string });
  expect(events.map((event) => event.type)).toEqual(Array.from({ length: 5 }, () => 'attempt.completed'));

  // A follower sees what happens after it began, and ends well on a signal.
  const follower = startCli(['tail', '--last', '0', '--json'], { cwd, env });
  running.push(follower);
  await until('an event to come by', async () => {
    await run('simulate', '--source', 'quizapi', '--count', '3', '--event', 'quiz.completed');
    return follower.stdout().includes('"type":"attempt.completed"');
  });
  follower.child.kill('SIGTERM');
  expect(await follower.ended).toMatchObject({ code: 0, stderr: '' });

  server.child.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);

  // Without a server the commands bring the database up for themselves, and say so.
  const listed = await run('sources', 'list', '--json');
  expect(listed).toMatchObject({ code: 0, stderr: expect.stringContaining('No server runs on') });
  expect((JSON.parse(listed.stdout) as unknown[]).length).toBe(PROVIDERS.length);
  expect(await run('tail')).toMatchObject({ code: 1, stderr: expect.stringContaining('No server runs here') });
  expect(await run('simulate', '--source', 'quizapi')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Start one with `npm start`'),
  });
}, 300_000);

test('the demo plays on all five platforms through the real ingest path until it is stopped', async () => {
  const dir = path.join(cwd, 'demo');
  const { server, url } = await started(
    ['demo', '--data-dir', dir, '--learners', '40', '--no-history'],
    /Docs +(http:\/\/127\.0\.0\.1:\d+)\/docs\n/,
  );
  const key = readFileSync(path.join(dir, 'admin-key'), 'utf8').trim();
  const seen = new Set<string>();
  await until(
    'events of the platforms that tell starts',
    async () => {
      const response = await fetch(`${url}/api/v1/events?limit=200`, { headers: { authorization: `Bearer ${key}` } });
      const { data } = (await response.json()) as { data: { source: { provider: string } }[] };
      for (const event of data) seen.add(event.source.provider);
      return ['quizapi', 'testpress', 'instruqt'].every((provider) => seen.has(provider));
    },
    90_000,
  );
  server.child.kill('SIGINT');
  expect((await server.ended).code).toBe(0);
  const failed = await cli(['replay', '--status', 'failed', '--json'], { cwd, env: { GRADEWIRE_DATA_DIR: dir } });
  expect(JSON.parse(failed.stdout)).toEqual({ count: 0 });
}, 200_000);

test('a DATABASE_URL that leads nowhere is one sentence that names it, without the password, and exit code 1', async () => {
  const at = { cwd, env: { ...env, ...KEYS, DATABASE_URL: 'postgres://somebody:hunter2@127.0.0.1:1/none' } };
  for (const words of [['serve'], ['sources', 'list'], ['migrate']]) {
    const { code, stdout, stderr } = await cli(words, at);
    expect({ code, stdout }, words.join(' ')).toEqual({ code: 1, stdout: '' });
    const last = stderr.trimEnd().split('\n').at(-1);
    expect(last).toMatch(
      /^gradewire: DATABASE_URL leads to no database .*somebody@127\.0\.0\.1:1\/none.*ECONNREFUSED.*\.$/,
    );
    expect(stderr).not.toMatch(/hunter2|\n {4}at /);
  }
  const doctor = await cli(['doctor', '--json'], at);
  expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining('DATABASE_URL leads to no database') });
});

test('keys that the first start was given are kept, so that other terminals need no variables', async () => {
  const dataDir = path.join(cwd, 'given');
  const shell = { GRADEWIRE_DATA_DIR: dataDir, PORT: '0' };
  const env_ = {
    ...shell,
    ...KEYS,
    NATS_URL: 'nats://localhost:4222',
    QUIZAPI_WEBHOOK_SECRET: 'a secret of the guide',
  };
  const server = startCli(['serve'], { cwd, env: env_ });
  running.push(server);
  const [, url = ''] = await until('the server', () => {
    if (server.child.exitCode !== null) throw new Error(`It ended: ${server.stderr()}`);
    return READY.exec(server.stdout());
  });
  expect(readFileSync(path.join(dataDir, 'admin-key'), 'utf8').trim()).toBe(KEYS.GRADEWIRE_ADMIN_KEY);
  expect(server.stderr()).toContain('NATS_URL is set, but');
  expect(server.stderr()).not.toContain('cannot be reached');

  // What the API and its pages say of the server's own address holds with PORT=0 too.
  const headers = { authorization: `Bearer ${KEYS.GRADEWIRE_ADMIN_KEY}` };
  const text = async (at: string): Promise<string> => (await fetch(`${url}${at}`, { headers })).text();
  expect(JSON.parse(await text('/api/v1/sources'))).toMatchObject({ data: [{ ingestUrl: `${url}/webhooks/quizapi` }] });
  expect(JSON.parse(await text('/openapi.json'))).toMatchObject({ servers: [{ url }] });
  expect(await text('/docs')).toContain(url);

  // A data directory that lost its keys: commands make none, and only those that open secrets ask for one.
  for (const name of ['admin-key', 'encryption-key']) rmSync(path.join(dataDir, name));
  const keys = await cli(['keys', 'list', '--json'], { cwd, env: shell });
  expect(keys).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
  const sources = await cli(['sources', 'list'], { cwd, env: shell });
  expect(sources).toMatchObject({ code: 1, stderr: expect.stringContaining('GRADEWIRE_ENCRYPTION_KEY is not set') });
  expect(existsSync(path.join(dataDir, 'admin-key'))).toBe(false);
  expect(existsSync(path.join(dataDir, 'encryption-key'))).toBe(false);

  server.child.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);
  const without = await cli(['serve'], { cwd, env: shell });
  expect(without).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^gradewire: GRADEWIRE_ADMIN_KEY is not set, .*\.\n$/),
  });
}, 120_000);

test('a QUIZAPI_WEBHOOK_SECRET that cannot be is refused by its name', async () => {
  const { code, stderr } = await cli(['serve'], {
    cwd,
    env: { ...env, GRADEWIRE_DATA_DIR: path.join(cwd, 'guide'), QUIZAPI_WEBHOOK_SECRET: 'x'.repeat(2_000) },
  });
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^gradewire: QUIZAPI_WEBHOOK_SECRET .*\.$/);
});

const KEYS = {
  GRADEWIRE_ADMIN_KEY: 'an-admin-key-of-forty-characters-or-more',
  GRADEWIRE_ENCRYPTION_KEY: 'an-encryption-key-of-forty-characters-ok',
};
