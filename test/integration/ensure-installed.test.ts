import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/ensure-installed.mjs', import.meta.url));
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;
const LOCK = {
  packages: {
    '': { dependencies: { left: '1' }, optionalDependencies: { [NODE_PACKAGE]: '26', 'node-elsewhere': '26' } },
    'node_modules/left': { version: '1.0.0', integrity: 'sha512-left' },
    [`node_modules/${NODE_PACKAGE}`]: { version: '26.0.0', optional: true, os: process.platform, cpu: process.arch },
    'node_modules/node-elsewhere': { version: '26.0.0', optional: true, os: ['elsewhere'] },
    'node_modules/nice-to-have': { version: '1.0.0', optional: true },
  },
};

/** Plays npm: notes its arguments, and does what MANNER says. It leaves `.bin/node` out, as npm 10 does. */
const FAKE_NPM = `
const fs = require('node:fs');
fs.appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
console.error('npm warn something old');
if (process.env.MANNER === 'fail') { console.error('npm error the registry is away'); process.exit(7); }
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
const names = ['left', ...(process.env.MANNER === 'drop' ? [] : [${JSON.stringify(NODE_PACKAGE)}])];
fs.rmSync('node_modules', { recursive: true, force: true });
for (const name of names) {
  fs.mkdirSync('node_modules/' + name + '/bin', { recursive: true });
  fs.writeFileSync('node_modules/' + name + '/package.json', '{}');
}
if (names.length > 1) fs.symlinkSync(process.execPath, 'node_modules/' + names[1] + '/bin/node');
fs.mkdirSync('node_modules/.bin');
const packages = Object.fromEntries(names.map((name) => ['node_modules/' + name, lock.packages['node_modules/' + name]]));
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'gradewire-install-'));
  mkdirSync(path.join(base, 'scripts'));
  copyFileSync(SCRIPT, path.join(base, 'scripts', 'ensure-installed.mjs'));
  writeFileSync(path.join(base, 'npm-cli.js'), FAKE_NPM);
  writeLock(LOCK);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function writeLock(lock: object): void {
  writeFileSync(path.join(base, 'package-lock.json'), JSON.stringify(lock));
}

function run(manner = 'good') {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/ensure-installed.mjs'], {
    cwd: base,
    encoding: 'utf8',
    env: {
      ...process.env,
      MANNER: manner,
      NODE_ENV: 'production',
      npm_execpath: path.join(base, 'npm-cli.js'),
      npm_node_execpath: process.execPath,
    },
  });
  return { status, stdout, stderr };
}

function calls(): string[] {
  const file = path.join(base, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

test('installs in a fresh clone, once, without the warnings of npm, and puts Node where npm scripts find it', () => {
  const first = run();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout).toMatch(/Installing 3 packages.*Installed 3 packages in \d+ s/s);
  expect(first.stdout).not.toContain('warn');
  expect(calls()).toEqual([expect.stringMatching(/^ci --include=dev --include=optional /)]);
  const node = spawnSync(path.join(base, 'node_modules/.bin/node'), ['--version'], { encoding: 'utf8' });
  expect(node.stdout.trim()).toBe(process.version);

  expect(run()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(calls()).toHaveLength(1);
});

test.each<[string, () => void]>([
  ['another version is asked for', () => change('node_modules/left', { version: '1.0.1', integrity: 'sha512-left' })],
  ['other bytes are asked for', () => change('node_modules/left', { version: '1.0.0', integrity: 'sha512-other' })],
  [
    'a package is no longer asked for',
    () => writeLock({ packages: { ...LOCK.packages, 'node_modules/left': undefined } }),
  ],
  ['npm was interrupted', () => rmSync(path.join(base, 'node_modules/.package-lock.json'))],
  ['somebody removed Node', () => rmSync(path.join(base, 'node_modules', NODE_PACKAGE), { recursive: true })],
])('installs again when %s', (_, meddle) => {
  run();
  meddle();
  run();
  expect(calls()).toHaveLength(2);
});

function change(place: string, entry: object): void {
  writeLock({ packages: { ...LOCK.packages, [place]: entry } });
}

test('says what npm said when npm fails, and stops', () => {
  const { status, stderr } = run('fail');
  expect(status).toBe(1);
  expect(stderr).toMatch(/the registry is away.*npm ci failed \(exit code 7\)/s);
});

test('an install without the Node for this machine counts as failed, although npm calls it good', () => {
  const { status, stderr } = run('drop');
  expect(status).toBe(1);
  expect(stderr).toContain('left something out');
});

test('makes the link to Node again where somebody ran npm 10 by hand', () => {
  run();
  const link = path.join(base, 'node_modules/.bin/node');
  rmSync(link);
  expect(run().status).toBe(0);
  expect(existsSync(link)).toBe(true);
});

test('a Node from npm that does not run here makes way for the one of the machine', () => {
  run();
  const program = path.join(base, 'node_modules', NODE_PACKAGE, 'bin', 'node');
  rmSync(program);
  writeFileSync(program, '#!/bin/sh\nexit 127\n');
  chmodSync(program, 0o755);
  expect(run()).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(path.join(base, 'node_modules/.bin/node'))).toBe(false);
});
