/** `gradewire endpoints` and `gradewire listen`, as a person at a terminal uses them beside a real server. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/db/embedded/free-port.ts';
import { type CliResult, cli, type RunningCli, startCli } from '../helpers/cli.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { recordingServer } from '../helpers/recording-server.ts';
import { ADMIN_KEY, ENCRYPTION_KEY, type RealServer, startRealServer } from '../helpers/server.ts';
import { until } from '../helpers/until.ts';

interface Line {
  id: string | null;
  repeated: boolean;
  verified: boolean | null;
  problem: string | null;
  status: number;
  forwarded: { status: number; error: string | null } | null;
  headers: Record<string, string>;
  body: { type: string; data: { type: string; learner: { identities: unknown[] } | null; data: { test?: boolean } } };
}

let database: TestDatabase;
let server: RealServer;
let cwd = '';
let env: Record<string, string> = {};
const running: RunningCli[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  cwd = mkdtempSync(path.join(tmpdir(), 'gradewire-cli-'));
  env = {
    DATABASE_URL: database.url,
    GRADEWIRE_DATA_DIR: path.join(cwd, 'data'),
    GRADEWIRE_ADMIN_KEY: ADMIN_KEY,
    GRADEWIRE_ENCRYPTION_KEY: ENCRYPTION_KEY,
  };
  // With a data directory the server notes there where it is and what it allows.
  mkdirSync(path.join(cwd, 'data'));
  server = await startRealServer({ ...env, GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: 'true' });
});

afterEach(async () => {
  for (const one of running.splice(0)) {
    one.child.kill('SIGTERM');
    await one.ended;
  }
});

afterAll(async () => {
  await server.stop();
  await database.drop();
  rmSync(cwd, { recursive: true, force: true });
});

function run(...words: string[]): Promise<CliResult> {
  return cli(words, { cwd, env });
}

async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...words, '--json');
  expect({ code, stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

/** A receiver that listens; `lines` gives what it printed. */
async function listening(words: string[], stdin = ''): Promise<RunningCli & { url: string; lines: () => Line[] }> {
  const port = words.includes('--port') ? [] : ['--port', '0'];
  const process = startCli(['listen', ...words, ...port], { cwd, env, stdin });
  running.push(process);
  const said = () => `${process.stdout()}${process.stderr()}`;
  await until('the receiver listens', () => said().includes('Listening at'));
  const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(said())?.[0] ?? '';
  const lines = () =>
    process
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  return { ...process, url, lines };
}

test('an endpoint at a listener gets a test and what really happens, verified', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const added = await json<{ id: string; url: string; secret: string }>(
    'endpoints',
    'add',
    url,
    '--events',
    'attempt.completed,attempt.started',
    '--description',
    'mine',
  );
  expect(added).toMatchObject({ kind: 'webhook', url, eventTypes: ['attempt.completed', 'attempt.started'] });
  const listener = await listening(['--port', String(port), '--secret', '-', '--json'], `${added.secret}\n`);

  const sent = await json<{ status: string; attempts: { statusCode: number }[] }>('endpoints', 'test', added.id);
  expect(sent).toMatchObject({ status: 'succeeded', attempts: [{ statusCode: 200 }] });
  expect(listener.lines()).toMatchObject([
    {
      verified: true,
      problem: null,
      repeated: false,
      body: { type: 'attempt.completed', data: { data: { test: true } } },
    },
  ]);

  await json('sources', 'add', 'quizapi', '--secret', 'a secret of the platform');
  await json('simulate', '--source', 'quizapi', '--count', '4', '--learners', '2', '--seed', '7');
  await until('a real event arrives', () => listener.lines().length > 1);
  const [, real] = listener.lines();
  expect(real).toMatchObject({ verified: true, status: 200 });
  expect(real?.body.data.learner?.identities).toHaveLength(1);
  expect(real?.headers['user-agent']).toMatch(/^Gradewire\//);

  const [listed] = await json<{ id: string; pending: number }[]>('endpoints', 'list');
  expect(listed?.id).toBe(added.id);
  expect((await run('endpoints', 'list')).stdout).toContain(url);
  expect(await json('endpoints', 'remove', url)).toEqual({ removed: added.id });
  expect(await json('endpoints', 'list')).toEqual([]);
});

test('a test that does not get there says why', async () => {
  const listener = await listening(['--status', '503', '--json']);
  const { id } = await json<{ id: string }>('endpoints', 'add', listener.url);
  const { code, stderr } = await run('endpoints', 'test', id);
  expect(code).toBe(1);
  expect(stderr).toContain('503');
  expect(listener.lines()).toMatchObject([{ verified: null, status: 503 }]);
  await json('endpoints', 'remove', id);
});

test('people get a line for each, with what is wrong below it', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const listener = await listening(['--secret', secret, '--verbose']);
  const body = JSON.stringify({ hello: 'world\u001b[2J' });
  const at = new Date();
  const signed = (id: string, sign = true) =>
    fetch(listener.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...(sign
          ? {
              'webhook-id': id,
              'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
              'webhook-signature': new Webhook(secret).sign(id, at, body),
            }
          : {}),
      },
    });
  for (const [id, sign] of [
    ['msg_1', true],
    ['msg_1', true],
    ['', false],
  ] as const) {
    expect((await signed(id, sign)).status).toBe(200);
  }
  await until('all three are printed', () => listener.stdout().includes('bears no signature'));
  const out = listener.stdout();
  expect(out.match(/✓ .*POST \//g)).toHaveLength(2);
  expect(out.match(/✗ .*POST \//g)).toHaveLength(1);
  expect(out).toContain('this webhook-id came before');
  expect(out).toContain('"hello"');
  expect(out).not.toContain('\u001b[2J');
  listener.child.kill('SIGINT');
  expect((await listener.ended).code).toBe(0);
});

test('what is forwarded arrives as it came, and the sender gets that answer', async () => {
  const app = await recordingServer((request, response) =>
    response.writeHead(request.url === '/hook?x=1' ? 418 : 404).end('tea'),
  );
  const listener = await listening(['--json', '--forward', `${app.url}/hook?x=1`]);
  const answer = await fetch(listener.url, { method: 'POST', body: '{ "a":1 }', headers: { 'webhook-id': 'msg_9' } });
  expect([answer.status, await answer.text()]).toEqual([418, 'tea']);
  expect(app.requests.map(({ body }) => body.toString())).toEqual(['{ "a":1 }']);
  expect(app.requests[0]?.headers['webhook-id']).toBe('msg_9');
  await app.close();
  const away = await fetch(listener.url, { method: 'POST', body: '{}' });
  expect(away.status).toBe(502);
  await until('both are printed', () => listener.lines().length === 2);
  expect(listener.lines()).toMatchObject([
    { id: 'msg_9', forwarded: { status: 418, error: null } },
    { forwarded: { error: 'Nothing listens there.' } },
  ]);
});

test('what cannot be meant is exit code 2 and a sentence', async () => {
  const guarded = { ...env, GRADEWIRE_DATA_DIR: path.join(cwd, 'elsewhere') };
  for (const [words, part] of [
    [['endpoints', 'add', 'http://127.0.0.1:3000/hook'], 'GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS'],
    [['endpoints', 'add', 'lms'], 'https://'],
    [['endpoints', 'add', 'https://lms.example/', '--events', 'quiz.done'], 'quiz.done'],
    [['endpoints', 'add', 'https://lms.example/', '--activity', 'act_1'], '--activity'],
    [['endpoints', 'add', 'https://lms.example/', '--config', '{"method":"GET"}'], 'method'],
    [['endpoints', 'add', 'head@school.example'], 'SMTP_URL'],
    [['listen', '--secret', 'password'], 'whsec_'],
    [['listen', '--forward', 'localhost'], 'http://127.0.0.1:3000/hook'],
  ] as const) {
    const { code, stderr } = await cli(words, { cwd, env: guarded });
    expect([words.join(' '), code], stderr).toEqual([words.join(' '), 2]);
    expect(stderr).toContain(part);
  }
  const none = await run('endpoints', 'remove', 'end_none');
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('gradewire endpoints list')]);
});
