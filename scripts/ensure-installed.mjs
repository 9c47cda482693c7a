/**
 * Runs before `npm start`, `npm test` and `npm run demo`: installs what package-lock.json says when node_modules is missing
 * or holds something else, and sees to it that a Node that runs TypeScript is there. No dependencies; runs on Node 20.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');

/** The first Node that runs TypeScript without a flag; for machines that npm has no Node 26 for. */
const OLDEST_NODE = [22, 18];

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const ownLibc = process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';

/** Whether a package of the lockfile is for this machine. */
function isForHere({ os, cpu, libc }) {
  const fits = (list, value) => list === undefined || [list].flat().includes(value);
  return fits(os, process.platform) && fits(cpu, process.arch) && (process.platform !== 'linux' || fits(libc, ownLibc));
}

/** `[node_modules/…, entry]` of all that the lockfile names. */
function wantedPackages(lock) {
  return Object.entries(lock.packages ?? {}).filter(([place]) => place !== '');
}

/** What is optional for npm, but not for us: Node and PostgreSQL for this machine. npm is silent when their download fails. */
function isNeeded(lock, place) {
  return Object.hasOwn(lock.packages['']?.optionalDependencies ?? {}, place.replace(/^node_modules\//, ''));
}

/** Whether node_modules is what the lockfile says: npm notes in a lockfile of its own what it put there. */
function isInstalled(lock) {
  const noted = readJson(path.join(modules, '.package-lock.json'));
  if (noted === null) return false;
  const have = noted.packages ?? {};
  const wanted = wantedPackages(lock);
  for (const [place, entry] of wanted) {
    const found = have[place];
    const mayMiss = entry.link || (entry.optional && !(isForHere(entry) && isNeeded(lock, place)));
    if (found === undefined && mayMiss) continue;
    if (found === undefined || found.version !== entry.version || found.integrity !== entry.integrity) return false;
    if (isNeeded(lock, place) && !existsSync(path.join(root, place, 'package.json'))) return false;
  }
  const known = new Set(wanted.map(([place]) => place));
  return Object.keys(have).every((place) => known.has(place));
}

/** npm under a Node that lies outside node_modules: npm ci deletes that folder, and the Node in it, while it works. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  const node = process.env.npm_node_execpath;
  if (cli?.endsWith('.js') && node && existsSync(cli) && !node.startsWith(modules)) return { file: node, args: [cli] };
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

function environment() {
  const PATH = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !path.resolve(folder).startsWith(modules))
    .join(path.delimiter);
  // An outer npm hands its own settings down; those of this folder must count.
  const { NODE_ENV, npm_config_omit, npm_config_production, ...rest } = process.env;
  return { ...rest, PATH };
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR = 24;

/** One line that moves while npm works (a terminal), or a line now and then (a log). */
function showProgress(total, countDone) {
  const started = Date.now();
  const terminal = process.stdout.isTTY === true;
  const seconds = () => Math.round((Date.now() - started) / 1000);
  let turn = 0;
  let done = 0;
  function draw() {
    if (turn % 3 === 0) done = Math.max(done, countDone());
    const share = total === 0 ? 0 : done / total;
    const full = Math.round(share * BAR);
    const bar = `${'━'.repeat(full)}\x1b[2m${'━'.repeat(BAR - full)}\x1b[22m`;
    const frame = FRAMES[turn % FRAMES.length];
    turn += 1;
    process.stdout.write(`\r\x1b[2K${frame} Installing ${bar} ${done} of ${total} packages, ${seconds()} s`);
  }
  if (!terminal) process.stdout.write(`Installing ${total} packages …\n`);
  else process.stdout.write('\x1b[?25l');
  const timer = setInterval(
    () => {
      if (terminal) draw();
      else process.stdout.write(`… ${countDone()} of ${total} packages, ${seconds()} s\n`);
    },
    terminal ? 120 : 10_000,
  );
  return {
    seconds,
    end() {
      clearInterval(timer);
      if (terminal) process.stdout.write('\r\x1b[2K\x1b[?25h');
    },
  };
}

/** `npm ci`, quiet; its output is shown only when it fails. */
function install(lock) {
  const places = wantedPackages(lock)
    .filter(([, entry]) => !entry.link && isForHere(entry))
    .map(([place]) => path.join(root, place, 'package.json'));
  const progress = showProgress(places.length, () => places.filter((file) => existsSync(file)).length);
  const { file, args } = npmCommand();
  const options = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=error',
  ];
  return new Promise((resolve) => {
    const child = spawn(file, [...args, ...options], {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: file.endsWith('.cmd'),
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const finish = (problem) => {
      let failure = problem;
      progress.end();
      if (failure === null && !isInstalled(lock)) failure = 'it left something out; is the network slow?';
      if (failure === null) process.stdout.write(`✔ Installed ${places.length} packages in ${progress.seconds()} s.\n`);
      else {
        process.stderr.write(
          `${output.trim()}\n\nnpm ci failed (${failure}). What it said is above; mend that and start again.\n`,
        );
      }
      resolve(failure === null);
    };
    child.once('error', (error) => finish(`npm could not be run: ${error.message}`));
    child.once('close', (code, signal) => finish(code === 0 ? null : (signal ?? `exit code ${code}`)));
    for (const name of ['SIGINT', 'SIGTERM']) {
      process.once(name, () => {
        progress.end();
        child.kill(name);
        process.exit(130);
      });
    }
  });
}

function versionOf(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const numbers = status === 0 ? /^v(\d+)\.(\d+)\./.exec(stdout) : null;
  return numbers === null ? null : [Number(numbers[1]), Number(numbers[2])];
}

function isNewEnough([major, minor]) {
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** The machine's own Node: the one that runs npm, when this script runs under the one from npm's package. */
function ownNode() {
  const node = process.env.npm_node_execpath;
  return node && !node.startsWith(modules) ? node : process.execPath;
}

/**
 * Puts Node 26 where npm scripts find it. npm 10 takes `.bin/node` away again when it drops the packages of the other
 * platforms, which bear a program of the same name.
 */
function linkNode(packaged) {
  const windows = process.platform === 'win32';
  const platform = `${windows ? 'win' : process.platform}-${process.arch}`;
  // Named otherwise on npm than its siblings.
  const name = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`;
  const program = path.join(modules, name, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(packaged) || !existsSync(program)) return;
  rmSync(packaged, { force: true });
  if (windows) writeFileSync(packaged, `@"%~dp0\\..\\${name}\\bin\\node.exe" %*\r\n`);
  else symlinkSync(path.join('..', name, 'bin', 'node'), packaged);
}

/** Whether `node` in npm scripts will run TypeScript; says why when it will not. */
function checkNode() {
  const packaged = path.join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  linkNode(packaged);
  const own = versionOf(ownNode());
  const platform = `${process.platform}-${process.arch}`;
  if (existsSync(packaged)) {
    if (process.platform === 'win32' || versionOf(packaged) !== null) return true;
    if (own !== null && isNewEnough(own)) {
      // It does not run here (another C library, for example). Out of the way, so that npm scripts take the machine's own.
      rmSync(packaged, { force: true });
      return true;
    }
  }
  if (own !== null && isNewEnough(own)) return true;
  const has = own === null ? 'none that runs' : own.join('.');
  process.stderr.write(
    `There is no ready-made Node 26 for this machine (${platform}), and its own Node is ${has}: install Node ${OLDEST_NODE.join('.')} or later, best 26, from https://nodejs.org and start again.\n`,
  );
  return false;
}

const lock = readJson(path.join(root, 'package-lock.json'));
if (lock === null) {
  process.stderr.write(
    'package-lock.json is missing or broken. Take it from the repository again (git checkout package-lock.json).\n',
  );
  process.exitCode = 1;
} else if (isInstalled(lock)) {
  // Already under the Node of node_modules: nothing can be wrong with it.
  if (!process.execPath.startsWith(modules) && !checkNode()) process.exitCode = 1;
} else if (!(await install(lock)) || !checkNode()) {
  process.exitCode = 1;
}
