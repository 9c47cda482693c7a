import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../helpers/cli.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'gradewire-cli-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const COMMANDS = [
  [],
  ['serve'],
  ['demo'],
  ['migrate'],
  ['doctor'],
  ['sources'],
  ['sources', 'add'],
  ['sources', 'list'],
  ['sources', 'rotate'],
  ['sources', 'remove'],
  ['keys'],
  ['keys', 'add'],
  ['keys', 'list'],
  ['keys', 'remove'],
  ['simulate'],
  ['replay'],
  ['export'],
  ['tail'],
];

test.each(COMMANDS.map((words) => [`${words.join(' ')} --help`.trim(), words] as const))('%s', async (_, words) => {
  const { code, stdout, stderr } = await cli([...words, '--help'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`Usage: ${['gradewire', ...words].join(' ')}`);
  // Nothing but text where no terminal is, and lines that fit one.
  expect(stripVTControlCharacters(stdout)).toBe(stdout);
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  if (words.length > 0) expect(stdout).toMatch(/Examples?:\n {2}/);
});

test('--version says the version', async () => {
  expect(await cli(['--version'], { cwd })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test.each([
  ['an unknown command', ['nonsense'], "unknown command 'nonsense'"],
  ['no command', [], 'Usage: gradewire'],
  ['no subcommand', ['sources'], 'Usage: gradewire sources'],
  ['an unknown option', ['migrate', '--frobnicate'], "unknown option '--frobnicate'"],
  ['a missing argument', ['sources', 'rotate'], "missing required argument 'source'"],
  ['an unknown platform', ['sources', 'add', 'moodle'], 'Allowed choices are quizapi'],
  ['a missing option', ['keys', 'add', '--role', 'admin'], "required option '--name <name>'"],
  ['an unknown role', ['keys', 'add', '--name', 'x', '--role', 'king'], 'Allowed choices are admin'],
  ['a learner key without a learner', ['keys', 'add', '--name', 'x', '--role', 'learner'], '--learner <id>'],
  ['an id of another kind', ['keys', 'remove', 'src_1'], 'begin with key_'],
  ['an unknown format', ['export', '--format', 'pdf'], 'Allowed choices are csv'],
  ['no learner id', ['export', '--learner', 'ann'], 'begin with lrn_'],
  ['nothing to replay', ['replay'], 'Say what to replay'],
  ['two ways at once', ['replay', '--all', '--status', 'failed'], 'Say what to replay'],
  ['--rebuild alone', ['replay', '--rebuild', '--status', 'failed'], '--all only'],
  ['a date that is none', ['replay', '--from', 'yesterday'], 'such as 2026-03-01'],
  ['a receipt id that is none', ['replay', 'evt_1'], 'begin with rcp_'],
  ['nowhere to simulate to', ['simulate'], '--source <slug>'],
  ['no platform', ['simulate', '--url', 'http://127.0.0.1:1/x'], '--provider'],
  ['no secret', ['simulate', '--url', 'http://127.0.0.1:1/x', '--provider', 'quizapi'], 'give --secret'],
  ['an unknown fault', ['simulate', '--source', 'a', '--faults', 'meteor'], 'Faults: duplicate'],
  ['a share above 1', ['simulate', '--source', 'a', '--faults', 'tamper=2'], 'share of tamper'],
  ['a URL that is none', ['simulate', '--url', 'hooks', '--provider', 'quizapi'], 'http://'],
  ['a count that is none', ['simulate', '--source', 'a', '--count', 'many'], 'whole number'],
  ['an unknown event type', ['tail', '--type', 'quiz.completed'], 'Types: attempt.started'],
])('%s is a usage error: exit code 2 and what to do, on standard error', async (_, words, hint) => {
  const { code, stdout, stderr } = await cli(words, { cwd, env: { GRADEWIRE_DATA_DIR: path.join(cwd, 'data') } });
  expect(stderr).toContain(hint);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/\n {4}at /);
});

test('an event that the platform does not have names those it has', async () => {
  const { code, stderr } = await cli(
    ['simulate', '--url', 'http://127.0.0.1:1/x', '--provider', 'quizapi', '--secret', 's', '--event', 'track.started'],
    { cwd },
  );
  expect(code).toBe(2);
  expect(stderr).toContain('quiz.completed');
});

test('nobody at the URL is exit code 1 and a question that helps', async () => {
  const { code, stdout, stderr } = await cli(
    [
      'simulate',
      '--url',
      'http://127.0.0.1:1/webhooks/x',
      '--provider',
      'quizapi',
      '--secret',
      'secret',
      '--count',
      '50',
    ],
    { cwd },
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('http://127.0.0.1:1');
  expect(stderr).toContain('Is the server running');
});

test('a wrong setting stops with one sentence that names the variable, without a stack', async () => {
  const { code, stderr } = await cli(['sources', 'list'], { cwd, env: { PORT: 'eighty' } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^gradewire: PORT .*\.\n$/);
});

test('the stack shows at LOG_LEVEL=debug', async () => {
  const { stderr } = await cli(['sources', 'list'], { cwd, env: { PORT: 'eighty', LOG_LEVEL: 'debug' } });
  expect(stderr).toMatch(/\n {4}at /);
});
